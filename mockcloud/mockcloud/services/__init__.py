"""Behaviour that no description tells, one module an API.

A module is named after its API and holds `SERVICE`. An API without a module behaves as its description says: standard
methods work, all others answer 501.
"""
