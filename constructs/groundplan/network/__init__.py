"""Network: where machines stand, what they can reach, and by which way."""
