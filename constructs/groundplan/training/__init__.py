"""Training: jobs and their defaults, clusters, TPU slices, reserved capacity."""
