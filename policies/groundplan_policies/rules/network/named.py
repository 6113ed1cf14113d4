"""Networks by name: that one is given, and that it is not the one which Google puts into new projects.

That network is named `default`, has a subnet of the same name in every region, and firewall rules that let in SSH and
RDP from anywhere. Whatever is told no network stands in it.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Read
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict, all_of, fail

NETWORKS = ("compute.Subnetwork", "compute.Network")
"""Types of which the name of a network or subnet may come."""

_NAME = Path("name")
_DEFAULT = "is the network that Google puts into new projects; expected is a network of your own"


@lru_cache(maxsize=4096)
def last_part(name: str) -> str:
    """Give the last part of a name, in lower case: `core` of `projects/acme/global/networks/core`."""
    return name.strip().rstrip("/").rpartition("/")[2].lower()


@lru_cache(maxsize=4096)
def _is_own(name: str) -> bool:
    """Whether a name, all of which is known, is that of another network than the default one."""
    return not is_unknown(name) and last_part(name) not in {"", "default"}


def judge_network(resource: Resource, reading: Reading, context: Context) -> Outcome:
    """Say whether the name of a network or subnet is another than `default`; not applicable where none is given.

    Only the last part decides, so a name whose project is unknown is judged if its last part is known. Where that is
    unknown too, the resource of this document decides from which it comes.
    """
    if reading.state in {State.ABSENT, State.EMPTY}:
        return NOT_APPLICABLE
    text = reading.value if reading.state in {State.KNOWN, State.UNKNOWN} else None
    if isinstance(text, str) and (reading.state is State.KNOWN or not is_unknown(last_part(text))):
        return _judge_text(text, reading.path)
    if reading.state is State.UNKNOWN:
        made = context.graph.resolve(resource, reading, *NETWORKS)
        if made is not None:
            return _judge_made(made, reading.path)
    return unreadable(reading, absent=NOT_APPLICABLE) or wrong_type(reading, "a text")


def _judge_text(text: str, path: str) -> Outcome:
    match last_part(text):
        case "":
            return NOT_APPLICABLE
        case "default":
            return fail(_DEFAULT, path, "default")
        case _:
            return PASS


def _judge_made(made: Resource, path: str) -> Outcome:
    """Judge a network of this document. Without a name of its own Pulumi makes one up, which is never `default`."""
    name = _NAME.one(made)
    if name.state in {State.ABSENT, State.EMPTY}:
        return PASS
    if name.state is State.KNOWN and name.text:
        return _judge_text(name.text, path)
    return unreadable(Reading(path, name.state), absent=PASS) or wrong_type(Reading(path, name.state), "a text")


@dataclass(frozen=True)
class NamedNetwork:
    """A check: each block names a network, and none names `default`.

    Attributes:
        block: Path of the block, or of the list of blocks, such as `gceSetup.networkInterfaces`; "" for the resource.
        names: The properties of which one must be set, the usual one first: `("subnet", "network")`.
    """

    block: str
    names: tuple[str, ...]

    @cached_property
    def _path(self) -> Path:
        return Path(self.block)

    @cached_property
    def _tops(self) -> tuple[Path, ...]:
        return tuple(map(Path, self.names))

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource."""
        if not self.block:
            return self._judge(resource, [each for path in self._tops for each in path.read(resource)], context)
        if self._passes_at_once(self._path.plain(resource.inputs)):
            return PASS
        blocks = [each for reading in self._path.read(resource) for each in entries(reading)]
        return all_of([self._look(resource, block, context) for block in blocks])

    def _passes_at_once(self, blocks: object) -> bool:
        """Whether this is the usual good case: a list of blocks with known names. False says nothing."""
        if not isinstance(blocks, list) or not blocks:
            return False
        for block in blocks:
            if not isinstance(block, dict):
                return False
            names = [name for path in self._tops if (name := path.plain(block)) is not None]
            if not names or not all(isinstance(name, str) and _is_own(name) for name in names):
                return False
        return True

    def reads(self, type_: str) -> tuple[Read, ...]:
        """Give what this says of missing values: of the first name where it stands alone, of others beside it."""
        first, *others = (f"{self.block}.{name}".lstrip(".") for name in self.names)
        beside = (Read(type_, path, absent=Verdict.PASS, empty=Verdict.PASS) for path in others)
        return (Read(type_, first), *beside)

    def _look(self, resource: Resource, block: Reading, context: Context) -> Outcome:
        if block.state in {State.UNKNOWN, State.SECRET, State.WRONG}:
            return unreadable(block, absent=NOT_APPLICABLE) or NOT_APPLICABLE
        readings = [each for name in self.names for each in read_value(block.value, block.path, name)]
        return self._judge(resource, readings, context)

    @staticmethod
    def _judge(resource: Resource, readings: list[Reading], context: Context) -> Outcome:
        outcome = all_of([judge_network(resource, reading, context) for reading in readings])
        if outcome is NOT_APPLICABLE:
            return fail("is absent; expected is a network of your own, not the default one", readings[0].path)
        return outcome
