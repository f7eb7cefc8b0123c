variable "job_name" {
  type = string
}

variable "environment" {
  type = string
}

variable "infrastructure_provider" {
  type = string

  validation {
    condition     = var.infrastructure_provider == "aws"
    error_message = "This module makes resources on AWS only."
  }
}

variable "infrastructure_compute_type" {
  type = string
}

variable "infrastructure_memory_mb" {
  type = number
}

variable "infrastructure_vcpu" {
  type = number
}

variable "finops_cost_center" {
  type = string
}

variable "resource_refs" {
  type    = map(string)
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "log_retention_days" {
  type    = number
  default = 14

  validation {
    condition     = contains([1, 7, 14, 30, 90, 365], var.log_retention_days)
    error_message = "Take one of the retentions that CloudWatch Logs knows."
  }
}
