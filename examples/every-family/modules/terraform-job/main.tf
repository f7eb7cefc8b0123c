variable "job_name" {
  type = string
}

variable "infrastructure_provider" {
  type = string
}

variable "environment" {
  type = string
}

variable "subnet" {
  type = string
}

variable "enable_logging" {
  type    = bool
  default = false
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_cloudwatch_log_group" "job" {
  count = var.enable_logging ? 1 : 0
  name  = "/dativo/${var.environment}/${var.subnet}/${var.job_name}"
  tags  = var.tags
}

resource "aws_ecs_task_definition" "job" {
  family                = var.job_name
  container_definitions = jsonencode([])

  # unreachable-tag, and unpropagated-ecs-tags: nothing starts the tasks with them
  tags = {
    team = "data-platform"
  }
}

output "log_group" {
  value = "/dativo/${var.environment}/${var.subnet}/${var.job_name}"
}
