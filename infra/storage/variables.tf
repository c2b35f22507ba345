variable "region" {
  description = "The AWS region in which everything is kept; the same as that of the pipeline."
  type        = string
  default     = "eu-west-1"
}

variable "name" {
  description = "How everything is called in the account, as a beginning; the same as that of the pipeline."
  type        = string
  default     = "longplay"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "A name has 2 to 20 small letters, digits and hyphens, and begins with a letter: names of buckets are made from it."
  }
}

variable "listeners" {
  description = "Our names for those whose listening is kept, such as [\"me\", \"anna\"]; never Spotify's names."
  type        = list(string)
  default     = ["me"]

  validation {
    condition     = length(var.listeners) > 0 && alltrue([for one in var.listeners : can(regex("^[a-z0-9_-]{1,32}$", one)) && one != "failed"])
    error_message = "A listener's name has 1 to 32 small letters, digits, hyphens and underscores, and is not `failed`."
  }
}

variable "spotify_client_id" {
  description = "The client id of your Spotify app. It is no secret: a browser shows it at every sign-in."
  type        = string
  default     = ""
}

variable "empties_on_destroy" {
  description = "Whether destroying this also deletes every play that is kept. Leave it false, except to try things out."
  type        = bool
  default     = false
}
