# What runs: functions, the state machine that calls them, the schedule, and what tells a person. It may be destroyed and made anew;
# what is kept lies in `storage`.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = var.name, Part = "pipeline", ManagedBy = "terraform" }
  }
}
