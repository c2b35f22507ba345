# Two schedules with a meaning each: recent plays every half hour, everything else that is due once a day.
locals {
  schedules = merge(
    { recent = { when = var.poll_schedule, what = "Asks for the recent plays of every listener." } },
    var.daily_schedule == "" ? {} : { daily = { when = var.daily_schedule, what = "Asks for everything that is due once a day." } },
  )
}

resource "aws_scheduler_schedule_group" "pipeline" {
  name = var.name
}

resource "aws_scheduler_schedule" "pipeline" {
  for_each = local.schedules

  name                = "${var.name}-${each.key}"
  description         = each.value.what
  group_name          = aws_scheduler_schedule_group.pipeline.name
  schedule_expression = each.value.when

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.pipeline.arn
    role_arn = aws_iam_role.schedule.arn
    input    = jsonencode({ mode = each.key, listeners = var.listeners })

    # A start that does not succeed within ten minutes is left to the next one.
    retry_policy {
      maximum_retry_attempts       = 5
      maximum_event_age_in_seconds = 600
    }
  }
}

# Of the schedules: start the state machine.
resource "aws_iam_role" "schedule" {
  name               = "${var.name}-schedule"
  description        = "Of the schedules: starts the state machine."
  assume_role_policy = data.aws_iam_policy_document.scheduler.json
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_iam_role_policy" "schedule" {
  name   = "may"
  role   = aws_iam_role.schedule.id
  policy = data.aws_iam_policy_document.starts.json
}

data "aws_iam_policy_document" "starts" {
  statement {
    sid       = "StartTheStateMachine"
    actions   = ["states:StartExecution"]
    resources = [aws_sfn_state_machine.pipeline.arn]
  }
}
