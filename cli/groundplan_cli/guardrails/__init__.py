"""Guardrails on the command line: what is checked, under which settings, and how that is shown."""
