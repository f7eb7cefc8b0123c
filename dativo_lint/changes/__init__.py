"""Changes: what differs from a commit, and what that affects."""
