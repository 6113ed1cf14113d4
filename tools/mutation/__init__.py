"""Mutation testing of the rules: breaks them one place at a time, and asks whether a test notices.

``python -m tools.mutation --help`` says how. Why this is a tool of our own: docs/decisions/0004-mutation-testing.md.
"""
