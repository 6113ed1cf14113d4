"""Sets of federated identities: does one name a workload, or everything that an issuer signs?"""

import re
from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.values import is_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, fail, indeterminate

_CLAIMS: Final = (
    *("repository", "repository_id", "project_path", "project_id", "sub", "job_workflow_ref", "workflow_ref"),
)
"""Claims of the usual issuers, each of which names one repository, workflow or subject."""

_NARROW: Final = frozenset({*_CLAIMS, "subject"})
_TERM: Final = rf"assertion\.(?:{'|'.join(_CLAIMS)})"
_OTHER: Final = r"(?:assertion\.\w+|'[^'\\]*'|\"[^\"\\]*\")"
_JOINED: Final = re.compile(rf"\s*(?:{_TERM}|{_OTHER})(?:\s*\+\s*(?:{_TERM}|{_OTHER}))*\s*")
_PART: Final = re.compile(_OTHER)
_CLAIM: Final = re.compile(_TERM)
_APART: Final = re.compile(r"['\"][^\w./:'\"-]")
"""A text that begins with a sign of which no name of a repository or a subject has one: what follows it is apart."""
_ATTRIBUTE: Final = re.compile(r"/attribute\.([A-Za-z0-9_]+)/(.+)$")
_PROVIDER: Final = "iam.WorkloadIdentityPoolProvider"
_POOL: Final = Path("workloadIdentityPoolId")
_MAPPING: Final = Path("attributeMapping")


def one_workload(grant: Grant, context: Context) -> Outcome:
    """Ask of a set of federated identities that one attribute tells its members from all others."""
    path, name = grant.member.path, grant.principal.name
    found = _ATTRIBUTE.search(name)
    if found is None:
        if grant.member.state is not State.KNOWN and not name.endswith("/*"):
            return indeterminate("is a set that is known only after the deployment", path)
        return fail("is a set of all identities of a pool or group", path)
    attribute, value = found.groups()
    if value.strip("*/ ") == "":
        return fail("is a set of all values of an attribute", path)
    mappings = _mappings(context.graph, grant)
    if not mappings:
        if attribute in _NARROW:
            return PASS
        return indeterminate("is a set by an attribute of which this document does not say what it tells", path)
    return all_of([_maps(each.get(f"attribute.{attribute}"), path) for each in mappings])


def _maps(expression: object, path: str) -> Outcome:
    if not isinstance(expression, str) or is_unknown(expression):
        return indeterminate("is a set by an attribute whose mapping cannot be read", path)
    if not _JOINED.fullmatch(expression):
        return indeterminate("is a set by an attribute with a mapping that is no plain claim", path)
    parts: list[str] = _PART.findall(expression)
    claims = [each for each in parts if each[0] not in "'\""]
    if not any(map(_CLAIM.fullmatch, claims)):
        return fail("is a set by an attribute that names no repository or subject", path)
    if len(claims) == 1 or (_CLAIM.fullmatch(parts[0]) and _APART.match(parts[1])):
        return PASS
    return indeterminate("is a set by an attribute that joins claims so that others may come to the same text", path)


def _mappings(graph: Graph, grant: Grant) -> list[Mapping[str, object]]:
    """Give the attribute mappings of the providers of a member's pool, as far as this document has them."""
    pool = grant.principal.pool.rpartition("/")[2]
    origins = graph.origins(grant.resource, grant.member)
    found: list[Mapping[str, object]] = []
    for provider in graph.of(_PROVIDER):
        reading = _POOL.one(provider)
        owner = graph.resolve(provider, reading, "iam.WorkloadIdentityPool")
        ours = owner is not None and owner in origins
        if ours or (pool and reading.state is State.KNOWN and reading.text == pool):
            mapping = _MAPPING.one(provider)
            found.append(mapping.value if isinstance(mapping.value, Mapping) else {})
    return found
