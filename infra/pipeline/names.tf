# How things are called that lie in `storage`, and what every function is told.
data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_s3_bucket" "lake" {
  bucket = "${var.name}-lake-${data.aws_caller_identity.this.account_id}"
}

data "aws_s3_bucket" "inbox" {
  bucket = "${var.name}-inbox-${data.aws_caller_identity.this.account_id}"
}

locals {
  account    = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition
  lake       = data.aws_s3_bucket.lake.arn
  inbox      = data.aws_s3_bucket.inbox.arn
  parameters = "arn:${local.partition}:ssm:${var.region}:${local.account}:parameter/${var.name}"

  package = {
    file         = var.package != "" ? var.package : "${path.module}/../../dist/functions-${var.architecture}.zip"
    architecture = var.architecture
  }

  environment = merge({
    LONGPLAY_STORE               = "aws"
    LONGPLAY_LAKE_BUCKET         = data.aws_s3_bucket.lake.bucket
    LONGPLAY_INBOX_BUCKET        = data.aws_s3_bucket.inbox.bucket
    LONGPLAY_PARAMETERS          = "/${var.name}"
    LONGPLAY_ENRICH              = tostring(var.enrich)
    LONGPLAY_PATIENCE            = "5" # seconds that an execution waits for another one's lease before the machine tries again
    POWERTOOLS_SERVICE_NAME      = "longplay"
    POWERTOOLS_METRICS_NAMESPACE = local.metrics
  }, var.extra_environment)

  metrics = "Longplay"
}
