variable "job_name" {
  type = string
}

variable "environment" {
  type = string
}

variable "infrastructure_provider" {
  type = string
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

variable "governance_owner" {
  type = string
}

variable "tags" {
  type = map(string)
}

variable "log_retention_days" {
  type    = number
  default = 14

  validation {
    condition     = contains([7, 14, 30, 90], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 7, 14, 30 or 90 days."
  }
}

provider "aws" {
  default_tags {
    tags = { ManagedBy = "dativo", Environment = var.environment }
  }
}

locals {
  job_tags = merge(var.tags, {
    CostCenter = var.finops_cost_center
    Owner      = var.governance_owner
  })
}

resource "aws_cloudwatch_log_group" "job" {
  name              = "/dativo/${var.job_name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_ecs_task_definition" "job" {
  family                   = var.job_name
  requires_compatibilities = ["FARGATE"]
  cpu                      = var.infrastructure_vcpu * 1024
  memory                   = var.infrastructure_memory_mb
  tags                     = local.job_tags
  container_definitions    = jsonencode([{ name = var.job_name, image = "dativo:latest" }])
}
