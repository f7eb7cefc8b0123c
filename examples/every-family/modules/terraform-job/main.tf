# unused-infrastructure-metadata: infrastructure_compute_type
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

variable "retention_days" {
  type    = number
  default = 30

  validation {
    condition     = var.retention_days >= 7
    error_message = "Keep logs for a week at least."
  }
}

variable "alarms" {
  type    = object({ enabled = bool, threshold = optional(number, 1) })
  default = { enabled = false }
}

variable "role" {
  type    = string
  default = null

  validation {
    # version-dependent-validation: before Terraform 1.12 the right side is evaluated too
    condition     = var.role == null || length(var.role) > 3
    error_message = "Name a role of more than three letters."
  }
}

variable "region" {
  type     = string
  nullable = false
}

variable "retries" {
  type    = number
  default = 3
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

  # job-tags-not-applied
  tags = {
    team = "data-platform"
  }
}

# untagged-resource
resource "aws_sqs_queue" "dead_letters" {
  name = "${var.job_name}-dead-letters"
}

resource "aws_sqs_queue" "jobs" {
  name = var.job_name
  tags = merge(var.tags, { managed_by = "terraform" }) # lost-tag
}

output "log_group" {
  value = "/dativo/${var.environment}/${var.subnet}/${var.job_name}"
}

# unpropagated-tags: propagate_tags is not set
resource "aws_batch_job_definition" "backfill" {
  name = "${var.job_name}-backfill"
  type = "container"
  tags = var.tags
}

resource "aws_ecs_service" "job" { # unpropagated-ecs-tags
  name            = var.job_name
  task_definition = aws_ecs_task_definition.job.arn
  tags            = var.tags
}
