"""What it comes to: breaches become findings, and findings a report."""
