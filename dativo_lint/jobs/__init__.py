"""Jobs: a job with everything that it refers to, and its tags with their trails."""
