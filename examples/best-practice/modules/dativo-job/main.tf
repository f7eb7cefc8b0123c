variable "job_name" {
  description = "Dagster job name"
  type        = string
}

variable "environment" {
  type = string
}

variable "infrastructure_provider" {
  description = "Cloud provider (aws or gcp)"
  type        = string
}

variable "infrastructure_compute_type" {
  description = "Compute type (fargate, ec2, lambda)"
  type        = string
}

variable "infrastructure_memory_mb" {
  description = "Memory allocation in MB"
  type        = number
}

variable "infrastructure_vcpu" {
  description = "Virtual CPU allocation"
  type        = number
}

variable "terraform_module" {
  description = "Terraform module path"
  type        = string
}

variable "resource_refs" {
  description = "Resource references from job config"
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags of the infrastructure block"
  type        = map(string)
  default     = {}
}

variable "finops_cost_center" {
  type = string
}

variable "log_retention_days" {
  type    = number
  default = 14
}

locals {
  common_tags = merge(var.tags, {
    Environment = var.environment
    CostCenter  = var.finops_cost_center
  })
}

resource "aws_cloudwatch_log_group" "job" {
  name              = "/dativo/${var.job_name}"
  retention_in_days = var.log_retention_days
  tags              = local.common_tags
}

resource "aws_ecs_task_definition" "dativo_job" {
  family                   = var.job_name
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = var.infrastructure_vcpu * 1024
  memory                   = var.infrastructure_memory_mb
  tags                     = local.common_tags

  container_definitions = jsonencode([{
    name  = var.job_name
    image = "dativo:latest"
  }])
}

output "task_definition_arn" {
  value = aws_ecs_task_definition.dativo_job.arn
}
