# One look at everything: plays that arrive, how late, what is left of budget and consent, what failed.
locals {
  per_listener = {
    "Plays fetched"                         = { metric = "PlaysFetched", stat = "Sum", period = 3600 }
    "Seconds since the newest play"         = { metric = "NewestPlayAge", stat = "Minimum", period = 1800 }
    "Gaps: plays that may have been missed" = { metric = "Gaps", stat = "Sum", period = 86400 }
    "Calls used of the day's budget, %"     = { metric = "BudgetUsed", stat = "Maximum", period = 1800 }
    "Days of consent left"                  = { metric = "ConsentDaysLeft", stat = "Minimum", period = 21600 }
    "Polls that ended"                      = { metric = "PollEnded", stat = "Sum", period = 3600 }
  }

  of_aws = {
    "Failures of functions" = { stat = "Sum", metrics = [for name in concat([module.fetch.name], values(local.functions)) : ["AWS/Lambda", "Errors", "FunctionName", name]] }
    "Seconds of functions, the slowest" = {
      stat    = "Maximum"
      metrics = [for name in concat([module.fetch.name], values(local.functions)) : ["AWS/Lambda", "Duration", "FunctionName", name]]
    }
    "What waits in the queue" = { stat = "Maximum", metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", aws_sqs_queue.dead_letters.name]] }
    "Executions" = {
      stat    = "Sum"
      metrics = [for one in ["ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"] : ["AWS/States", one, "StateMachineArn", aws_sfn_state_machine.pipeline.arn]]
    }
  }

  widgets = concat(
    [for title, one in local.per_listener : {
      title   = title
      stat    = one.stat
      period  = one.period
      metrics = [for listener in var.listeners : [local.metrics, one.metric, "service", "longplay", "listener", listener]]
    }],
    [for title, one in local.of_aws : { title = title, stat = one.stat, period = 3600, metrics = one.metrics }],
  )
}

resource "aws_cloudwatch_dashboard" "pipeline" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [for place, one in local.widgets : {
      type       = "metric"
      x          = place % 3 * 8
      y          = floor(place / 3) * 6
      width      = 8
      height     = 6
      properties = merge(one, { region = var.region, view = "timeSeries" })
    }]
  })
}
