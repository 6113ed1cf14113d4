"""SRV-07: agents take secrets from Secret Manager."""

import re
from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of, fail
from groundplan_policies.rules.supply.literals import judge_map, judge_variables
from groundplan_policies.rules.supply.secret_versions import VERSIONS

_AGENT = "vertex.AiReasoningEngine"
_PLAIN = Path("spec.deploymentSpec.envs")
_SECRET = Path("spec.deploymentSpec.secretEnvs")
_BUILD = Path("spec.sourceCodeSpec.imageSpec.buildArgs")
_NUMBER: Final = re.compile(r"[1-9][0-9]*")


def _check(resource: Resource, context: Context) -> Outcome:
    plain = judge_variables(_PLAIN.one(resource), resource, context)
    built = judge_map(_BUILD.one(resource), resource, context)
    return all_of([*plain, *built, *_versions(_SECRET.one(resource), resource, context)])


def _versions(secrets: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
    missing = unreadable(secrets, absent=NOT_APPLICABLE)
    if missing is not None:
        yield missing
        return
    for each in entries(secrets):
        for version in read_value(each.value, each.path, "secretRef.version"):
            yield _version(version, resource, context)


def _version(reading: Reading, resource: Resource, context: Context) -> Outcome:
    if reading.state is State.UNKNOWN and context.graph.resolve(resource, reading, *VERSIONS) is not None:
        return PASS
    missing = unreadable(reading, absent=fail("is absent; expected is the number of a version", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    if _NUMBER.fullmatch(reading.value):
        return PASS
    return fail("is no number of a version: a name moves on, and nobody deploys what then changes", reading.path)


CONTROL = Control(
    id="SRV-07",
    title="Agents take secrets from Secret Manager",
    why=(
        "A variable of an agent is read by everybody who may see the agent, and stays in its every version. Secret "
        "Manager keeps what is secret, says who read it, and lets it change. A version that is named by an alias, such "
        "as latest, changes under a running agent without a deployment that somebody approved. What its image is built "
        "with is read by as many. Variables of everything else are SUP-15's matter."
    ),
    remedy="Move the value to Secret Manager and name it under `secret_envs` with the number of its version.",
    severity=Severity.HIGH,
    objectives=("4.1.a", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "IA-5", "Authenticators of all else: these are an agent's alone."),),
    reads=(
        Read(_AGENT, _PLAIN.text, absent=Verdict.PASS, empty=Verdict.PASS, secret=Verdict.FAIL),
        Read(
            _AGENT,
            f"{_PLAIN.text}.name",
            absent=Verdict.INDETERMINATE,
            empty=Verdict.INDETERMINATE,
            wrong=Verdict.PASS,
        ),
        Read(
            _AGENT,
            f"{_PLAIN.text}.value",
            absent=Verdict.PASS,
            empty=Verdict.PASS,
            wrong=Verdict.PASS,
            secret=Verdict.FAIL,
        ),
        Read(_AGENT, _BUILD.text, absent=Verdict.PASS, empty=Verdict.PASS, secret=Verdict.FAIL),
        Read(_AGENT, _SECRET.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_AGENT, f"{_SECRET.text}.secretRef.version"),
    ),
    checks={_AGENT: _check},
)
