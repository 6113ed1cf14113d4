"""Reads the frameworks of this package."""

from functools import lru_cache
from importlib.resources import files
from typing import Final

from groundplan_policies.engine.yamlfile import Data, Place, YamlFile, nearest, parse_yaml
from groundplan_policies.frameworks.model import Claim, Framework, FrameworkError, Requirement, Seen, Source

_SUFFIX: Final = ".yaml"
_FRAMEWORK: Final = ("id", "title", "publisher", "claim", "scope", "sources", "clauses")
_SOURCE: Final = ("name", "read")
_CLAUSE: Final = ("number", "title", "coverage", "missing", "verified")


@lru_cache(maxsize=1)
def ids() -> tuple[str, ...]:
    """Give the ids of all frameworks."""
    found = (each.name for each in files("groundplan_policies.frameworks").iterdir())
    return tuple(sorted(each.removesuffix(_SUFFIX) for each in found if each.endswith(_SUFFIX)))


@lru_cache
def load(identifier: str) -> Framework:
    """Give a framework.

    Args:
        identifier: Its id, such as `cis-gcp-5.0`.

    Raises:
        FrameworkError: There is none, or its file says something that it may not.
    """
    if identifier not in ids():
        raise FrameworkError(
            "There is no such framework",
            given=identifier,
            allowed=nearest(identifier, ids()),
            remedy="correct the id, or leave it out to ask every control",
        )
    name = f"{identifier}{_SUFFIX}"
    text = files("groundplan_policies.frameworks").joinpath(name).read_text(encoding="utf-8")
    return parse(text, name)


def parse(text: str, name: str) -> Framework:
    """Read the text of a framework's file.

    Args:
        text: YAML of the form that `framework.schema.json` describes.
        name: The file's name, by which messages call it. Without its ending it must be the framework's id.

    Raises:
        FrameworkError: It says something that it may not.
    """
    file = parse_yaml(text, FrameworkError, name=name)
    file.check_keys((), file.data, _FRAMEWORK, "key of a framework")
    identifier = file.text(("id",), file.data.get("id"), "id")
    if identifier != name.removesuffix(_SUFFIX):
        raise file.wrong("The id is not the file's name", ("id",), f"`{identifier}`", name, "make them the same")
    claim = _claim(file, file.data.get("claim", Claim.MET.value))
    return Framework(
        id=identifier,
        title=file.text(("title",), file.data.get("title"), "title"),
        publisher=file.text(("publisher",), file.data.get("publisher"), "publisher"),
        claim=claim,
        scope=file.text(("scope",), file.data.get("scope"), "scope"),
        clauses=_clauses(file, claim),
    )


def _claim(file: YamlFile, value: Data) -> Claim:
    given = file.text(("claim",), value, "claim")
    if given not in set(Claim):
        raise file.wrong("There is no such claim", ("claim",), f"`{given}`", ", ".join(Claim), "correct it")
    return Claim(given)


def _clauses(file: YamlFile, claim: Claim) -> tuple[Requirement, ...]:
    sources = _sources(file)
    found: dict[str, Requirement] = {}
    for index, each in enumerate(file.sequence(("clauses",), file.data.get("clauses"), "list of clauses")):
        place: Place = ("clauses", index)
        clause = _clause(file, place, each, sources)
        if clause.number in found:
            raise file.wrong(
                "A clause is listed twice", (*place, "number"), f"`{clause.number}`", "each once", "remove one"
            )
        if claim is Claim.EVIDENCE and clause.coverage is Seen.FULL:
            raise file.wrong(
                "Evidence is never all of a clause",
                (*place, "coverage"),
                f"`{clause.coverage.value}`",
                f"{Seen.PARTIAL.value} or {Seen.NONE.value}, as the framework says `claim: {claim.value}`",
                "say under `missing` what is not seen",
            )
        found[clause.number] = clause
    return tuple(found.values())


def _sources(file: YamlFile) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for key, value in file.mapping(("sources",), file.data.get("sources"), "mapping of sources").items():
        place: Place = ("sources", key)
        source = file.mapping(place, value, "source")
        file.check_keys(place, source, _SOURCE, "key of a source")
        found[key] = Source(
            name=file.text((*place, "name"), source.get("name"), "name"),
            read=file.day((*place, "read"), source.get("read"), "day on which it was read"),
        )
    return found


def _clause(file: YamlFile, place: Place, value: Data, sources: dict[str, Source]) -> Requirement:
    clause = file.mapping(place, value, "clause")
    file.check_keys(place, clause, _CLAUSE, "key of a clause")
    coverage = _coverage(file, (*place, "coverage"), clause.get("coverage"))
    missing = file.text((*place, "missing"), clause["missing"], "text") if "missing" in clause else ""
    if bool(missing) == (coverage is Seen.FULL):
        raise file.wrong(
            "What is missing does not fit the coverage",
            place,
            f"{coverage.value}, and {'something' if missing else 'nothing'} under `missing`",
            "nothing missing with full coverage, and what or why with partial or none",
            "correct one of the two",
        )
    return Requirement(
        number=file.text((*place, "number"), clause.get("number"), "number, in quotes"),
        title=file.text((*place, "title"), clause.get("title"), "title"),
        coverage=coverage,
        missing=missing,
        verified=_verified(file, (*place, "verified"), clause.get("verified"), sources),
    )


def _coverage(file: YamlFile, place: Place, value: Data) -> Seen:
    given = file.text(place, value, "coverage")
    if given not in set(Seen):
        raise file.wrong("There is no such coverage", place, f"`{given}`", ", ".join(Seen), "correct it")
    return Seen(given)


def _verified(file: YamlFile, place: Place, value: Data, sources: dict[str, Source]) -> Source | None:
    """Give what a clause was checked against. One that was not checked says so by leaving it out."""
    if value is None:
        return None
    given = file.text(place, value, "source")
    if given not in sources:
        raise file.wrong("There is no such source", place, f"`{given}`", nearest(given, sources), "correct it")
    return sources[given]
