"""Settings: what a run is told, and the rules that follow from it."""
