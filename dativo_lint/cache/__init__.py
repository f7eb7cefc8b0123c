"""The cache: verdicts of earlier runs, for as long as all that they hang on is as it was."""
