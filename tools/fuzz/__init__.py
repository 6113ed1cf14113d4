"""Sends the mock cloud requests over its whole surface through every door, right ones and broken ones.

`python -m tools.fuzz [--requests N] [--seed N] [--door NAME] [--profile NAME] [--api NAME]`. Every request follows from
the seed, so that a finding can be sent again.
"""
