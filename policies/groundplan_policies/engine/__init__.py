"""The deployment document, read once and typed, for everything that looks at a plan or a stack."""

from groundplan_policies.engine.document import Document, Profile
from groundplan_policies.engine.errors import DocumentError, Error
from groundplan_policies.engine.member import Member, member_schema
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.source import Source
from groundplan_policies.engine.values import (
    SECRET,
    UNKNOWN,
    Value,
    contains_secret,
    contains_unknown,
    is_secret,
    is_unknown,
    leaves,
)

__all__ = [
    "SECRET",
    "UNKNOWN",
    "Document",
    "DocumentError",
    "Error",
    "Member",
    "Profile",
    "Resource",
    "Source",
    "Value",
    "contains_secret",
    "contains_unknown",
    "is_secret",
    "is_unknown",
    "leaves",
    "member_schema",
]
