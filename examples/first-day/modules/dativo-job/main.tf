variable "job_name" {
  description = "Dagster job name"
  type        = string
}

variable "infrastructure_provider" {
  description = "Cloud provider (aws or gcp)"
  type        = string
}

variable "infrastructure_compute_type" {
  description = "Compute type (fargate, ec2, cloud-run)"
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

resource "aws_ecs_task_definition" "dativo_job" {
  family                   = var.job_name
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = var.infrastructure_vcpu * 1024 # CPU units
  memory                   = var.infrastructure_memory_mb

  tags = {
    ManagedBy   = "dativo"
    Environment = "production"
    Team        = "data-platform"
    CostCenter  = "FIN-001"
  }

  container_definitions = jsonencode([{
    name  = var.job_name
    image = "dativo:latest"
  }])
}
