"""Guardrails for Pulumi programs on Google Cloud.

`engine` reads deployment documents and evaluates them, `rules` holds the controls, one a file, `settings` what each
tier makes of them, `waivers` the findings that may stand for a while, and `types` the types that need no rule. This
package needs neither the constructs nor a cloud: its input is the JSON that `pulumi stack export` prints, whoever wrote
the program and in whichever language.
"""
