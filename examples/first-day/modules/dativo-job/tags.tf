locals {
  common_tags = {
    ManagedBy   = "dativo"
    Environment = var.environment
    CostCenter  = var.finops_cost_center
  }
}

resource "aws_ecs_task_definition" "job" {
  family                = "${var.job_name}-tagged"
  container_definitions = jsonencode([])

  tags = local.common_tags
}
