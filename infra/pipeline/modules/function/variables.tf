variable "name" {
  description = "How the function and everything of it is called."
  type        = string
}

variable "does" {
  description = "What it does, in one sentence."
  type        = string
}

variable "handler" {
  description = "The Python function that is called, as `package.module.function`."
  type        = string
}

variable "package" {
  description = "The file and the instruction set that it was built for."
  type        = object({ file = string, architecture = string })
}

variable "seconds" {
  description = "How long it may take before it is ended."
  type        = number
}

variable "memory" {
  description = "Its memory in MB; processor time grows with it."
  type        = number
}

variable "disk" {
  description = "Its temporary disk in MB."
  type        = number
  default     = 512
}

variable "environment" {
  description = "What it is told through the environment; never a secret."
  type        = map(string)
}

variable "log_days" {
  description = "For how many days its log is kept."
  type        = number
}

variable "lists" {
  description = "The buckets whose names of objects it may list. Without it, S3 answers `forbidden` where an object is merely not there."
  type        = list(string)
  default     = []
}

variable "reads" {
  description = "Which objects it may read."
  type        = list(string)
}

variable "writes" {
  description = "Which objects it may write."
  type        = list(string)
}

variable "deletes" {
  description = "Which objects it may delete."
  type        = list(string)
  default     = []
}

variable "reads_parameters" {
  description = "Which parameters it may read, secrets among them."
  type        = list(string)
  default     = []
}

variable "writes_parameters" {
  description = "Which parameters it may write."
  type        = list(string)
  default     = []
}
