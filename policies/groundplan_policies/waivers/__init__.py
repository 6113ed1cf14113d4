"""Waivers: findings that may stand for a while, who says so, and what is wrong with that."""

from groundplan_policies.waivers.faults import FAULTS, LONGEST, RENEWALS, WaiverFault
from groundplan_policies.waivers.model import Waiver, WaiverError
from groundplan_policies.waivers.read import read_waivers
from groundplan_policies.waivers.write import as_yaml, fill_waiver, write_waiver

__all__ = [
    "FAULTS",
    "LONGEST",
    "RENEWALS",
    "Waiver",
    "WaiverError",
    "WaiverFault",
    "as_yaml",
    "fill_waiver",
    "read_waivers",
    "write_waiver",
]
