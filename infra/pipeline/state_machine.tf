locals {
  # What the state machine calls, by the names its documents have for it.
  called = {
    fetch         = module.fetch.arn
    process       = module.process.arn
    import_export = module.import_export.arn
    enrich        = module.enrich.arn
    dead_letters  = aws_sqs_queue.dead_letters.url
    messages      = aws_sns_topic.messages.arn
  }
}

# The way of a play through the cloud, and what is done where it is blocked.
resource "aws_sfn_state_machine" "pipeline" {
  name     = var.name
  role_arn = aws_iam_role.state_machine.arn
  type     = "STANDARD" # an express one may not last longer than five minutes, and we wait for Spotify up to ten

  # A document for the machine, and one for what it does for each listener.
  definition = replace(
    templatefile("${path.module}/state_machine.asl.json", local.called),
    "\"one_listener\"", templatefile("${path.module}/one_listener.asl.json", local.called)
  )

  logging_configuration {
    level                  = "ERROR"
    include_execution_data = true # names of listeners and of objects: no token and no play is in it
    log_destination        = "${aws_cloudwatch_log_group.state_machine.arn}:*"
  }

  tracing_configuration {
    enabled = true
  }

  depends_on = [aws_iam_role_policy.state_machine]
}

resource "aws_cloudwatch_log_group" "state_machine" {
  name              = "/aws/vendedlogs/states/${var.name}" # below this name AWS may write without a policy that grows with each group
  retention_in_days = var.log_days
}

# Of the state machine: calls the four functions, writes down what failed, tells a person.
resource "aws_iam_role" "state_machine" {
  name               = "${var.name}-state-machine"
  description        = "Of the state machine: calls the functions, queues what failed, tells a person."
  assume_role_policy = data.aws_iam_policy_document.states.json
}

data "aws_iam_policy_document" "states" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_iam_role_policy" "state_machine" {
  name   = "may"
  role   = aws_iam_role.state_machine.id
  policy = data.aws_iam_policy_document.state_machine.json
}

data "aws_iam_policy_document" "state_machine" {
  dynamic "statement" {
    for_each = {
      CallFetch        = module.fetch.arn
      CallProcess      = module.process.arn
      CallImportExport = module.import_export.arn
      CallEnrich       = module.enrich.arn
    }

    content {
      sid       = statement.key
      actions   = ["lambda:InvokeFunction"]
      resources = [statement.value]
    }
  }

  statement {
    sid       = "QueueWhatFailed"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letters.arn]
  }

  statement {
    sid       = "TellAPerson"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.messages.arn]
  }

  # Deliveries of logs and traces have no addresses of their own: AWS has no other way than `*`.
  statement {
    sid = "DeliverLog"
    actions = [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "SendTraces"
    actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"]
    resources = ["*"]
  }
}
