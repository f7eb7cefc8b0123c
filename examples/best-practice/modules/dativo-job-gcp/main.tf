variable "job_name" {
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

variable "resource_refs" {
  type    = map(string)
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "finops_cost_center" {
  type = string
}

resource "google_cloud_run_v2_job" "job" {
  name     = var.resource_refs["service_name"]
  project  = var.resource_refs["project_id"]
  location = var.resource_refs["region"]
  labels   = merge(var.tags, { cost_center = lower(var.finops_cost_center) })

  template {
    template {
      containers {
        image = "dativo:latest"

        resources {
          limits = {
            cpu    = tostring(var.infrastructure_vcpu)
            memory = "${var.infrastructure_memory_mb}Mi"
          }
        }
      }
    }
  }
}
