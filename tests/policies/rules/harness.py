"""How the tests of a control are written: resources in, outcomes out, and each stated verdict held to its word."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import Any

from groundplan_policies.engine import Document, Value
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.look import look, matches
from groundplan_policies.engine.names import token
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import SECRET, SIGNATURE, UNKNOWN
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Verdict

PROJECT = "acme-ml"
PARAMETERS = Parameters(
    allowed_regions=("europe-west4", "eu"),
    allowed_domains=("acme.test",),
    key_projects=("acme-keys",),
)
"""What most tests assume. A test says what else it needs: `world(parameters=...)`."""

STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"


def secret() -> dict[str, Value]:
    """Give a secret as a state holds it."""
    return {SIGNATURE: SECRET, "ciphertext": "v1:canary"}


def urn(short: str, name: str) -> str:
    """Give the URN that `R(short, ..., name)` has."""
    return f"urn:pulumi:dev::shop::{token(short)}::{name}"


@dataclass(frozen=True)
class R:
    """A resource of a test: `R("storage.Bucket", {"location": "EU"}, "logs")`.

    `origins` says from which resource an unknown leaf comes: `{"kmsKeyName": urn("kms.CryptoKey", "k")}`.
    `record` holds further fields of the state, such as `{"protect": True}`.
    """

    type: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    name: str = "it"
    origins: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def urn(self) -> str:
        return urn(self.type, self.name)


def document(*resources: R, **member: Any) -> Document:
    """Make a preview's document of some resources, with a stack at its root and no provider but those given."""
    records: list[dict[str, Any]] = [{"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}]
    provenance: dict[str, dict[str, list[str]]] = {}
    for each in resources:
        origins = {path: [of] if isinstance(of, str) else list(of) for path, of in each.origins.items()}
        records.append(
            {
                "urn": each.urn,
                "type": token(each.type),
                "custom": True,
                "parent": STACK,
                "inputs": dict(each.inputs),
                **each.record,
            }
        )
        provenance[each.urn] = origins
    return Document.read(
        {
            "version": 3,
            "deployment": {"resources": records},
            "groundplan": {"profile": "preview", "engine": "embedded", "provenance": provenance, **member},
        }
    )


def context(
    *resources: R,
    parameters: Parameters = PARAMETERS,
    complete: bool = True,
    as_of: date | None = None,
    opened: Mapping[str, Opened] | None = None,
    **member: Any,
) -> Context:
    """Make what a check is given, from some resources."""
    return Context(
        graph=Graph(document(*resources, **member)),
        parameters=parameters,
        complete=complete,
        as_of=as_of,
        opened=opened or {},
    )


def outcomes(control: Control, *resources: R, **world: Any) -> dict[str, Outcome]:
    """Give what a control says of each resource, by its name; of the stack as a whole under "" ."""
    found: dict[str, Outcome] = {}
    for resource, outcome in look(control, context(*resources, **world)):
        name = resource.name if resource is not None else ""
        assert name not in found, f"{control.id} speaks twice of {name or 'the stack'}"
        found[name] = outcome
    return found


def outcome(control: Control, resource: R, *others: R, **world: Any) -> Outcome:
    """Give what a control says of one resource, among others."""
    return outcomes(control, *others, resource, **world).get(resource.name, NOT_APPLICABLE)


def verdict(control: Control, resource: R, *others: R, **world: Any) -> Verdict:
    """Give the verdict of a control on one resource, among others."""
    return outcome(control, resource, *others, **world).verdict


def put(inputs: Mapping[str, Any], path: str, value: object) -> dict[str, Any]:
    """Give inputs with a value at a path, or without the path where the value is `...`. In lists, the first entry."""
    changed: dict[str, Any] = copy.deepcopy(dict(inputs))
    here = changed
    *way, last = path.split(".")
    for key in way:
        below = here.setdefault(key, {})
        if isinstance(below, list):
            if not below:
                below.append({})
            below = below[0]
        assert isinstance(below, dict), f"{key} of {path} is no block in the inputs of the test"
        here = below
    if value is ...:
        here.pop(last, None)
    else:
        here[last] = value
    return changed


def _wrong_for(value: object) -> object:
    """Give a value of another type than the one that passes."""
    return "yes" if isinstance(value, bool) else [7] if isinstance(value, (int, float)) else 7


def at(inputs: Mapping[str, Any], path: str) -> object:
    here: Any = inputs
    for key in path.split("."):
        if isinstance(here, list):
            here = here[0] if here else {}
        here = here.get(key) if isinstance(here, dict) else None
    return here


def _empty_for(value: object) -> object:
    return "" if isinstance(value, str) else [] if isinstance(value, list) else {}


FIXTURES = "fixtures"
"""The attribute of a test by `stated_verdicts` under which its fixtures are, for the tests of all controls."""


@dataclass(frozen=True)
class Fixtures:
    """What `stated_verdicts` was given."""

    control: Control
    good: Sequence[R]
    others: Sequence[R]
    world: Mapping[str, Any]
    after: Sequence[R] = ()
    elsewhere: bool = False
    """Whether the control speaks of another resource for what is wrong with these."""


STATES = ("absent", "empty", "wrong", "secret", "unknown")
"""The ways in which a value can be missing: what a `Read` states a verdict for."""


def stated_verdicts(
    control: Control,
    good: Sequence[R],
    *others: R,
    best: Verdict | None = None,
    **world: Any,
) -> Callable[[], None]:
    """Make a test that holds a control to each `Read` that it states, for each way in which a value can be missing.

    It is one test a control, not one a case: there are thousands of cases, and each takes less time than a test of its
    own would. It names every case that goes wrong. Fields beside the properties, such as `document:protect`, have
    tests of their own.

    Args:
        control: The control.
        good: A resource for each type that the control reads, for which it passes.
        others: Resources that must be there too.
        best: What the control says at best, where that is not what its evidence says: declared, where all rests on
            what people say.
        world: As for `context`.
    """
    if best is None:
        best = Verdict.DECLARED if control.evidence is Evidence.DECLARATION else Verdict.PASS
    cases = [
        (sample, reads)
        for sample in good
        if (reads := [read for read in control.reads if read.type in {"*", sample.type} and ":" not in read.path])
    ]
    assert cases, f"{control.id} states nothing that these resources could show"
    covered = {token(sample.type) for sample in good}
    stated = {read.type for read in control.reads if read.type != "*" and ":" not in read.path}
    left = {type_ for type_ in stated if not any(matches(type_, each) for each in covered)}
    assert not left, f"{control.id} reads {sorted(left)}, of which the test has no good resource"

    def test() -> None:
        wrong: list[str] = []
        if best is Verdict.DECLARED and not control.ask:
            wrong.append("a pass is declared, and nothing says what a person has to ask")
        for sample, reads in cases:
            passing = outcome(control, sample, *others, **world)
            if passing.verdict is not best:
                wrong.append(f"{sample.type} {sample.name} is good and is not {best}: {passing}")
            for read, state in product(reads, STATES):
                found = outcome(control, _without(sample, read, state), *others, **world)
                if found.verdict is not (expected := _at_best(getattr(read, state), best)):
                    wrong.append(f"{sample.type} {sample.name} with {read.path} {state} is not {expected}: {found}")
        assert wrong == [], "\n".join(wrong)

    setattr(test, FIXTURES, Fixtures(control, tuple(good), others, world))
    return test


def caught_elsewhere(
    control: Control, good: Sequence[R], *others: R, after: Sequence[R] = (), **world: Any
) -> Callable[[], None]:
    """Make a test that holds a control to see each property that it reads where it speaks of another resource for it.

    Args:
        control: The control.
        good: A resource for each type that the control reads, with nothing wrong.
        others: Resources that must be there too, before it.
        after: Those that stand in it, and so come after it.
        world: As for `context`.
    """

    def worst(sample: R) -> list[Verdict]:
        said = outcomes(control, *others, sample, *after, **world).values()
        return sorted(each.verdict for each in said if each.verdict in {Verdict.FAIL, Verdict.INDETERMINATE})

    def test() -> None:
        for sample in good:
            assert worst(sample) == [], f"{sample.name} is good"
            for read in (each for each in control.reads if each.type == sample.type):
                for state in STATES:
                    stated = getattr(read, state)
                    found = worst(_without(sample, read, state))
                    expected = [stated] if stated in {Verdict.FAIL, Verdict.INDETERMINATE} else []
                    assert sorted(set(found)) == expected, f"{sample.name} with {read.path} {state}: {found}"

    setattr(test, FIXTURES, Fixtures(control, tuple(good), tuple(others), world, tuple(after), elsewhere=True))
    return test


def _at_best(stated: Verdict, best: Verdict) -> Verdict:
    """Give what is stated for a missing value, where a pass is no more than declared."""
    return best if stated is Verdict.PASS else stated


def _without(sample: R, read: Read, state: str) -> R:
    """Give a good resource whose value at one place is missing in one way."""
    was = at(sample.inputs, read.path)
    value = {
        "absent": ...,
        "empty": _empty_for(was),
        "wrong": _wrong_for(was),
        "secret": secret(),
        "unknown": UNKNOWN,
    }[state]
    origins = {path: of for path, of in sample.origins.items() if state != "unknown" or not _same(path, read.path)}
    return replace(sample, inputs=put(sample.inputs, read.path, value), origins=origins)


def _same(path: str, plain: str) -> bool:
    return path.replace("[0]", "") == plain
