"""Write which properties of the Google provider's resource types exclude or need each other, as their docstrings say.

    python -m tools.pulumi_conflicts

The tables are `mockcloud/mockcloud/pulumi/conflicts/*.json`, a line a type, in the notation of
`mockcloud.pulumi.exclusions`. Only sentences that name every property they are about are read; a name that is no
property of the same object makes a sentence prose. What a sentence says too broadly is taken back by hand, as `untrue`
in the table beside it.
"""

import gc
import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mockcloud.pulumi.exclusions import CONFLICTS, EXACTLY, NEEDS, SOME, Rule
from mockcloud.pulumi.properties import Properties, properties_of
from tools.pulumi_types import classes, docstrings, inputs_of, objects_of

TABLES: Final = Path(__file__).resolve().parent.parent / "mockcloud/mockcloud/pulumi/conflicts"

_NAME: Final = r"[a-zA-Z]\w*(?:\.\w+)*"
_NAMES: Final = rf"{_NAME}(?:(?:,? and |,? or |, ){_NAME})*"
_SET: Final = r"(?:may|must|can|should|need to)\b(?! be (?:true|greater))"
_ENDS: Final = r"(?=[.,;]? *$|[.,;] |\. | Structure| Possible| in the | is | are |,? (?:they|both|but)\b)"

_SAYINGS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(saying, re.IGNORECASE))
    for kind, saying in (
        (EXACTLY, rf"exactly one of (?:the following must be set: )?({_NAMES}) {_SET}"),
        (EXACTLY, rf"exactly one of the following must be set: ({_NAMES}){_ENDS}"),
        (CONFLICTS, rf"(?:only|at most) one of ({_NAMES}) {_SET}"),
        (CONFLICTS, rf"one of ({_NAMES}) can only be set"),
        (CONFLICTS, rf"specify (?:only one of|either) ({_NAMES})(?:,? (?:but )?not both)"),
        (CONFLICTS, rf"either specify ({_NAMES}),? (?:but )?not both"),
        (CONFLICTS, rf"\bthe ({_NAMES}) fields are mutually exclusive"),
        (SOME, rf"at least one of ({_NAMES}) (?:is required|{_SET})"),
    )
)
"""Sentences about several properties."""

_ABOUT: Final[tuple[re.Pattern[str], ...]] = tuple(
    re.compile(saying, re.IGNORECASE)
    for saying in (
        rf"conflicts with ({_NAMES}){_ENDS}",
        rf"mutually exclusive (?:with|to) ({_NAMES}){_ENDS}",
        rf"cannot be (?:used|set|specified) (?:together |alongside )?(?:with )?({_NAMES}){_ENDS}",
        rf"cannot be used at the same time as ({_NAMES}){_ENDS}",
        rf"may not be set at the same time as ({_NAMES}){_ENDS}",
        rf"cannot be (?:supplied|specified|set|used) together with ({_NAMES}){_ENDS}",
    )
)
"""What a property's own sentence says of others that exclude it."""

_SENTENCES: Final = re.compile(r"(?<=[.!]) +")
_NOISE: Final = re.compile(r"[`'\"*]|</?code>")
_BETWEEN: Final = re.compile(r",? (?:and|or) |, ")
_WORDS: Final = frozenset({"this", "field", "property", "the", "a"})


