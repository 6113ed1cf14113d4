"""What would stop a deployment, found before it begins."""
