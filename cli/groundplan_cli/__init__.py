"""The `groundplan` command: preview, look at, and check what a Pulumi program would build."""
