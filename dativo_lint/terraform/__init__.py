"""Terraform, read and judged as Terraform would, from the text alone; knows nothing of jobs."""
