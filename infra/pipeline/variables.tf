variable "region" {
  description = "The AWS region in which everything runs; the same as that of the storage."
  type        = string
  default     = "eu-west-1"
}

variable "name" {
  description = "How everything is called in the account, as a beginning; the same as that of the storage."
  type        = string
  default     = "longplay"
}

variable "listeners" {
  description = "Our names for those whose recent plays are polled, such as [\"me\", \"anna\"]; never Spotify's names."
  type        = list(string)
  default     = ["me"]

  validation {
    condition     = length(var.listeners) > 0 && alltrue([for one in var.listeners : can(regex("^[a-z0-9_-]{1,32}$", one))])
    error_message = "A listener's name has 1 to 32 small letters, digits, hyphens and underscores."
  }
}

variable "alarm_email" {
  description = "The address that is written to when a person has to look. AWS first sends it a letter that asks for agreement."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+$", var.alarm_email))
    error_message = "That is no e-mail address."
  }
}

variable "architecture" {
  description = "The instruction set of the functions: arm64 costs a fifth less, x86_64 runs everywhere."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "Functions run on arm64 or on x86_64."
  }
}

variable "package" {
  description = "The ZIP of the functions, made by `make package`. Empty: dist/functions-<architecture>.zip of this repository."
  type        = string
  default     = ""

  validation {
    condition     = fileexists(var.package != "" ? var.package : "${path.module}/../../dist/functions-${var.architecture}.zip")
    error_message = "The functions are not built yet, or for another architecture. Run `make package` (ARCH=x86_64 for that one) in the repository."
  }
}

variable "poll_schedule" {
  description = "When recent plays are asked for. Spotify shows the last 50 only: an hour without a look loses plays of a busy evening."
  type        = string
  default     = "rate(30 minutes)"
}

variable "daily_schedule" {
  description = "When everything is asked for that is due once a day. Empty where something else starts the daily run, such as Airflow."
  type        = string
  default     = "cron(15 4 * * ? *)"
}

variable "monthly_budget" {
  description = "US dollars a month from which AWS writes an e-mail, at four fifths of it and when it looks like more."
  type        = number
  default     = 5
}

variable "log_days" {
  description = "For how many days logs are kept."
  type        = number
  default     = 30
}

variable "extra_environment" {
  description = "More that the functions are told, such as SPOTIFY_API_ORIGIN for a simulated Spotify. Empty in real life."
  type        = map(string)
  default     = {}
}

variable "enrich" {
  description = "Whether others are asked once a day how your tracks sound and which genres your artists have. They receive ids and names of music, and nothing of yours."
  type        = bool
  default     = false
}
