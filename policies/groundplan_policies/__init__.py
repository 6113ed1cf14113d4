"""Guardrails for Pulumi programs on Google Cloud.

What is here so far is the reader of deployment documents, in `groundplan_policies.engine`. This package needs neither
the constructs nor a cloud: its input is the JSON that `pulumi stack export` prints, whoever wrote the program and in
whichever language.
"""
