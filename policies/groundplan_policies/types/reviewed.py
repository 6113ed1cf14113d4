"""Reads the types that were reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from groundplan_policies.engine.names import token
from groundplan_policies.engine.yamlfile import FileError, parse_yaml


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A type that was reviewed.

    Attributes:
        type: The type token, such as `gcp:compute/address:Address`.
        reason: Why no rule looks at it.
        family: The family whose rules will; "" if none is needed.
    """

    type: str
    reason: str
    family: str = ""


@lru_cache(maxsize=1)
def reviewed_types() -> Mapping[str, Reviewed]:
    """Give every type that was reviewed, by its token.

    Raises:
        FileError: The table has a type twice, or another form than its schema says.
    """
    name = "reviewed.yaml"
    text = files("groundplan_policies.types").joinpath(name).read_text(encoding="utf-8")
    file = parse_yaml(text, FileError, name=name)
    found: dict[str, Reviewed] = {}
    for number, entry in enumerate(file.sequence(("groups",), file.data.get("groups"), "list of groups")):
        place = ("groups", number)
        group = file.mapping(place, entry, "group")
        reason = file.text((*place, "reason"), group.get("reason"), "reason")
        family = str(group.get("family", ""))
        for short in file.texts((*place, "types"), group.get("types"), "list of types"):
            if token(short) in found:
                raise file.wrong("A type is listed twice", place, f"`{short}`", "each type once", "remove one")
            found[token(short)] = Reviewed(token(short), reason, family)
    return found
