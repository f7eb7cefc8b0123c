"""Rules as data: rule files become rules."""
