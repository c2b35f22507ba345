# What runs is told to whom, when, and what it may cost: asked of the plan, with no AWS at all.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::a-bucket" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  listeners   = ["me", "anna"]
  alarm_email = "somebody@example.com"
  package     = "state_machine.asl.json" # any file will do: nothing is deployed
}

run "two_schedules_with_a_meaning_each" {
  command = plan

  assert {
    condition     = { for name, one in aws_scheduler_schedule.pipeline : name => jsondecode(one.target[0].input) } == { recent = { mode = "recent", listeners = ["me", "anna"] }, daily = { mode = "daily", listeners = ["me", "anna"] } }
    error_message = "A schedule says what is due and for whom, and nothing else: no token is in it."
  }

  assert {
    condition     = aws_scheduler_schedule.pipeline["recent"].schedule_expression == "rate(30 minutes)"
    error_message = "Recent plays are polled every half hour."
  }
}

run "airflow_may_do_the_daily_run" {
  command = plan

  variables {
    daily_schedule = ""
  }

  assert {
    condition     = keys(aws_scheduler_schedule.pipeline) == ["recent"]
    error_message = "Without a daily schedule there is none."
  }
}

run "every_listener_has_alarms" {
  command = plan

  assert {
    condition = alltrue([for name in ["me", "anna"] :
      aws_cloudwatch_metric_alarm.no_poll[name].dimensions == tomap({ service = "longplay", listener = name }) &&
      aws_cloudwatch_metric_alarm.consent_ends[name].threshold == 14
    ])
    error_message = "Silence and the end of a consent are watched for each listener."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.no_poll["me"].period * aws_cloudwatch_metric_alarm.no_poll["me"].evaluation_periods == 7200 && aws_cloudwatch_metric_alarm.no_poll["me"].treat_missing_data == "breaching"
    error_message = "Two hours of silence are too much, and silence counts."
  }
}

run "the_budget_writes_letters" {
  command = plan

  assert {
    condition     = aws_budgets_budget.monthly.limit_amount == "5.0" && alltrue([for one in aws_budgets_budget.monthly.notification : one.subscriber_email_addresses == toset(["somebody@example.com"])])
    error_message = "A month that costs more than five dollars is told."
  }
}

run "a_package_has_to_be_there" {
  command = plan

  variables {
    package = "no-such-file.zip"
  }

  expect_failures = [var.package]
}

run "an_address_looks_like_one" {
  command = plan

  variables {
    alarm_email = "nobody"
  }

  expect_failures = [var.alarm_email]
}