def main() -> int:
    """Write the tables."""
    gc.disable()
    modules: dict[str, dict[str, list[dict[str, object]]]] = {}
    for token in sorted(classes()):
        if rules := documented(token):
            _, path, _ = token.split(":")
            written = [_written(each) for each in rules]
            modules.setdefault(path.partition("/")[0], {})[token.removeprefix("gcp:")] = written
    TABLES.mkdir(parents=True, exist_ok=True)
    for module, types in modules.items():
        lines = (f"{json.dumps(token)}: {json.dumps(line, separators=(',', ':'))}" for token, line in types.items())
        (TABLES / f"{module}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"Wrote {sum(map(len, modules.values()))} types of {len(modules)} modules.")
    return 0


def documented(token: str) -> list[Rule]:
    """Give the rules that the docstrings of a type say."""
    module, name = classes()[token]
    return _merged(_rules(inputs_of(importlib.import_module(module), name), properties_of(token) or {}, ""))


def _written(rule: Rule) -> dict[str, object]:
    return {**({"in": rule.inside} if rule.inside else {}), rule.kind: list(rule.members)}


def _rules(shape: type, properties: Properties, inside: str) -> Iterator[Rule]:
    for name, text in docstrings(shape).items():
        yield from said(name, text, properties, inside)
    for name in properties:
        secret = properties.get(f"{name}Wo")
        if secret is not None and not secret.output:
            # A write-only argument stands for the property that is kept, and says by its version when it is another.
            yield Rule(CONFLICTS, (name, f"{name}Wo"), inside)
            version = properties.get(f"{name}WoVersion")
            if version is not None and version.default is None:
                yield Rule(NEEDS, (f"{name}Wo", f"{name}WoVersion"), inside)
                yield Rule(NEEDS, (f"{name}WoVersion", f"{name}Wo"), inside)
    for name, inner in objects_of(shape).items():
        each = properties.get(name)
        if each is not None and not each.mapped and not each.output:
            yield from _rules(inner, each.fields, f"{inside}.{name}" if inside else name)


def said(name: str, text: str, properties: Properties, inside: str) -> Iterator[Rule]:
    """Give the rules that a property's docstring says.

    Args:
        name: The property.
        text: Its docstring.
        properties: The properties of the object that it is in.
        inside: Path of the object.
    """
    plain = _NOISE.sub("", " ".join(text.split()))
    for sentence in _SENTENCES.split(plain):
        for kind, saying in _SAYINGS:
            if match := saying.search(sentence):
                members = _members(match[1], name, properties)
                if members is not None and name in {each.partition(".")[0] for each in members}:
                    yield from _sound(Rule(kind, tuple(sorted(members)), inside), properties)
                break
        for saying in _ABOUT:
            if match := saying.search(sentence):
                for other in sorted(_members(match[1], name, properties) or ()):
                    if other != name:
                        yield from _sound(Rule(CONFLICTS, tuple(sorted((name, other))), inside), properties)


def _members(listed: str, name: str, properties: Properties) -> set[str] | None:
    """Give the properties that a sentence lists; None where one of the words is none."""
    found: set[str] = set()
    for word in _BETWEEN.split(listed):
        if word.lower() in _WORDS:
            found.add(name)
        else:
            member = _property(word.strip(" ."), properties)
            if member is None:
                return None
            found.add(member)
    return found


def _property(word: str, properties: Properties) -> str | None:
    """Give the path of the property that a word names, as the provider or the API has it."""
    first, _, rest = word.partition(".")
    camel = re.sub(r"_(\w)", lambda match: match[1].upper(), first)
    found = next((each for each in (camel, f"{camel}s", f"{camel}es", f"{camel[:-1]}ies") if each in properties), None)
    if found is None or not rest:
        return found
    below = _property(rest, properties[found].fields)
    return f"{found}.{below}" if below else None


def _sound(rule: Rule, properties: Properties) -> Iterator[Rule]:
    """Leave out what cannot be a rule: of one property, or where one must be set anyway, or only the cloud sets it."""
    tops = [properties[each.partition(".")[0]] for each in rule.members]
    if len(rule.members) > 1 and not any(each.output or each.required for each in tops):
        yield rule


def _merged(rules: Iterator[Rule]) -> list[Rule]:
    """Say each thing once: what a choice of exactly one says, and what is part of a longer list."""
    found = dict.fromkeys(rules)

    def said_by(one: Rule, other: Rule) -> bool:
        if one == other or one.inside != other.inside or one.kind not in {CONFLICTS, SOME}:
            return False
        mine, theirs = set(one.members), set(other.members)
        if other.kind == EXACTLY:
            return mine == theirs or (mine < theirs and one.kind == CONFLICTS)
        return one.kind == other.kind == CONFLICTS and mine < theirs

    return [one for one in found if not any(said_by(one, other) for other in found)]


if __name__ == "__main__":
    sys.exit(main())
