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

resource "google_cloud_run_v2_job" "job" {
  name     = var.resource_refs["service_name"]
  project  = var.resource_refs["project_id"]
  location = var.resource_refs["region"]
  labels   = var.tags

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
