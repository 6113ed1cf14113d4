"""Policies of who may do what: where they lie in Google's APIs, how they are read, and how they are changed.

A policy is changed as Google asks for it: read with its etag, changed, and set with that etag, anew where another
writer was faster.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Protocol

import yaml

from mockcloud.discovery.catalogue import Found, find
from mockcloud.discovery.methods import Kind
from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import ONE_AT_A_TIME, Place, Settings
from mockcloud.pulumi.templates import Missing, fill, parse, variables

Policy = dict[str, Any]
"""A policy as Google's APIs have it: `bindings`, `auditConfigs`, `etag`, `version`."""

Edit = Callable[[Policy], Policy]
"""Gives the changed policy; it changes nothing in place."""

VERSION: Final = 3
"""The version of policies in which bindings have conditions."""

MASK: Final = "bindings,etag,auditConfigs"

_TRIES: Final = 20
_CONFLICTS: Final = frozenset({409, 412})
_GETTING: Final = (("GET", ":getIamPolicy"), ("POST", ":getIamPolicy"), ("GET", "/getIamPolicy"), ("GET", "/iam"))
_SETTING: Final = (("POST", ":setIamPolicy"), ("POST", "/setIamPolicy"), ("PUT", "/iam"))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A kind of thing that has a policy.

    Attributes:
        stem: What the types' names have in common: `pubsub/topicIAM`.
        host: Host of its API, which may hold variables.
        version: What stands before its paths: `v1`, `compute/v1`.
        self: Template of its path.
        id: Template of what the ids of its policies, bindings and members begin with.
    """

    stem: str
    host: str
    version: str
    self: str
    id: str

    @property
    def names(self) -> tuple[str, ...]:
        """The properties that say which one is meant, as far as the types have them."""
        return tuple(dict.fromkeys((*variables(self.self), *variables(self.host))))

    def values(self, settings: Settings, known: Mapping[str, Any]) -> dict[str, str]:
        """Give the variables' values. Each property may be a short name, a full name, or a link.

        Args:
            settings: The provider's settings, for what is not said.
            known: Properties of a resource.
        """
        region = settings.region or settings.zone.rpartition("-")[0]
        said = {"project": settings.project, "region": region, "location": region, "zone": settings.zone}
        values = {name: value for name, value in said.items() if value}
        given = {name: str(known[name]) for name in self.names if known.get(name)}
        values |= {name: value for name, value in given.items() if "/" not in value}
        for name, value in given.items():
            if "/" in value:
                above, mark, _ = self.self.partition(f"{{{name}}}")
                values |= named(above + mark, value) or {name: value}
        return values

    def named(self, text: str) -> dict[str, str]:
        """Give the variables' values that an import's first word tells: a full name, a link, or what is short for it.

        Args:
            text: `projects/acme/topics/news`, `acme/news` or `news`.
        """
        return named(self.id, text) or named(self.self, text) or {}


def named(template: str, text: str) -> dict[str, str] | None:
    """Read a full name, a link to it, or its last words alone; None for what is none of them."""
    rest = text.partition("://")[2].partition("/")[2] if "://" in text else text.lstrip("/")
    while rest:
        found = parse(template, rest)
        if found is not None:
            return found
        if "://" not in text and not text.startswith("//"):
            break
        rest = rest.partition("/")[2]
    names, words = list(dict.fromkeys(variables(template))), text.split("/")
    short = len(words) <= len(names) and "" not in words
    return dict(zip(names[-len(words) :], words, strict=True)) if short else None


@cache
def guarded() -> Mapping[str, Guarded]:
    """Give all kinds of things that have a policy, by stem."""
    table = yaml.safe_load(files(__package__).joinpath("iam.yaml").read_bytes())
    return {stem: _guarded(stem, row["at"], row["self"], row.get("id", row["self"])) for stem, row in table.items()}


def _guarded(stem: str, at: str, path: str, identifier: str) -> Guarded:
    host, _, version = at.partition("/")
    return Guarded(stem, host if "." in host else f"{host}.googleapis.com", version, path, identifier)


class Policies(Protocol):
    """Where the policies of a kind of thing are kept."""

    def get(self, place: Place, values: Mapping[str, str]) -> Policy:
        """Read a policy. Raises `Refused`, with 404 where the thing is not there."""

    def put(self, place: Place, values: Mapping[str, str], policy: Policy) -> None:
        """Set a policy. Raises `Refused`, with 409 or 412 where another writer was faster."""


@dataclass(frozen=True)
class Calls:
    """Policies that have methods of their own.

    Attributes:
        of: What has the policy.
    """

    of: Guarded

    def get(self, place: Place, values: Mapping[str, str]) -> Policy:
        """Read a policy."""
        verb, ending, found = call_of(self.of, Kind.GET_IAM_POLICY)
        path, body = self._path(values, ending), None
        wanted = next((name for name in found.match.method.parameters if name.endswith("equestedPolicyVersion")), "")
        if wanted:
            path += f"?{wanted}={VERSION}"
        elif verb == "POST":
            takes = found.description.schemas.fields(found.match.method.request)
            body = {"options": {"requestedPolicyVersion": VERSION}} if "options" in takes else {}
        return place.api.call(verb, fill(self.of.host, values), path, body)

    def put(self, place: Place, values: Mapping[str, str], policy: Policy) -> None:
        """Set a policy."""
        verb, ending, found = call_of(self.of, Kind.SET_IAM_POLICY)
        takes = found.description.schemas.fields(found.match.method.request)
        body = {"policy": policy} if "policy" in takes else policy
        if "updateMask" in takes:
            body = {**body, "updateMask": MASK}
        place.api.call(verb, fill(self.of.host, values), self._path(values, ending), body)

    def _path(self, values: Mapping[str, str], ending: str) -> str:
        return f"{self.of.version}/{fill(self.of.self, values)}{ending}"


@cache
def call_of(kind: Guarded, wanted: Kind) -> tuple[str, str, Found]:
    """Give HTTP method and ending of the path of the call that reads or sets a policy, and what it is.

    Raises:
        LookupError: The API has none; a fault of the table.
    """
    names = {**dict.fromkeys(kind.names, "x"), **({"parent": "projects/x"} if "parent" in kind.names else {})}
    host = fill(kind.host, dict.fromkeys(kind.names, "us-central1"))
    for verb, ending in _GETTING if wanted is Kind.GET_IAM_POLICY else _SETTING:
        found = find(verb, host, f"{kind.version}/{fill(kind.self, names)}{ending}")
        if found is not None and found.match.method.kind is wanted:
            return verb, ending, found
    raise LookupError(f"{kind.stem}: {wanted.value} of {kind.version}/{kind.self}")


def change(policies: Policies, place: Place, values: Mapping[str, str], edit: Edit) -> Policy:
    """Change a policy, and give it as it is then.

    Args:
        policies: Where it is kept.
        place: The cloud.
        values: Which one.
        edit: What to change. It is asked again where another writer was faster.

    Raises:
        Refused: The cloud refused it, or others were faster all the time.
    """
    with ONE_AT_A_TIME:
        for tries in range(_TRIES):
            found = policies.get(place, values)
            edited = edit(found)
            try:
                policies.put(place, values, {**edited, "version": VERSION})
            except Refused as refused:
                if refused.status not in _CONFLICTS or tries == _TRIES - 1:
                    raise
                place.api.transport.wait(place.api.seconds)
            else:
                break
        return policies.get(place, values)


def read(policies: Policies, place: Place, values: Mapping[str, str]) -> Policy | None:
    """Read a policy; None where what has it is not there."""
    try:
        return policies.get(place, values)
    except Missing:
        return None
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return None
