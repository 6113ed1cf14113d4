"""What is wrong with an evidence folder, or with the wish for one."""

from groundplan_policies.engine.errors import Error


class EvidenceError(Error):
    """A folder of evidence cannot be written, read or compared."""
