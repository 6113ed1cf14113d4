"""The plan as a picture: what stands in which zone of trust, and where values flow."""
