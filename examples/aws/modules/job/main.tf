terraform {
  required_version = ">= 1.9"
}

locals {
  tags = merge(var.tags, {
    Environment = var.environment
    CostCenter  = var.finops_cost_center
  })
}

resource "aws_cloudwatch_log_group" "job" {
  name              = "/dativo/${var.job_name}"
  retention_in_days = var.log_retention_days
  tags              = local.tags
}

resource "aws_ecs_task_definition" "job" {
  family                   = var.job_name
  network_mode             = "awsvpc"
  requires_compatibilities = [upper(var.infrastructure_compute_type)]
  cpu                      = var.infrastructure_vcpu * 1024
  memory                   = var.infrastructure_memory_mb
  tags                     = local.tags

  container_definitions = jsonencode([{
    name  = var.job_name
    image = "dativo:latest"
  }])
}

data "aws_ecs_cluster" "jobs" {
  cluster_name = var.resource_refs["cluster_name"]
}

resource "aws_scheduler_schedule" "job" {
  name                = var.job_name
  schedule_expression = "rate(1 hour)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = data.aws_ecs_cluster.jobs.arn
    role_arn = var.resource_refs["execution_role_arn"]

    ecs_parameters {
      task_definition_arn = aws_ecs_task_definition.job.arn
      propagate_tags      = "TASK_DEFINITION"
    }
  }
}

output "task_definition_arn" {
  value = aws_ecs_task_definition.job.arn
}
