"""Delivery: build pools, triggers and their build files, image repositories, attestation, the set of them all."""
