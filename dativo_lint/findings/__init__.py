"""Findings: what is wrong, what is accepted, and the report of both."""
