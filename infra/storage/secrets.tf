# The client id alone is kept by Terraform. Secrets (the app's, where one is used; a key for Last.fm) and the listeners' tokens lie
# beside it in Parameter Store, but no secret ever passes through Terraform: it would stay in the state's file in plain words.
resource "aws_ssm_parameter" "spotify_client_id" {
  count = var.spotify_client_id == "" ? 0 : 1

  name        = "/${var.name}/app/spotify_client_id"
  description = "The client id of the Spotify app that polls."
  type        = "SecureString"
  value       = var.spotify_client_id
}
