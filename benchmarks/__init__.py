"""What the speed of a run is measured with: a made-up monorepo, and whole processes over it."""
