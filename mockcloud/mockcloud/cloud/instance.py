"""The machine on which a client thinks that it runs: what the metadata server tells it."""

from dataclasses import dataclass
from typing import Final

DEFAULT_SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)


@dataclass(frozen=True, slots=True)
class Instance:
    """A virtual machine, as its metadata server describes it.

    Attributes:
        project: Id of its project.
        zone: Its zone.
        name: Its name.
        account: Address of its service account; "" for the project's default account of Compute Engine.
        scopes: Scopes of its tokens.
    """

    project: str = "mock-project"
    zone: str = "us-central1-a"
    name: str = "mock-instance"
    account: str = ""
    scopes: tuple[str, ...] = DEFAULT_SCOPES
