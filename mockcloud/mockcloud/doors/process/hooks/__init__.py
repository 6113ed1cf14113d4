"""The hooks, one module a library. Each replaces, once a process, the place through which all the calls of it go."""
