"""Public images."""

from dataclasses import dataclass
from functools import cache, lru_cache

from mockcloud.services.catalogues.tables import table


@dataclass(frozen=True, slots=True)
class Image:
    """A public image.

    Attributes:
        project: `debian-cloud`.
        name: `debian-12-bookworm-v20261111`.
        family: `debian-12`.
        size: GB of its disk.
        architecture: `X86_64` or `ARM64`.
    """

    project: str
    name: str
    family: str
    size: int
    architecture: str


@cache
def public_images(project: str) -> tuple[Image, ...]:
    """Give the images of a project; none for one that has no public images."""
    rows = table("images").get(project, {})
    return tuple(
        Image(project, row["image"], family, row["size"], row.get("architecture", "X86_64"))
        for family, row in rows.items()
    )


@lru_cache(maxsize=1)
def public_projects() -> frozenset[str]:
    """Give the projects that have public images."""
    return frozenset(table("images"))


def image_of_family(project: str, family: str) -> Image | None:
    """Give the newest image of a family, or None."""
    return next((each for each in public_images(project) if each.family == family), None)


def public_image(project: str, name: str) -> Image | None:
    """Give an image by its name, or None."""
    return next((each for each in public_images(project) if each.name == name), None)
