"""git: what it knows of a repository, asked without running anything of the repository."""
