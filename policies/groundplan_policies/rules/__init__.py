"""The controls: one a file, named after its id, in the folder of what it looks at."""
