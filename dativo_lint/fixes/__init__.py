"""Fixes: applies the edits of findings to files, whole or not at all."""
