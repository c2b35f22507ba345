# An archive that arrives in the inbox starts the state machine. What was put aside does not, nor does a folder, which is an empty object.
resource "aws_cloudwatch_event_rule" "archive" {
  name        = "${var.name}-archive-arrived"
  description = "An archive lies in the inbox."

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [data.aws_s3_bucket.inbox.bucket] }
      object = { key = [{ anything-but = { prefix = "failed/" } }], size = [{ numeric = [">", 0] }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "archive" {
  rule     = aws_cloudwatch_event_rule.archive.name
  arn      = aws_sfn_state_machine.pipeline.arn
  role_arn = aws_iam_role.inbox.arn

  input_transformer {
    input_paths    = { bucket = "$.detail.bucket.name", key = "$.detail.object.key" }
    input_template = "{\"mode\": \"import\", \"bucket\": <bucket>, \"key\": <key>}"
  }

  # An archive waits for a day; so long its import is tried to be started.
  retry_policy {
    maximum_retry_attempts       = 185
    maximum_event_age_in_seconds = 24 * 3600
  }
}

# Of the inbox: start the state machine.
resource "aws_iam_role" "inbox" {
  name               = "${var.name}-inbox"
  description        = "Of the inbox: starts the state machine when an archive arrives."
  assume_role_policy = data.aws_iam_policy_document.events.json
}

data "aws_iam_policy_document" "events" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_iam_role_policy" "inbox" {
  name   = "may"
  role   = aws_iam_role.inbox.id
  policy = data.aws_iam_policy_document.starts.json
}
