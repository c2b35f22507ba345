# What is kept: the lake, the inbox and the parameters. Whoever destroys `pipeline` keeps all of it.
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
    tags = { Project = var.name, Part = "storage", ManagedBy = "terraform" }
  }
}
