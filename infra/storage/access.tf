# What holds for both buckets: nobody reaches them over a way that is not encrypted.
data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  lake    = "${var.name}-lake-${data.aws_caller_identity.this.account_id}"
  inbox   = "${var.name}-inbox-${data.aws_caller_identity.this.account_id}"
  buckets = { lake = local.lake, inbox = local.inbox }
}

data "aws_iam_policy_document" "encrypted_ways_only" {
  for_each = local.buckets

  statement {
    sid     = "EncryptedWaysOnly"
    effect  = "Deny"
    actions = ["s3:*"]
    resources = [
      "arn:${data.aws_partition.this.partition}:s3:::${each.value}",
      "arn:${data.aws_partition.this.partition}:s3:::${each.value}/*",
    ]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
