"""What got better and worse between two folders of evidence."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from groundplan_policies.engine.values import Value
from groundplan_policies.evidence.content import FORMAT
from groundplan_policies.evidence.errors import EvidenceError
from groundplan_policies.evidence.folder import EVIDENCE
from groundplan_policies.evidence.verify import verify
from groundplan_policies.reports.safe import plain
from groundplan_policies.reports.words import name_of

_RANKS: Final = {"pass": 0, "declared": 1, "waived": 2, "indeterminate": 3, "fail": 4}
"""Answers from the best to the worst."""

_PASS: Final = "pass"  # noqa: S105 - an answer, no password

_DECLARED: Final = "declared"

_Answers: TypeAlias = Mapping[tuple[str, str], str]
"""Control and URN -> answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference.

    Attributes:
        control: Id of the control.
        name: The resource.
        before: What the control said; "" if it said nothing of it.
        after: What it says; "" if it says nothing of it.
    """

    control: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What got better and worse.

    Attributes:
        better: Answers that improved.
        worse: Answers that got worse.
        new: Answers that are no pass, on resources or by controls that were not there before.
        gone: Answers that were no pass, on resources or by controls that are not there any more.
        access_new: Who can do what on which data now and could not before, in words.
        access_gone: Who could and cannot any more.
        remarks: What is to be known of the comparison: other stacks, settings, levels.
    """

    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    new: tuple[Change, ...]
    gone: tuple[Change, ...]
    access_new: tuple[str, ...]
    access_gone: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """What a command ends with: 1 if anything got worse, or what is new is neither proven nor declared; else 0.

        New access is for people to judge.
        """
        return int(bool(self.worse) or any(_RANKS[each.after] > _RANKS[_DECLARED] for each in self.new))


def compare(old: Path, new: Path) -> Difference:
    """Compare two folders.

    Raises:
        EvidenceError: One is no folder of evidence, or was edited.
    """
    before, after = _read(old), _read(new)
    answered, answers = _answers(before, old), _answers(after, new)
    changes = list(_changes(answered, answers))
    could, can = _access(before), _access(after)
    return Difference(
        better=tuple(each for each in changes if each.before and each.after and _falls(each)),
        worse=tuple(each for each in changes if each.before and each.after and not _falls(each)),
        new=tuple(each for each in changes if not each.before),
        gone=tuple(each for each in changes if not each.after),
        access_new=tuple(each for each in can if each not in could),
        access_gone=tuple(each for each in could if each not in can),
        remarks=tuple(_remarks(before, after)),
    )


def _falls(change: Change) -> bool:
    return _RANKS[change.after] < _RANKS[change.before]


def _changes(before: _Answers, after: _Answers) -> Iterator[Change]:
    for pair in dict.fromkeys((*after, *before)):
        was, now = before.get(pair, ""), after.get(pair, "")
        # What passes and comes or goes is no news: resources do so all the time.
        if was != now and not ({was, now} <= {"", _PASS}):
            yield Change(control=plain(pair[0]), name=name_of(pair[1]), before=was, after=now)


def _read(folder: Path) -> Mapping[str, Value]:
    checked = verify(folder)
    if checked.problems:
        raise EvidenceError(
            "The evidence was changed after it was written",
            given=f"{folder}: {'; '.join(checked.problems)}",
            allowed="two folders as `groundplan evidence` wrote them",
            remedy="write it again, or compare others",
        )
    try:
        content: Value = json.loads((folder / EVIDENCE).read_bytes())
    except (OSError, ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _not_understood(folder)
    return content


def _not_understood(folder: Path) -> EvidenceError:
    return EvidenceError(
        "The evidence is not understood",
        given=f"{folder / EVIDENCE}, which is not {FORMAT}",
        allowed=f"evidence of the form {FORMAT}",
        remedy="write it again with this version",
    )


def _answers(content: Mapping[str, Value], folder: Path) -> _Answers:
    found: dict[tuple[str, str], str] = {}
    for control, urns in _mapping(content.get("passes")).items():
        found.update({(control, str(urn)): _PASS for urn in _list(urns)})
    for each in map(_mapping, _list(_mapping(content.get("report")).get("findings"))):
        answer = "waived" if each.get("waiver") is not None else str(each.get("verdict"))
        if answer not in _RANKS:
            raise _not_understood(folder)
        found[str(each.get("control")), str(each.get("urn"))] = answer
    return found


def _access(content: Mapping[str, Value]) -> Sequence[str]:
    entries = map(_mapping, _list(_mapping(content.get("access")).get("entries")))
    return list(dict.fromkeys(map(_sentence, entries)))


def _sentence(entry: Mapping[str, Value]) -> str:
    who, data = _mapping(entry.get("who")), _mapping(entry.get("data"))
    by = [str(each) for each in _list(entry.get("actingAs"))]
    way = f", by acting as {' → '.join(by)}" if by else ""
    return plain(f"{who.get('name')} ({who.get('kind')}) can {entry.get('can')} {data.get('name')}{way}")


def _remarks(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[str]:
    for what, path in (
        ("The stack", ("report", "subject", "name")),
        ("The settings", ("report", "settings", "name")),
        ("The level of the evidence", ("level", "id")),
        ("The version of groundplan", ("report", "tool", "version")),
    ):
        was, now = _at(before, path), _at(after, path)
        if was != now:
            yield plain(f"{what} is another one: {was}, then {now}")


def _at(content: Mapping[str, Value], path: Sequence[str]) -> Value:
    here: Value = content
    for key in path:
        here = _mapping(here).get(key)
    return here


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}


def _list(value: Value) -> Sequence[Value]:
    return value if isinstance(value, list) else []
