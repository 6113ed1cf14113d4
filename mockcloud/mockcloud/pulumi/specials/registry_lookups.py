"""Functions that find images and packages in Artifact Registry, and tell the addresses of the older registry.

Source of the behaviour: terraform-provider-google, in `google/services/`:
`artifactregistry/data_source_artifact_registry_*.go`, `containeranalysis/data_source_container_registry_*.go`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.lookup import Absent

_HOST: Final = "artifactregistry.googleapis.com"


def _above(place: Place, arguments: Mapping[str, Any]) -> str:
    project, location = place.project(arguments), arguments["location"]
    return f"projects/{project}/locations/{location}/repositories/{arguments['repositoryId']}"


@function("artifactregistry/getDockerImage:getDockerImage")
def _image(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    above, wanted = _above(place, arguments), str(arguments["imageName"])
    identifier = f"{above}/dockerImages/{wanted}"
    for each in _images(place, f"{above}/dockerImages?orderBy={quote('update_time desc')}"):
        if _is_meant(each, wanted):
            return {**_image_told(each), **arguments, "project": place.project(arguments), "id": identifier}
    raise Absent("artifactregistry/getDockerImage", identifier)


@function("artifactregistry/getDockerImages:getDockerImages")
def _all_images(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    above = f"{_above(place, arguments)}/dockerImages"
    found = [_image_told(each) for each in _images(place, above)]
    return {**arguments, "project": place.project(arguments), "id": above, "dockerImages": found}


def _images(place: Place, path: str) -> Iterator[dict[str, Any]]:
    return place.api.pages(_HOST, f"v1/{path}", "dockerImages")


def _is_meant(image: Mapping[str, Any], wanted: str) -> bool:
    """Whether an image is the one of `name@digest`, or of `name:tag`; of a name alone, any is."""
    name, mark, digest = wanted.partition("@")
    tag = ""
    if not mark:
        name, _, tag = wanted.partition(":")
    full = str(image["name"])
    fits = f"/{quote(name, safe='')}@" in full and (not digest or full.endswith(f"@{digest}"))
    return fits and (not tag or tag in image.get("tags", []))


def _image_told(image: Mapping[str, Any]) -> dict[str, Any]:
    name = str(image["name"]).rpartition("/")[2].partition("@")[0]
    return {**image, "selfLink": image.get("uri", ""), "imageName": name}


def _packages(kind: str, function_name: str) -> None:
    """Register the function that finds a package by `name` or `name:version`."""
    collection = f"{kind}Packages"

    def find(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
        above = _above(place, arguments)
        name, _, version = str(arguments["packageName"]).partition(":")
        for each in place.api.pages(_HOST, f"v1/{above}/{collection}", collection):
            if each.get("packageName") == name and version in ("", each.get("version")):
                return {**each, **arguments, "project": place.project(arguments), "id": each["name"]}
        raise Absent(f"artifactregistry/{function_name}", f"{above}/{collection}/{arguments['packageName']}")

    function(f"artifactregistry/{function_name}:{function_name}")(find)


_packages("npm", "getNpmPackage")
_packages("python", "getPythonPackage")


@function("container/getRegistryRepository:getRegistryRepository")
def _repository(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    address = _address(place, arguments)
    return {**arguments, "project": place.project(arguments), "id": address, "repositoryUrl": address}


@function("container/getRegistryImage:getRegistryImage")
def _registry_image(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    digest, tag = arguments.get("digest"), arguments.get("tag")
    end = f"@{digest}" if digest else f":{tag}" if tag else ""
    address = f"{_address(place, arguments)}/{arguments['name']}{end}"
    return {**arguments, "project": place.project(arguments), "id": address, "imageUrl": address}


def _address(place: Place, arguments: Mapping[str, Any]) -> str:
    """Give the address of a project's registry. A project of a domain has it before its own name."""
    region = f"{arguments['region']}." if arguments.get("region") else ""
    return f"{region}gcr.io/{place.project(arguments).replace(':', '/')}"
