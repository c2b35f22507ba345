output "lake" {
  description = "The bucket in which every play is kept."
  value       = aws_s3_bucket.lake.bucket
}

output "inbox" {
  description = "The bucket to which archives are sent: `aws s3 cp my_spotify_data.zip s3://<inbox>/<listener>/`."
  value       = aws_s3_bucket.inbox.bucket
}

output "parameters" {
  description = "Below which name in Parameter Store the app's and the listeners' secrets lie."
  value       = "/${var.name}"
}
