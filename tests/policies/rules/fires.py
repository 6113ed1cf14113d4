"""What else fires: for each place that a control reads, one document with one thing wrong, and every control's answer.

The documents are made from the good resources of each control's test: one property is changed at a time. The control
has to catch it, once; which others do as well is kept in fires.yaml, so that a control which begins to repeat another,
or stops to see something, is noticed. ``python -m tests.policies.rules.fires`` writes the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.index import Index
from groundplan_policies.engine.look import matches
from groundplan_policies.engine.names import token
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.tally import tally
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from tests.policies.rules.harness import Fixtures, R, at, context, put, secret
from tests.policies.rules.test_wrong_shapes import FILES, fixtures

FILE: Final = Path(__file__).with_name("fires.yaml")

_BAD: Final = (Verdict.FAIL, Verdict.INDETERMINATE)

_TELLING: Final = {
    "everybody": "allUsers",
    "a basic role": "roles/owner",
    "a role to be anybody": "roles/iam.serviceAccountTokenCreator",
    "the internet": "0.0.0.0/0",
    "the default network": "default",
    "all": "*",
    "a column without a tag": '[{"name": "email", "type": "STRING"}]',
}
"""Values that a control is likely to fail where it fails none that is only missing or odd."""

_HEAD: Final = """\
# One thing wrong at a time: control -> type -> property -> what is put there, what the control says, and which other
# controls say something that they did not say before. Written by `python -m tests.policies.rules.fires`.
"""


@dataclass(frozen=True)
class Case:
    """One thing that is wrong.

    Attributes:
        control: The control that has to catch it.
        type: Type of the resource that it is wrong with.
        path: The property, or the field of the document.
        how: What is put there.
        good: The resources with nothing wrong; none for what is wrong by being there.
        bad: The same with the one thing.
        world: As for `context`.
    """

    control: Control
    type: str
    path: str
    how: str
    good: Sequence[R]
    bad: Sequence[R]
    world: Mapping[str, Any]


@dataclass(frozen=True)
class Fired:
    """What comes out of a case: the verdict of its control, None if it says nothing, and the others that speak up."""

    case: Case
    verdict: Verdict | None
    also: tuple[str, ...]


Answers = Mapping[tuple[str, str], Verdict]
"""(Control, URN) -> fail or indeterminate."""


@cache
def _index() -> Index:
    return Index(all_controls().values())


def answers(resources: Sequence[R], world: Mapping[str, Any]) -> Answers:
    """Ask every control, and hold each to say at most one thing of a resource, and to have no fault."""
    found: list[tuple[str, str, Verdict]] = []
    asked = list(all_controls().values())
    for sheet in tally(asked, context(*resources, **world), _index()):
        assert not sheet.faults, sheet.faults
        found += [(sheet.control.id, each.urn if each else "", said.verdict) for each, said in sheet.others]
    twice = [each for each, times in Counter(each[:2] for each in found).items() if times > 1]
    assert not twice, f"said twice: {twice}"
    return {(control, where): verdict for control, where, verdict in found if verdict in _BAD}


def fire(case: Case, before: Answers | None = None) -> Fired:
    """Let every control look at the good resources and at the bad ones, and give what is new.

    Args:
        case: The case.
        before: What the controls say of the good resources, where that is known already.
    """
    before = answers(case.good, case.world) if before is None else before
    after = answers(case.bad, case.world)
    new = {key: verdict for key, verdict in after.items() if before.get(key) is not verdict}
    own = [verdict for (control, _), verdict in new.items() if control == case.control.id]
    return Fired(
        case,
        verdict=next((each for each in _BAD if each in own), None),
        also=tuple(each for each in all_controls() if each != case.control.id and any(each == key[0] for key in new)),
    )


def _values(read: Read, good: object) -> Iterator[tuple[str, object]]:
    """Give what may be put into a place, the plainest first. What the control is stated to pass is left out."""
    for how, value, stated in (
        ("absent", ..., read.absent),
        ("empty", "" if isinstance(good, str) else [] if isinstance(good, list) else {}, read.empty),
        ("true", True, Verdict.FAIL),
        ("false", False, Verdict.FAIL),
        ("another text", "something-else", Verdict.FAIL),
        *((how, value, Verdict.FAIL) for how, value in _TELLING.items()),
        *((f"a list of {how}", [value], Verdict.FAIL) for how, value in _TELLING.items()),
        ("unknown", UNKNOWN, read.unknown),
        ("secret", secret(), read.secret),
    ):
        if stated in _BAD and value != good and not (value is ... and good is None):
            yield how, value


def _of_properties(file: Path) -> Iterator[Fired]:
    """Give, for each place that a control reads, the first value that it fails, or else finds indeterminate."""
    seen: set[tuple[str, str, str]] = set()
    for found in fixtures(file):
        for sample in found.good:
            before = answers((*found.others, sample, *found.after), found.world)
            for read in found.control.reads:
                place = (found.control.id, sample.type, read.path)
                if matches(read.type, token(sample.type)) and ":" not in read.path and place not in seen:
                    seen.add(place)
                    yield from _first(_cases(found, sample, read), before)


def _cases(found: Fixtures, sample: R, read: Read) -> Iterator[Case]:
    good = (*found.others, sample, *found.after)
    for how, value in _values(read, at(sample.inputs, read.path)):
        origins = {path: of for path, of in sample.origins.items() if path.replace("[0]", "") != read.path}
        try:
            inputs = put(sample.inputs, read.path, value)
        except AssertionError:  # the resource has something else than a block on the way
            return
        bad = (*found.others, replace(sample, inputs=inputs, origins=origins), *found.after)
        yield Case(found.control, sample.type, read.path, how, good, bad, found.world)


def _first(cases: Iterable[Case], before: Answers) -> Iterator[Fired]:
    unclear: Fired | None = None
    for case in cases:
        fired = fire(case, before)
        if fired.verdict is Verdict.FAIL:
            yield fired
            return
        if unclear is None and fired.verdict is not None:
            unclear = fired
    if unclear is not None:
        yield unclear


_BUCKET: Final = R(
    "storage.Bucket",
    {"publicAccessPrevention": "enforced", "location": "europe-west4"},
    "data",
    record={"protect": True},
)
_OTHER: Final = R("storage.Bucket", {}, "other")
_STACK: Final = R("pulumi:pulumi:StackReference", {"name": "acme/shop/base"}, "acme/shop/base")

_FIELDS: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    ("BYP-01", "ignoreChanges"): {"ignoreChanges": ["publicAccessPrevention"]},
    ("BYP-02", "retainOnDelete"): {"retainOnDelete": True},
    ("BYP-02", "deletedWith"): {"deletedWith": _OTHER.urn},
    ("BYP-03", "replaceOnChanges"): {"replaceOnChanges": ["publicAccessPrevention"]},
    ("BYP-08", "aliases"): {"aliases": [_OTHER.urn]},
    ("BYP-10", "external"): {"external": True},
    ("BYP-10", "importID"): {"importID": "data"},
    ("BYP-16", "hooks"): {"resourceHooks": {"beforeCreate": ["open"]}},
    ("BYP-16", "hideDiff"): {"hideDiff": ["publicAccessPrevention"]},
}
"""(Control, field of the document) -> what is written beside the properties of a bucket."""

_PRESENT: Final = {
    "BYP-09": R("command:local:Command", {"create": "true"}),
    "IAM-06": R("serviceaccount.Key", {"serviceAccountId": "projects/acme-ml/serviceAccounts/a@acme.test"}),
    "IAM-17": R("storage.HmacKey", {"serviceAccountEmail": "a@acme-ml.iam.gserviceaccount.com"}),
}
"""Control -> a resource that it fails for being there."""

_SOURCES: Final = (
    (
        "BYP-12",
        "document:propertyDependencies",
        "another stack",
        replace(_BUCKET, origins={"publicAccessPrevention": _STACK.urn}),
    ),
    (
        "BYP-13",
        "document:inputs",
        "secret",
        replace(_BUCKET, inputs={**_BUCKET.inputs, "publicAccessPrevention": secret()}),
    ),
)
"""Control, field, how, and a bucket whose value nobody sees."""


def _of_the_rest(control: Control) -> Iterator[Case]:
    """Give what is no property: fields of the document, and resources that must not be there."""
    for (identifier, name), fields in _FIELDS.items():
        if identifier == control.id:
            bad = replace(_BUCKET, record={**_BUCKET.record, **fields})
            yield Case(control, bad.type, f"document:{name}", "set", (_OTHER, _BUCKET), (_OTHER, bad), {})
    for read in control.reads:
        if read.path == "document:protect":
            bad = R(read.type, {"locked": True}, record={"protect": False})
            yield Case(control, read.type, read.path, "false", (replace(bad, record={"protect": True}),), (bad,), {})
    if control.id in _PRESENT:
        bad = _PRESENT[control.id]
        yield Case(control, bad.type, "the resource", "present", (), (bad,), {})
    for identifier, path, how, bad in _SOURCES:
        if identifier == control.id:
            yield Case(control, bad.type, path, how, (_STACK, _BUCKET), (_STACK, bad), {})


NO_RESOURCE: Final = {
    "BYP-07": "overrides are of constructs, whose documents are its test's own",
    "BYP-14": "it is about the document as a whole",
    "BYP-15": "it is about the settings",
    "RAI-01": "it is about what constructs say of what stands in them, whose documents are its test's own",
    "RAI-24": "it is about two resources and the way between them, whose documents are its test's own",
}
"""Controls without a case, and why."""


def of_file(file: Path) -> list[Fired]:
    """Give what comes out of every case for the control of a test."""
    identifier = file.stem.removeprefix("test_").replace("_", "-").upper()
    control = all_controls()[identifier]
    return [*_of_properties(file), *map(fire, _of_the_rest(control))]


Listed = Mapping[str, Mapping[str, Mapping[str, str]]]


def listed(found: Sequence[Fired]) -> Listed:
    """Give outcomes as the file has them."""
    entries: dict[str, dict[str, dict[str, str]]] = {}
    for each in found:
        said = each.verdict.value if each.verdict is not None else "nothing"
        also = f"; also {', '.join(each.also)}" if each.also else ""
        types = entries.setdefault(each.case.control.id, {})
        types.setdefault(each.case.type, {})[each.case.path] = f"{each.case.how}: {said}{also}"
    return entries


def write() -> None:
    """Write the file, in the order of the controls."""
    found = listed([fired for file in FILES for fired in of_file(file)])
    lines = [_HEAD]
    for identifier in (each for each in all_controls() if each in found):
        lines.append(f"{identifier}:")
        for type_, paths in found[identifier].items():
            lines.append(f"  {_quoted(type_)}:")
            lines += [f'    {_quoted(path)}: "{said}"' for path, said in paths.items()]
    FILE.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _quoted(key: str) -> str:
    return f'"{key}"' if {":", "*"} & {*key} else key


if __name__ == "__main__":
    write()
