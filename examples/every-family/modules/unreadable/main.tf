variable "job_name" {
  type = string

# unreadable-module: the brace of job_name is never closed
variable "infrastructure_provider" {
  type = string
}
