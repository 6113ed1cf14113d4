"""What differs between a stack's state and the cloud, who did it, and what it breaks."""
