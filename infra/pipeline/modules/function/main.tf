# One function: its code, its log, and a role of its own that may do what the call says and nothing else.
resource "aws_lambda_function" "this" {
  function_name    = var.name
  description      = var.does
  role             = aws_iam_role.this.arn
  runtime          = "python3.13"
  architectures    = [var.package.architecture]
  handler          = var.handler
  filename         = var.package.file
  source_code_hash = filebase64sha256(var.package.file)
  timeout          = var.seconds
  memory_size      = var.memory

  ephemeral_storage {
    size = var.disk
  }

  environment {
    variables = var.environment
  }

  tracing_config {
    mode = "Active"
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_days
}

resource "aws_iam_role" "this" {
  name               = var.name
  description        = "Of the function ${var.name}: ${var.does}"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "may"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.may.json
}

locals {
  permissions = {
    ListObjects     = { actions = ["s3:ListBucket"], resources = var.lists }
    ReadObjects     = { actions = ["s3:GetObject"], resources = var.reads }
    WriteObjects    = { actions = ["s3:PutObject"], resources = var.writes }
    DeleteObjects   = { actions = ["s3:DeleteObject"], resources = var.deletes }
    ReadParameters  = { actions = ["ssm:GetParameter"], resources = var.reads_parameters }
    WriteParameters = { actions = ["ssm:PutParameter"], resources = var.writes_parameters }
    WriteLog        = { actions = ["logs:CreateLogStream", "logs:PutLogEvents"], resources = ["${aws_cloudwatch_log_group.this.arn}:*"] }
    # X-Ray knows no resources: AWS has no other way than `*`.
    SendTraces = { actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources = ["*"] }
  }
}

data "aws_iam_policy_document" "may" {
  dynamic "statement" {
    for_each = { for sid, one in local.permissions : sid => one if length(one.resources) > 0 }

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}
