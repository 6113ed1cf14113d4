"""How plans, changes and graphs are shown: on a terminal, and as Mermaid, DOT and HTML."""
