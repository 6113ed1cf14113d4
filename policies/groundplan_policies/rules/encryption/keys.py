"""What a value that should name a key of one's own may be: a key of Cloud KMS, not a version of one and not its ring.

A key of this document passes, whether the value is known or comes from it, as long as it can encrypt data. A key of
elsewhere passes if its project is among those that the settings allow.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import token
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, all_of, fail, indeterminate

ENCRYPT: Final = "ENCRYPT_DECRYPT"
"""The purpose of keys that encrypt data at rest, and Google's default."""

_RING = r"projects/([^/]+)/locations/([a-z0-9-]+)/keyRings/([A-Za-z0-9_-]{1,63})"
_RING_NAME = re.compile(_RING)
_KEY_NAME = re.compile(rf"{_RING}/cryptoKeys/([A-Za-z0-9_-]{{1,63}})")
_VERSION = re.compile(r".*/cryptoKeyVersions/[^/]*/?")
_ADDRESSES = ("//cloudkms.googleapis.com/", "https://cloudkms.googleapis.com/v1/")
_KEY_RING, _LOCATION, _NAME, _PURPOSE = Path("keyRing"), Path("location"), Path("name"), Path("purpose")
_KEY_TYPE = token("kms.CryptoKey")
_SOURCES = {_KEY_TYPE, token("kms.KeyRing")}


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a value names.

    Attributes:
        parts: Project, location, ring and id of the key; "" for a part that is known only after the deployment.
        resource: The key in this document, None for one of elsewhere.
        is_good: Whether this document makes it, for encrypting data, so that it passes wherever a key is asked for.
    """

    parts: tuple[str, ...]
    resource: Resource | None = None
    is_good: bool = False

    @property
    def project(self) -> str:
        """Id of its project."""
        return self.parts[0]

    @property
    def location(self) -> str:
        """Location of its ring."""
        return self.parts[1]

    @property
    def is_own(self) -> bool:
        """Whether this document makes it. A key that a program only reads may be anybody's."""
        return self.resource is not None and not self.resource.external

    def may_be(self, other: "Key") -> bool:
        """Whether two names can be of one key, as far as their parts are known."""
        return all(not mine or not its or mine == its for mine, its in zip(self.parts, other.parts, strict=True))


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of a document.

    Attributes:
        by_urn: All keys.
        by_name: All keys by the parts of their names; one with an unknown part is nobody's full name.
        own: Those that this document makes.
    """

    by_urn: Mapping[str, Key]
    by_name: Mapping[tuple[str, ...], Key]
    own: Sequence[Key]


def _keys_of(graph: Graph) -> _Keys:
    by_urn = {each.urn: _key_of(each, graph) for each in graph.of("kms.CryptoKey")}
    return _Keys(
        by_urn,
        {key.parts: key for key in by_urn.values()},
        [key for key in by_urn.values() if key.is_own],
    )


def _key_of(resource: Resource, graph: Graph) -> Key:
    is_good = not resource.external and resource.inputs.get(_PURPOSE.text, ENCRYPT) == ENCRYPT
    return Key(_parts_of(resource, graph), resource, is_good)


def _parts_of(resource: Resource, graph: Graph) -> tuple[str, ...]:
    named = parse_key(resource.id) if resource.id else None
    if named is not None:
        return named.parts
    reading = _KEY_RING.one(resource)
    name = _known(_NAME.one(resource))
    known = _RING_NAME.fullmatch(_known(reading))
    if known:
        return (*known.groups(), name)
    ring = graph.resolve(resource, reading, "kms.KeyRing")
    if ring is None:
        return ("", "", "", name)
    return (*(graph.once(_rings).get(ring.urn) or _parts_of_ring(ring, graph)), name)


def _rings(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    return {each.urn: _parts_of_ring(each, graph) for each in graph.of("kms.KeyRing")}


def _parts_of_ring(ring: Resource, graph: Graph) -> tuple[str, ...]:
    return tuple(map(_known, (graph.effective(ring, "project"), _LOCATION.one(ring), _NAME.one(ring))))


def _known(reading: Reading) -> str:
    return reading.text if reading.state is State.KNOWN else ""


def parse_key(text: str) -> Key | None:
    """Give the key that a full name names, None if it is no full name of a key."""
    for address in _ADDRESSES:
        text = text.removeprefix(address)
    found = _KEY_NAME.fullmatch(text)
    return Key(found.groups()) if found else None


def named_key(resource: Resource, reading: Reading, context: Context) -> Key | None:
    """Give the key that a value names, None where that cannot be told.

    An unknown value is a key's if that key, and nothing but it and key rings, is what the value was made of.
    """
    if reading.state is State.UNKNOWN:
        keys = context.graph.once(_keys_of).by_urn
        urns = context.graph.document.origins(resource.urn, reading.path) if reading.value == UNKNOWN else ()
        if len(urns) == 1 and urns[0] in keys:
            return keys[urns[0]]
        origins = context.graph.origins(resource, reading)
        found = [each for each in origins if each.type == _KEY_TYPE]
        if len(found) != 1 or reading.value != UNKNOWN or any(each.type not in _SOURCES for each in origins):
            return None
        return keys.get(found[0].urn)
    named = parse_key(_known(reading))
    return None if named is None else context.graph.once(_keys_of).by_name.get(named.parts, named)


def sole_key(resource: Resource, path: Path, context: Context) -> Key | None:
    """Give the key of this document from which alone a value comes that is known only after the deployment.

    The quick answer to the usual case; `named_key` finds the key in the others too.
    """
    if path.plain(resource.inputs) != UNKNOWN:
        return None
    origins = context.graph.document.origins(resource.urn, path.written)
    return context.graph.once(_keys_of).by_urn.get(origins[0]) if len(origins) == 1 else None


def judge_key(resource: Resource, reading: Reading, context: Context, missing: Outcome) -> Outcome:
    """Judge a value that should name a key.

    Args:
        resource: The resource to which the value belongs.
        reading: The value.
        context: The deployment and the settings.
        missing: What to say where there is none.
    """
    if reading.state is State.UNKNOWN:
        return _judge_unknown(resource, reading, context)
    opaque = unreadable(reading, absent=missing)
    if opaque is not None:
        return opaque
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the name of a key")
    key = named_key(resource, reading, context)
    if key is None:
        if _VERSION.fullmatch(reading.value):
            return fail("names one version of a key, which rotation does not replace", reading.path)
        return fail("is not the full name of a key", reading.path)
    return _judge_named(key, reading, context)


def _judge_unknown(resource: Resource, reading: Reading, context: Context) -> Outcome:
    key = named_key(resource, reading, context)
    if key is not None:
        return _judge_named(key, reading, context)
    if _VERSION.fullmatch(str(reading.value)):
        return fail("names one version of a key, which rotation does not replace", reading.path)
    return indeterminate("is known only after the deployment, and does not come from a key", reading.path)


def _judge_named(key: Key, reading: Reading, context: Context) -> Outcome:
    if key.resource is not None and key.is_own:
        return PASS if key.is_good else _judge_own(key.resource, reading)
    projects = context.parameters.key_projects
    if projects is not None and key.project in projects:
        return PASS
    if any(each.may_be(key) for each in context.graph.once(_keys_of).own):
        return indeterminate("may name a key of this document, whose name is not known yet", reading.path)
    if projects is None:
        return indeterminate("names a key of elsewhere; the settings do not say whose keys may be used", reading.path)
    if not key.project or key.project.isdecimal():
        return indeterminate("names a key of a project whose id is not known", reading.path)
    return fail("names a key that is neither of this document nor of an allowed project", reading.path)


def _judge_own(key: Resource, reading: Reading) -> Outcome:
    purpose = _PURPOSE.one(key)
    if purpose.state is State.ABSENT or purpose.text == ENCRYPT:
        return PASS
    if purpose.state is State.KNOWN and purpose.text:
        return fail("names a key that is not for encrypting data", reading.path, purpose.text)
    return indeterminate("names a key whose purpose cannot be seen", reading.path)


@dataclass(frozen=True)
class KeyExpectation:
    """Expect that every value at a path names a key of one's own.

    Attributes:
        path: Where.
        by_tier: Whether the settings decide if there must be a key: `customer_managed_keys`. If not, there must.
    """

    path: Path
    by_tier: bool = False

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource. The usual case is one value, unknown as yet, that comes from one key."""
        key = sole_key(resource, self.path, context)
        if key is not None and key.is_good:
            return PASS
        return all_of(self.look(resource, each, context) for each in self.path.read(resource))

    def look(self, resource: Resource, reading: Reading, context: Context) -> Outcome:
        """Look at one value at the path, or at one that stands in its place."""
        if reading.state is State.UNKNOWN:
            return _judge_unknown(resource, reading, context)
        return judge_key(resource, reading, context, self._missing(reading, context))

    def reads(self, type_: str) -> Read:
        """Give what this says of a missing value, for the control's documentation."""
        return Read(type_, self.path.text)

    def _missing(self, reading: Reading, context: Context) -> Outcome:
        asked = context.parameters.customer_managed_keys if self.by_tier else True
        if asked is None:
            return indeterminate("names no key; the settings do not say whether there must be one", reading.path)
        if not asked:
            return NOT_APPLICABLE
        return fail("names no key; expected is a key of one's own", reading.path)


def expect_keys(uses: Mapping[str, str], *, by_tier: bool = False) -> Mapping[str, KeyExpectation]:
    """Make the expectation for each type of a table of types and the paths at which they name their key."""
    return {type_: KeyExpectation(Path(path), by_tier) for type_, path in uses.items()}


def reads_of(expectations: Mapping[str, KeyExpectation]) -> tuple[Read, ...]:
    """Give the documentation of such a table, for `Control.reads`."""
    return tuple(each.reads(type_) for type_, each in expectations.items())
