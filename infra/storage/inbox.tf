# The inbox: archives as Spotify sent them, with everything that Longplay does not keep (addresses, names). So it forgets:
# no versions, a day for what waits, seven for what could not be read.
resource "aws_s3_bucket" "inbox" {
  #checkov:skip=CKV_AWS_21:What is deleted from the inbox has to be gone: it holds what Longplay does not keep.
  bucket        = local.inbox
  force_destroy = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "inbox" {
  bucket = aws_s3_bucket.inbox.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "inbox" {
  bucket                  = aws_s3_bucket.inbox.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "inbox" {
  bucket = aws_s3_bucket.inbox.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "inbox" {
  bucket     = aws_s3_bucket.inbox.id
  policy     = data.aws_iam_policy_document.encrypted_ways_only["inbox"].json
  depends_on = [aws_s3_bucket_public_access_block.inbox]
}

resource "aws_s3_bucket_lifecycle_configuration" "inbox" {
  bucket = aws_s3_bucket.inbox.id

  dynamic "rule" {
    for_each = toset(var.listeners)

    content {
      id     = "archives-of-${rule.value}-wait-a-day"
      status = "Enabled"

      filter {
        prefix = "${rule.value}/"
      }

      expiration {
        days = 1
      }
    }
  }

  # Where two rules meet, S3 goes by the shorter: this one is for what failed, and for what lies at no listener's place.
  rule {
    id     = "nothing-stays-longer-than-a-week"
    status = "Enabled"

    filter {}

    expiration {
      days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

# Whoever wants to know of a new archive asks EventBridge; the pipeline does.
resource "aws_s3_bucket_notification" "inbox" {
  bucket      = aws_s3_bucket.inbox.id
  eventbridge = true
}
