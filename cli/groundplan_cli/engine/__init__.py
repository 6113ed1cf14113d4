"""Pulumi's own engine, through the Automation API: state, diffs, up, refresh, destroy, import."""
