"""Pulumi's resource types of Google Cloud, and the resources of Google's APIs that they stand for, as data.

What the real provider does with an input, this room does with a row of a table: it says which calls make, read, change
and remove the resource, under which id Pulumi keeps it, and where its properties differ from the API's fields. It knows
no door: whoever uses it hands it an `Api` to call.
"""
