"""Text from a program or a document, made safe for a terminal: as the reports make it safe for their readers."""

from groundplan_policies.reports.safe import clip, count, plain

__all__ = ["clip", "count", "plain"]
