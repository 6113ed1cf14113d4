"""Images of disks as programs name them, and disks that are made of them.

Source of the behaviour: the provider's documentation of `image` (an image, a family, or one of a public project).
"""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled

_HOST: Final = "compute.googleapis.com"
_VERSION: Final = "compute/beta"

_PUBLIC: Final = {
    "centos": "centos-cloud",
    "cos": "cos-cloud",
    "debian": "debian-cloud",
    "opensuse": "opensuse-cloud",
    "rhel": "rhel-cloud",
    "rocky": "rocky-linux-cloud",
    "sles": "suse-cloud",
    "ubuntu": "ubuntu-os-cloud",
    "windows": "windows-cloud",
    "windows-sql": "windows-sql-cloud",
}
"""First words of images that everybody knows, and the projects that they are in."""


def image_name(place: Place, text: str, project: str) -> str:
    """Give the full name of an image: of `debian-cloud/debian-12`, `family/gpu`, `debian-12`, a link or a full name.

    Args:
        place: The cloud.
        text: What a program says.
        project: Project of an image that says none.
    """
    if text.startswith(("projects/", "http")):
        return text
    if text.startswith("global/"):
        return f"projects/{project}/{text}"
    words = text.split("/")
    known = _PUBLIC.get(words[-1].partition("-")[0], "")
    match words:
        case ["family", family]:
            return f"projects/{project}/global/images/family/{family}"
        case [owner, "family", family]:
            return f"projects/{owner}/global/images/family/{family}"
        case [owner, name]:
            return _image(place, owner, name)
        case _:
            own = f"projects/{project}/global/images/{text}"
            there = not known or place.api.find(_HOST, f"{_VERSION}/{own}") is not None
            return _image(place, project if there else known, text)


def _image(place: Place, project: str, name: str) -> str:
    """Give an image's full name, or that of the family, where there is no image of the name."""
    own = f"projects/{project}/global/images/{name}"
    family = f"projects/{project}/global/images/family/{name}"
    if place.api.find(_HOST, f"{_VERSION}/{own}") is None and place.api.find(_HOST, f"{_VERSION}/{family}") is not None:
        return family
    return own


@special_row("compute/disk:Disk", "compute/regionDisk:RegionDisk")
class Disk(Tabled):
    """Disks."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = super()._creation(place, values, inputs)
        if body.get("sourceImage"):
            body["sourceImage"] = image_name(place, str(body["sourceImage"]), str(values.get("project", "")))
        return body
