"""Notebooks: Workbench instances."""
