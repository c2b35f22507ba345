output "name" {
  description = "The function's name."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "The function's address."
  value       = aws_lambda_function.this.arn
}

output "log_group" {
  description = "Where its log lies."
  value       = aws_cloudwatch_log_group.this.name
}
