"""What an evaluation found, written for people and for tools.

The formats are modules of their own: `text`, `json_report`, `sarif`, `junit` and `markdown`. Each takes a `Report`
and gives the text of a file, the same for the same input.
"""
