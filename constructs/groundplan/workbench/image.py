"""What a notebook's machine starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class StockImage:
    """A family of virtual-machine images; the newest of it is used.

    The default is Google's own, which the Workbench documentation names (cloud.google.com/vertex-ai/docs/workbench).
    """

    project: str = "cloud-notebooks-managed"
    """Project that holds the images."""
    family: str = "workbench-instances"
    """Family of images."""


@dataclass(frozen=True, kw_only=True)
class ContainerImage:
    """A container that runs on a stock machine."""

    repository: str
    """The image's path without tag, such as ``europe-west4-docker.pkg.dev/acme-ml/images/notebook``."""
    tag: str
    """The image's tag; ``latest`` is refused, since nobody could say what ran."""


Image: TypeAlias = StockImage | ContainerImage
