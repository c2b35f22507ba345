# When a person has to look. Blocks, broken pages and broken archives are told by the state machine at once, so no alarm repeats them:
# these alarms are for what nobody told, and for what nobody did anything about.
locals {
  told = { alarm_actions = [aws_sns_topic.messages.arn], ok_actions = [aws_sns_topic.messages.arn] }

  # Powertools adds the service's name to every metric, so alarms have to name it as well.
  of_listener = { for one in var.listeners : one => { service = "longplay", listener = one } }

  functions = {
    process       = module.process.name
    import_export = module.import_export.name
    enrich        = module.enrich.name
  }
}

# A poll that ended as blocked counts, as the block was told; so silence means that nobody polls, or that every poll fails.
resource "aws_cloudwatch_metric_alarm" "no_poll" {
  for_each = local.of_listener

  alarm_name          = "${var.name}-no-poll-${each.key}"
  alarm_description   = "Spotify was not asked for the plays of ${each.key} for two hours. Open the last executions of the state machine ${var.name}: the failing step says why. Spotify keeps 50 plays, so within a day or so some will be missed until an archive brings them."
  namespace           = local.metrics
  metric_name         = "PollEnded"
  dimensions          = each.value
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = 2
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = local.told.alarm_actions
  ok_actions          = local.told.ok_actions
}

resource "aws_cloudwatch_metric_alarm" "consent_ends" {
  for_each = local.of_listener

  alarm_name          = "${var.name}-consent-ends-${each.key}"
  alarm_description   = "The consent of ${each.key} ends within 14 days. Run `longplay login --store aws --user ${each.key}`: it lasts six months from then."
  namespace           = local.metrics
  metric_name         = "ConsentDaysLeft"
  dimensions          = each.value
  statistic           = "Minimum"
  period              = 21600
  evaluation_periods  = 1
  threshold           = 14
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "ignore"
  alarm_actions       = local.told.alarm_actions
}

# Each message was told when it came, and how to run it again; this reminds of what still lies there a day later.
resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "Something that failed has waited in the queue ${aws_sqs_queue.dead_letters.name} for a day; after 14 days it is forgotten. When the cause is gone, run `longplay redrive`."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters.name }
  statistic           = "Minimum"
  period              = 21600
  evaluation_periods  = 4
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.told.alarm_actions
  ok_actions          = local.told.ok_actions
}

# One failure is told with its input; this is for a function that fails hour after hour.
resource "aws_cloudwatch_metric_alarm" "function_errors" {
  for_each = local.functions

  alarm_name          = "${var.name}-errors-${each.key}"
  alarm_description   = "The function ${each.value} fails in every hour. Its log /aws/lambda/${each.value} says why; an older or newer version of Longplay may be deployed with `make package` and `terraform apply`."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = each.value }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.told.alarm_actions
}

# `fetch` fails whenever Spotify does, and tries again: what of it matters is told by the state machine and by `no_poll`, so this one
# writes no letter. It colours the dashboard.
resource "aws_cloudwatch_metric_alarm" "fetch_errors" {
  alarm_name          = "${var.name}-errors-fetch"
  alarm_description   = "The function ${module.fetch.name} fails in every hour. No letter is written about it: a block is told by the state machine, silence by the alarm no-poll."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = module.fetch.name }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = 3
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
}

# An execution that was stopped from outside could tell nobody.
resource "aws_cloudwatch_metric_alarm" "stopped" {
  for_each = toset(["ExecutionsTimedOut", "ExecutionsAborted"])

  alarm_name          = "${var.name}-${lower(each.key)}"
  alarm_description   = "An execution of the state machine ${var.name} was ended before its end, so it could tell nobody. The next poll goes on; an archive that was being imported has to be sent again."
  namespace           = "AWS/States"
  metric_name         = each.key
  dimensions          = { StateMachineArn = aws_sfn_state_machine.pipeline.arn }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.told.alarm_actions
}
