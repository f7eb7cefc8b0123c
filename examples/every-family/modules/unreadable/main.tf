variable "job_name" {
  type = string
}

variable "infrastructure_provider" {
  type = string
}

variable "job_name" { # unreadable-module: declared twice
  type = string
}
