"""What watches a platform: alerts on critical changes, feeds of what changes, monitoring of models."""
