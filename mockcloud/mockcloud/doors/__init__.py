"""The ways into the mock cloud."""
