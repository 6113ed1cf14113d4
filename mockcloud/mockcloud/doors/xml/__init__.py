"""Cloud Storage's XML API: buckets and objects by plain paths, as signed addresses use them.

A request becomes the one of the JSON API that means the same, so that rules and preconditions are asked once.
Source: https://cloud.google.com/storage/docs/xml-api/reference-methods (2026-11).
"""

from mockcloud.doors.xml.endpoint import xml_answer

__all__ = ["xml_answer"]
