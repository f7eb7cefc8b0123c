"""Coverage: the shares of jobs whose tags arrive."""
