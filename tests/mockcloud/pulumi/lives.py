"""Examples of resources, and their lives on a cloud: made, read, imported, changed, removed.

`examples/<module>.yaml` has one entry a type, or several told apart by `#`:

    pubsub/topic:Topic#keyed:
      inputs: {name: news, kmsKeyName: "${kms/cryptoKey:CryptoKey.id}"}
      change: {labels: {team: ml}}     # empty where every change makes a new one
      needs: [kms/cryptoKey:CryptoKey] # made first; an input may name any output of theirs
      id: projects/acme-dev/topics/news
      gives: {name: news}              # outputs beside the inputs
      imports: [acme-dev/news]         # what else it can be imported by
      unread: [messageStoragePolicy]   # inputs that the API never gives back
      lasting: true                    # it is there when it was removed
      unimportable: true               # its id does not say which one it is
      support: true                    # it is made for others alone: another example of its type shows its life
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.pulumi.api import Api
from mockcloud.pulumi.lifecycle import Place, Settings, State
from mockcloud.pulumi.naming import Naming
from mockcloud.pulumi.provider import Provider
from mockcloud.pulumi.values import plain
from mockcloud.simulator import new_cloud

EXAMPLES = Path(__file__).parent / "examples"
SETTINGS = Settings("acme-dev", "europe-west4", "europe-west4-a")


@dataclass(frozen=True)
class Example:
    """An example of a resource type. The fields are those of the files."""

    key: str
    inputs: Mapping[str, Any]
    change: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    id: str = ""
    gives: Mapping[str, Any] = field(default_factory=dict)
    imports: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    lasting: bool = False
    unimportable: bool = False
    support: bool = False

    @property
    def token(self) -> str:
        return f"gcp:{self.key.partition('#')[0]}"


@cache
def examples() -> Mapping[str, Example]:
    """Give all examples by key."""
    found: dict[str, Example] = {}
    for file in sorted(EXAMPLES.glob("*.yaml")):
        for key, written in (yaml.safe_load(file.read_bytes()) or {}).items():
            assert key not in found, f"{key} stands in two places"
            lists = {name: tuple(written[name]) for name in ("needs", "imports", "unread") if name in written}
            found[key] = Example(key, **{**written, **lists})
    return found


@dataclass
class World:
    """A cloud with a provider, and what was made there."""

    provider: Provider
    made: dict[str, State] = field(default_factory=dict)

    def make(self, key: str) -> dict[str, Any]:
        """Make an example, and what it needs, once. Gives its checked inputs."""
        example = examples()[key]
        for each in example.needs:
            if each not in self.made:
                self.make(each)
        inputs = self.checked(example, example.inputs)
        self.made[key] = self.provider.create(example.token, inputs, f"urn:pulumi:dev::acme::{example.token}::{key}")
        return inputs

    def checked(self, example: Example, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check inputs as the provider does, with what they name of other examples filled in."""
        name = re.sub(r"[^a-z0-9]+", "-", example.key.rpartition(":")[2].lower())
        checked = self.provider.check(example.token, self.filled(given), {}, Naming(name))
        assert checked.failures == []
        return checked.inputs

    def filled(self, value: Any) -> Any:
        """Fill in outputs of what was made."""
        if isinstance(value, dict):
            return {name: self.filled(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if isinstance(value, str):
            whole = re.fullmatch(r"\$\{([^}]+)\}", value)
            if whole:
                return self.output(whole[1])
            return re.sub(r"\$\{([^}]+)\}", lambda match: str(self.output(match[1])), value)
        return value

    def output(self, named: str) -> Any:
        key, _, name = named.rpartition(".")
        state = self.made[key]
        return state.id if name == "id" else plain(state.outputs[name])


def world() -> World:
    """Give a new world."""
    return World(Provider(Place(Api(InProcess(new_cloud(waits="poll"))), SETTINGS), strict=True))
