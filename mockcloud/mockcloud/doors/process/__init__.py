"""The in-process door: Google's clients in this process call the mock cloud, with no socket and no credentials."""
