"""Conditions of identity providers: do they hold a token to one organisation, repository or account?

A condition is an expression of the Common Expression Language. Only the plain forms are understood: comparisons of a
claim with a text, joined by `&&`, `||` and parentheses. Everything else is unclear, and never a pass.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from typing import Final

from groundplan_policies.engine.expressions import QUOTED, split_outside

_CLAIMS: Final = frozenset(
    {
        *("repository", "repository_id", "repository_owner", "repository_owner_id", "job_workflow_ref", "workflow_ref"),
        *("enterprise", "enterprise_id", "namespace_id", "namespace_path", "project_id", "project_path"),
        *("ci_config_ref_uri", "workspaceUuid", "repositoryUuid", "organization_id", "organization_slug"),
        *("terraform_organization_id", "terraform_organization_name", "terraform_project_id", "terraform_workspace_id"),
        *("terraform_full_workspace", "tid", "appid", "oid", "account", "arn", "sub"),
    }
)
"""Claims of the usual issuers (GitHub, GitLab, Bitbucket, Terraform, Buildkite, Entra, AWS) that name who is in."""

_NAME: Final = r"(?:assertion\.\w+|assertion\['\w+'\]|assertion\[\"\w+\"\]|attribute\.\w+|google\.\w+)"
_TEXT: Final = r"(?:'[^']*'|\"[^\"]*\")"
_EQUALS: Final = re.compile(rf"({_NAME})\s*==\s*({_TEXT})|({_TEXT})\s*==\s*({_NAME})")
_AMONG: Final = re.compile(rf"({_NAME})\s+in\s+\[\s*({_TEXT}(?:\s*,\s*{_TEXT})*)\s*,?\s*\]")
_STARTS: Final = re.compile(rf"({_NAME})\.startsWith\(\s*({_TEXT})\s*\)")
_MATCHES: Final = re.compile(rf"{_NAME}\.matches\(\s*({_TEXT})\s*\)")
_PINS_NOTHING: Final = re.compile(
    rf"true|({_TEXT})\s*==\s*\1|(\d+)\s*==\s*\2|{_NAME}\s*!=\s*{_TEXT}|{_TEXT}\s*!=\s*{_NAME}"
    rf"|{_NAME}\.(?:endsWith|contains)\(\s*{_TEXT}\s*\)|has\(\s*{_NAME}\s*\)|({_NAME})\s*==\s*\3"
)
"""What is true, or what somebody else's token can meet as well."""

_WILD: Final = re.compile(r"[\^$.*+?()]*")
_CLAIM: Final = re.compile(r"assertion(?:\.(\w+)|\[['\"](\w+)['\"]\])")
_OWNER: Final = r"[^:/*\s]+/[^*]*"
_ORGANIZATION: Final = r"organization:[^:/*\s]+:[^*]*"
_BEGINNINGS: Final = {
    **dict.fromkeys(
        ("repository", "job_workflow_ref", "workflow_ref", "project_path", "namespace_path"), re.compile(_OWNER)
    ),
    "ci_config_ref_uri": re.compile(rf"[^:/*\s]+/{_OWNER}"),
    "sub": re.compile(rf"(?:repo|project_path):{_OWNER}|{_ORGANIZATION}"),
    "terraform_full_workspace": re.compile(_ORGANIZATION),
    "arn": re.compile(r"arn:aws[\w-]*:(?:sts|iam)::\d{12}:[^*]*"),
}
"""Claim -> beginnings that hold the name of an owner to its end: `acme/`, `repo:acme/`, `organization:acme:`.

The first part is no owner everywhere: an address of GitLab begins with its host, and subjects of other issuers with a
word that is the same for all. A claim that is not here has no such beginning.
"""

_STRANGE: Final = ("\\", "'''", '"""')
_DEEPEST: Final = 50


class Pins(Enum):
    """What a condition does."""

    YES = auto()
    """It holds every token to an owner, a repository or an account."""
    NO = auto()
    """Tokens of others meet it too."""
    UNCLEAR = auto()
    """It is written in a form that is not understood here."""


def pins(condition: str, mapping: Mapping[str, object]) -> Pins:
    """Tell what a condition does.

    Args:
        condition: The expression.
        mapping: The attribute mapping of the provider: `attribute.x` and `google.subject` to expressions.
    """
    bare = QUOTED.sub("", condition)
    if condition.count("(") > _DEEPEST or any(each in condition for each in _STRANGE):
        return Pins.UNCLEAR
    if any(each in bare for each in ("'", '"', "//", "?")):
        return Pins.UNCLEAR
    return _expression(condition, mapping)


def _expression(text: str, mapping: Mapping[str, object]) -> Pins:
    for sign, join in (("||", _either), ("&&", _both)):
        parts = split_outside(text, sign)
        if parts is None:
            return Pins.UNCLEAR
        if len(parts) > 1:
            return join([_expression(each, mapping) for each in parts])
    inner = text.strip()
    if inner.startswith("(") and inner.endswith(")"):
        # No sign stands outside of parentheses here, so that the first and the last belong together.
        return _expression(inner[1:-1], mapping)
    return _atom(inner, mapping)


def _either(found: Sequence[Pins]) -> Pins:
    if Pins.NO in found:
        return Pins.NO
    return Pins.UNCLEAR if Pins.UNCLEAR in found else Pins.YES


def _both(found: Sequence[Pins]) -> Pins:
    if Pins.YES in found:
        return Pins.YES
    return Pins.UNCLEAR if Pins.UNCLEAR in found else Pins.NO


def _atom(text: str, mapping: Mapping[str, object]) -> Pins:
    if found := _EQUALS.fullmatch(text):
        return _compared(found[1] or found[4], [found[2] or found[3]], mapping, _exact)
    if found := _AMONG.fullmatch(text):
        return _compared(found[1], QUOTED.findall(found[2]), mapping, _exact)
    if found := _STARTS.fullmatch(text):
        return _compared(found[1], [found[2]], mapping, _whole_owner)
    if found := _MATCHES.fullmatch(text):
        return Pins.NO if _WILD.fullmatch(found[1][1:-1]) else Pins.UNCLEAR
    return Pins.NO if _PINS_NOTHING.fullmatch(text) else Pins.UNCLEAR


def _compared(
    name: str, texts: Sequence[str], mapping: Mapping[str, object], narrow: Callable[[str, str], bool]
) -> Pins:
    claim = _claim(name, mapping)
    if claim is None:
        return Pins.UNCLEAR
    return Pins.YES if claim in _CLAIMS and all(narrow(claim, each[1:-1]) for each in texts) else Pins.NO


def _exact(_: str, text: str) -> bool:
    return bool(text.strip()) and "*" not in text


def _whole_owner(claim: str, beginning: str) -> bool:
    return claim in _BEGINNINGS and _BEGINNINGS[claim].fullmatch(beginning) is not None


def _claim(name: str, mapping: Mapping[str, object]) -> str | None:
    """Give the claim that a name means, also by way of the mapping; None where that is no plain claim."""
    expression = name if name.startswith("assertion") else mapping.get(name)
    found = _CLAIM.fullmatch(expression.strip()) if isinstance(expression, str) else None
    return (found[1] or found[2]) if found else None
