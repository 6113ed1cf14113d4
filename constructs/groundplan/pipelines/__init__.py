"""Pipelines: where they run, as whom, on which schedule."""
