output "state_machine" {
  description = "The state machine's address: `aws stepfunctions start-execution --state-machine-arn …` starts it by hand."
  value       = aws_sfn_state_machine.pipeline.arn
}

output "dead_letters" {
  description = "The queue of what failed; `longplay redrive` runs it again."
  value       = aws_sqs_queue.dead_letters.url
}

output "messages" {
  description = "The topic through which a person is told."
  value       = aws_sns_topic.messages.arn
}

output "functions" {
  description = "The functions' names, by what they do."
  value = {
    fetch         = module.fetch.name
    process       = module.process.name
    import_export = module.import_export.name
    enrich        = module.enrich.name
  }
}

output "dashboard" {
  description = "Where to look."
  value       = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${var.name}"
}
