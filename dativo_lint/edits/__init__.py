"""Edits: what to type where in a file to fix a finding; nothing here writes."""
