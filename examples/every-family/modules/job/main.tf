# The clean module.

variable "job_name" {
  type = string
}

variable "infrastructure_provider" {
  type = string
}

variable "infrastructure_compute_type" {
  type    = string
  default = "fargate"
}

variable "infrastructure_memory_mb" {
  type    = number
  default = 2048
}

variable "infrastructure_vcpu" {
  type    = number
  default = 1
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "finops_cost_center" {
  type    = string
  default = null
}

variable "country" {
  type    = string
  default = "DE"
}

resource "aws_ecs_task_definition" "job" {
  family                   = var.job_name
  network_mode             = "awsvpc"
  requires_compatibilities = [upper(var.infrastructure_compute_type)]
  cpu                      = var.infrastructure_vcpu * 1024
  memory                   = var.infrastructure_memory_mb
  tags                     = merge(var.tags, { Country = var.country, CostCenter = var.finops_cost_center })

  container_definitions = jsonencode([{
    name  = var.job_name
    image = "dativo:latest"
  }])
}

resource "aws_ecs_service" "job" {
  name            = var.job_name
  task_definition = aws_ecs_task_definition.job.arn
  propagate_tags  = "TASK_DEFINITION"
  tags            = var.tags
}
