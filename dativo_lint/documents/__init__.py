"""What was written, and where: texts become documents whose every field has an exact place."""
