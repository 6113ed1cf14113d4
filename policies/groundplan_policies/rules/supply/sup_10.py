"""SUP-10: only attested images are admitted."""

import re
from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_one_of, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.supply.attestors import ATTESTOR, BY, POLICY

_DEFAULT, _CLUSTERS = "defaultAdmissionRule", "clusterAdmissionRules"
_ATTESTED: Final = "REQUIRE_ATTESTATION"
_EVALUATION = tuple(
    is_one_of(f"{rule}.evaluationMode", _ATTESTED, "ALWAYS_DENY", absent=absent)
    for rule, absent in ((_DEFAULT, Verdict.FAIL), (_CLUSTERS, Verdict.PASS))
)
_ENFORCEMENT = tuple(
    is_one_of(f"{rule}.enforcementMode", "ENFORCED_BLOCK_AND_AUDIT_LOG", absent=absent)
    for rule, absent in ((_DEFAULT, Verdict.FAIL), (_CLUSTERS, Verdict.PASS))
)
_RULES = (Path(_DEFAULT), Path(_CLUSTERS))
_PATTERNS = Path("admissionWhitelistPatterns.namePattern")
_PATTERN: Final = re.compile(r"[a-z0-9.-]+\.[a-z0-9.-]+(?::\d+)?/(?P<below>[^*]*)(?P<star>\*{0,2})")
"""A host, what is below it, and maybe a star or two at its end: https://docs.cloud.google.com/binary-authorization."""
_HUB: Final = "pkg.dev"


def _judge(resource: Resource, context: Context) -> Outcome:
    return all_of(
        [
            *(each(resource, context) for each in (*_EVALUATION, *_ENFORCEMENT)),
            *_attestors(resource, context),
            *map(_pattern, _PATTERNS.read(resource)),
        ]
    )


def _attestors(resource: Resource, context: Context) -> Iterator[Outcome]:
    """Ask each rule that asks for attestations by whom they must be. An empty list is nobody."""
    for path in _RULES:
        for rule in (each for reading in path.read(resource) for each in entries(reading)):
            if rule.state is not State.KNOWN:
                continue
            if read_value(rule.value, rule.path, "evaluationMode")[0].text != _ATTESTED:
                continue
            listed = read_value(rule.value, rule.path, BY)[0]
            for attestor in entries(listed):
                yield _named(resource, attestor, context)


def _named(resource: Resource, reading: Reading, context: Context) -> Outcome:
    if reading.state is State.UNKNOWN and context.graph.resolve(resource, reading, ATTESTOR) is not None:
        return PASS
    missing = unreadable(reading, absent=fail("names nobody who must have attested an image", reading.path))
    if missing is not None:
        return missing
    return PASS if isinstance(reading.value, str) else wrong_type(reading, "the name of an attestor")


def _pattern(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=PASS, empty=indeterminate("is empty", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a pattern of names of images")
    if "*" not in reading.value:
        return PASS
    found = _PATTERN.fullmatch(reading.value)
    host = reading.value.partition("/")[0]
    needed = 2 if host.endswith(_HUB) else 1
    if found is not None and found["below"].count("/") >= needed and not found["below"].startswith("/"):
        return PASS
    return fail("spares every image of a registry, or of many owners; expected is one repository's", reading.path)


CONTROL = Control(
    id="SUP-10",
    title="Only attested images are admitted",
    why=(
        "Without admission control a cluster runs whatever somebody with a token pushes. The default rule and each "
        "cluster's own must ask for an attestation, or deny everything, and must block and not only write a log. A "
        "rule that asks for attestations by nobody asks for none. A name with a star spares images from all of it: it "
        "must name a registry and at least one owner whole, in Artifact Registry a repository too."
    ),
    remedy="Use ImageAttestor, or set REQUIRE_ATTESTATION and ENFORCED_BLOCK_AND_AUDIT_LOG in each rule.",
    severity=Severity.HIGH,
    objectives=("5.2.b", "6.1.a"),
    clauses=(
        partial("cis-gke-1.6", "5.1.4", "Whether what was attested deserves trust."),
        partial("nist-800-53-r5", "SI-7", "What is no container image."),
    ),
    reads=(
        *(each.reads(POLICY) for each in (*_EVALUATION, *_ENFORCEMENT)),
        Read(POLICY, f"{_DEFAULT}.{BY}"),
        Read(POLICY, f"{_CLUSTERS}.{BY}"),
        Read(POLICY, _PATTERNS.text, absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
    ),
    checks={POLICY: _judge},
)
