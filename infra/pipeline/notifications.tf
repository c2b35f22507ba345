# What a person is told. Messages hold a listener's name (ours, never Spotify's), what went wrong and what to do; no plays, no secrets.
# The topic has no key: that of AWS itself cannot be used by alarms, and one of our own costs more than everything else together.
resource "aws_sns_topic" "messages" {
  #checkov:skip=CKV_AWS_26:AWS's own key cannot be used by alarms; a key of our own costs more than all the rest, for words that become e-mail.
  name         = "${var.name}-messages"
  display_name = "Longplay"
}

resource "aws_sns_topic_subscription" "email" {
  topic_arn = aws_sns_topic.messages.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "aws_sns_topic_policy" "messages" {
  arn    = aws_sns_topic.messages.arn
  policy = data.aws_iam_policy_document.messages.json
}

data "aws_iam_policy_document" "messages" {
  statement {
    sid       = "AlarmsOfThisAccount"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.messages.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }

  statement {
    sid       = "EncryptedWaysOnly"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.messages.arn]

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
