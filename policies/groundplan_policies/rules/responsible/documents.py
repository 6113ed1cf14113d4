"""Documents that reviews and agreements refer to: whether they are what was referred to, and whether they are whole."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import yaml

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, declared, fail

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_INNER: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_NOTHING_YET: Final = re.compile(
    r"[\W_]*(?:(?:todo|tbd|tba|tbc|fixme)\b.*|xxx+|n/?a|none|nothing|null|unknown|placeholder|lorem ipsum\b.*"
    r"|(?:to be|not yet|will be) (?:added|announced|completed|confirmed|decided|defined|determined|done|filled|known"
    r"|measured|provided|specified|written)\b.*|coming soon|fill (?:this )?in\b.*|see above)?[\W_]*",
    re.IGNORECASE,
)
"""A line, or a value, that only says that something is to come."""
_FRONT: Final = "---"
_MOST_KEYS: Final = 10_000
"""Values that are looked at in a document at most: aliases make few characters stand for any number of them."""

Parts = Mapping[str, tuple[str, ...]]
"""What a document must hold -> words of which a heading or a key has one."""


class Referred:
    """A reference with the properties `uri` and `digest`, and what its document must hold."""

    def __init__(self, path: str, what: str, parts: Parts) -> None:
        """Take the place of the reference, what the document is called in messages, and its parts."""
        self.uri = Path(f"{path}.uri")
        self.digest = Path(f"{path}.digest")
        self.path = path
        self._what = what
        self._parts = parts

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Judge the document: declared where nobody opened it, a pass where it was opened and is whole."""
        said = all_of([self._uri(resource), self._digest(resource)])
        if said is not PASS:
            return said
        opened = context.opened.get(self.uri.one(resource).text)
        if opened is None:
            return declared(f"names {self._what} that was not opened here", self.path)
        return self._judge(opened, self.digest.one(resource).text)

    def _uri(self, resource: Resource) -> Outcome:
        reading = self.uri.one(resource)
        nothing = fail(f"names no {self._what.partition(' ')[2]}", reading.path)
        missing = unreadable(reading, absent=nothing, empty=nothing)
        return missing or (PASS if isinstance(reading.value, str) else wrong_type(reading, "a text"))

    def _digest(self, resource: Resource) -> Outcome:
        reading = self.digest.one(resource)
        nothing = fail(f"says no digest of {self._what}, so that another can take its place", reading.path)
        missing = unreadable(reading, absent=nothing, empty=nothing)
        if missing is not None:
            return missing
        if not isinstance(reading.value, str):
            return wrong_type(reading, "a text")
        known = _DIGEST.fullmatch(reading.value) is not None
        return PASS if known else fail("is no digest: sha256: and 64 hexadecimal digits", reading.path)

    def _judge(self, opened: Opened, digest: str) -> Outcome:
        if opened.problem:
            return fail(f"names {self._what} that {opened.problem}", self.uri.text)
        if opened.digest != digest:
            return fail(f"is not the digest of {self._what} as it is now", self.digest.text)
        found = {_INNER.sub(" ", title).lower() for title in filled(opened.text)}
        missing = [part for part, words in self._parts.items() if not any(_has(title, words) for title in found)]
        if missing:
            return fail(f"names {self._what} that does not say {', '.join(missing)}", self.uri.text)
        return PASS


def _has(title: str, words: tuple[str, ...]) -> bool:
    """Whether a title has a word, or one that begins with it: `metadata` has no `data`, and `datasets` has."""
    return any(re.search(rf"(?<![a-z0-9]){re.escape(word)}", title) for word in words)


def filled(text: str) -> Iterator[str]:
    """Give the headings of a Markdown document under which something stands, and the keys of one in YAML or JSON.

    A line such as "TBD", and a comment, are nothing.

    Front matter between lines of three hyphens counts as YAML.
    """
    if text.startswith(f"{_FRONT}\n"):
        front, mark, rest = text[len(_FRONT) + 1 :].partition(f"\n{_FRONT}")
        yield from _keys_of(front if mark else "")
        text = rest if mark else text
    yield from list(_sections(text)) or _keys_of(text)


def _sections(text: str) -> Iterator[str]:
    """Give the headings with a text below them, or below a heading of theirs. What stands in a fence is no heading."""
    around: list[tuple[int, str]] = []
    fenced = False
    for line in _COMMENT.sub("", text).splitlines():
        fence = _FENCE.match(line) is not None
        heading = None if fenced else _HEADING.match(line)
        fenced ^= fence
        if heading is not None:
            depth = len(heading[1])
            around = [*(each for each in around if each[0] < depth), (depth, heading[2])]
        elif not fence and says_something(line):
            yield from (title for _, title in around if title)
            around = [(depth, "") for depth, _ in around]  # each once


def says_something(text: object) -> bool:
    """Whether a line or a value says more than that something is to come. What is no text does."""
    return text is not None and not (isinstance(text, str) and _NOTHING_YET.fullmatch(text))


def _keys_of(text: str) -> Iterator[str]:
    try:
        waiting = [yaml.safe_load(text)]
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    for _ in range(_MOST_KEYS):
        if not waiting:
            return
        here = waiting.pop()
        if isinstance(here, dict):
            full = {key: below for key, below in here.items() if below not in ([], {}) and says_something(below)}
            yield from map(str, full)
            waiting += full.values()
        elif isinstance(here, list):
            waiting += here
