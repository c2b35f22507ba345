# The lake: written once and never changed, so a version that is overwritten or deleted was a mistake, and can be taken back.
resource "aws_s3_bucket" "lake" {
  #checkov:skip=CKV2_AWS_62:Nobody has to be told of objects in the lake: who writes one says so to the state machine.
  bucket        = local.lake
  force_destroy = var.empties_on_destroy
}

resource "aws_s3_bucket_versioning" "lake" {
  bucket = aws_s3_bucket.lake.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "lake" {
  bucket                  = aws_s3_bucket.lake.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "lake" {
  bucket     = aws_s3_bucket.lake.id
  policy     = data.aws_iam_policy_document.encrypted_ways_only["lake"].json
  depends_on = [aws_s3_bucket_public_access_block.lake]
}

# Raw is read again only when rows are derived anew, so it moves to cheaper storage, from which it is still read at once.
# Objects below 128 KB stay where they are: moving them would cost more than it saves, and S3 leaves them by itself.
resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  bucket     = aws_s3_bucket.lake.id
  depends_on = [aws_s3_bucket_versioning.lake]

  rule {
    id     = "raw-to-cheaper-storage"
    status = "Enabled"

    filter {
      prefix = "raw/"
    }

    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }
  }

  rule {
    id     = "mistakes-can-be-taken-back-for-a-month"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }

  # Leases and notes change with every poll; what they said before helps nobody.
  rule {
    id     = "state-has-no-past"
    status = "Enabled"

    filter {
      prefix = "state/"
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }
  }
}
