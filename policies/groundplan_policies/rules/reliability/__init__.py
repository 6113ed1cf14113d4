"""What stays when something fails or somebody errs: controls REL."""
