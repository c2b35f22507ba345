# What is kept is kept well: asked of the plan, with no AWS at all.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  listeners = ["me", "anna"]
}

run "buckets_are_named_after_the_account" {
  command = plan

  assert {
    condition     = aws_s3_bucket.lake.bucket == "longplay-lake-123456789012" && aws_s3_bucket.inbox.bucket == "longplay-inbox-123456789012"
    error_message = "The pipeline finds the buckets by these names."
  }
}

run "the_lake_outlives_mistakes" {
  command = plan

  assert {
    condition     = aws_s3_bucket.lake.force_destroy == false && aws_s3_bucket_versioning.lake.versioning_configuration[0].status == "Enabled"
    error_message = "A lake that holds plays is not destroyed, and keeps what was overwritten."
  }
}

run "nobody_else_reads" {
  command = plan

  assert {
    condition = alltrue([for one in [aws_s3_bucket_public_access_block.lake, aws_s3_bucket_public_access_block.inbox] :
      one.block_public_acls && one.block_public_policy && one.ignore_public_acls && one.restrict_public_buckets
    ])
    error_message = "No object may become public."
  }
}

run "archives_are_forgotten" {
  command = plan

  assert {
    condition     = { for rule in aws_s3_bucket_lifecycle_configuration.inbox.rule : rule.id => one(rule.expiration).days } == { archives-of-me-wait-a-day = 1, archives-of-anna-wait-a-day = 1, nothing-stays-longer-than-a-week = 7 }
    error_message = "An archive waits for a day, a broken one for seven."
  }
}

run "no_secret_passes_through" {
  command = plan

  assert {
    condition     = length(aws_ssm_parameter.spotify_client_id) == 0
    error_message = "Without a client id there is no parameter."
  }
}

run "a_listener_is_not_called_failed" {
  command = plan

  variables {
    listeners = ["failed"]
  }

  expect_failures = [var.listeners]
}
