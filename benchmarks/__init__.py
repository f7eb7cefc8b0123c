"""What the speed of a run is measured with: made-up monorepos, and whole processes over them."""
