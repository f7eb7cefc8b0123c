"""What is judged: a job with all that it refers to, and its tags with their trails."""
