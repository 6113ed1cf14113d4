"""Whether address ranges overlap: within a plan, and with what its networks have already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
from typing import Any, Final

from groundplan_cli.preflight.model import Finding, Kind, Target, Unasked, is_disabled, told
from groundplan_cli.preflight.rehearsal import Made, Rehearsal
from mockcloud.pulumi.api import Refused

_COMPUTE: Final = "compute.googleapis.com"
_PRIVATE: Final = (ip_network("10.0.0.0/8"), ip_network("172.16.0.0/12"), ip_network("192.168.0.0/16"))


@dataclass(frozen=True, slots=True)
class Range:
    """An address range in a network.

    Attributes:
        network: `projects/acme/global/networks/core`.
        range: The addresses.
        what: What has it, for a message.
        urn: The resource of the plan; "" for what is there already.
    """

    network: str
    range: IPv4Network
    what: str
    urn: str = ""


def ranges(plan: Rehearsal, target: Target) -> Iterator[Finding | Unasked]:
    """Look for overlaps."""
    planned = list(_planned(plan))
    taken: list[Range] = []
    own = {each.id for each in plan.made}
    for project in sorted({each.network.split("/")[1] for each in planned}):
        if project in plan.creates_projects:
            continue
        try:
            taken += _existing(target, project, own)
        except Refused as refused:
            if is_disabled(refused.message):
                continue
            yield Unasked(kind=Kind.RANGE, about=f"networks of {project}", reason=told(refused))
    for index, one in enumerate(planned):
        for other in (*planned[:index], *taken):
            if one.network == other.network and one.urn != other.urn and one.range.overlaps(other.range):
                yield _overlap(one, other, [*planned, *taken])


def _overlap(one: Range, other: Range, all_ranges: list[Range]) -> Finding:
    project, network = one.network.split("/")[1], one.network.rpartition("/")[2]
    free = _free(one, [each.range for each in all_ranges if each.network == one.network])
    advice = f"take {free}, which is free" if free else "take a range that is free"
    return Finding(
        kind=Kind.RANGE,
        about=str(one.range),
        problem=f"{one.range} of {one.what} overlaps {other.range} of {other.what} in the network {network}",
        remedy=f"{advice}; see what is there: gcloud compute networks subnets list --network={network} "
        f"--project={project}",
        project=project,
        resources=tuple(each.urn for each in (one, other) if each.urn),
    )


def _free(one: Range, taken: list[IPv4Network]) -> str:
    """Give the first private range of the same size that nothing has: from the same block first."""
    blocks = sorted(_PRIVATE, key=lambda block: not one.range.subnet_of(block))  # type: ignore[arg-type] # all are of IPv4
    for block in blocks:
        start, end, size = int(block[0]), int(block[-1]), one.range.num_addresses
        while start + size - 1 <= end:
            found = IPv4Network((start, one.range.prefixlen))
            clash = next((each for each in taken if each.overlaps(found)), None)
            if clash is None:
                return str(found)
            start = (max(int(clash[-1]), int(found[-1])) // size + 1) * size
    return ""


def _planned(plan: Rehearsal) -> Iterator[Range]:
    for made in plan.of_type("compute/subnetwork:Subnetwork"):
        yield from _of_subnetwork(made, made.inputs)
    for made in plan.of_type("compute/globalAddress:GlobalAddress"):
        yield from _reserved(made.inputs, made.resource.name, made.project, made.resource.urn)


def _of_subnetwork(made: Made, inputs: Mapping[str, Any]) -> Iterator[Range]:
    network = full_name(str(inputs.get("network", "")), made.project)
    texts = [str(inputs.get("ipCidrRange", ""))]
    texts += [str(each.get("ipCidrRange", "")) for each in inputs.get("secondaryIpRanges") or ()]
    for text in texts:
        found = _read(text)
        if found is not None:
            yield Range(network, found, f"the subnetwork {made.resource.name}", made.resource.urn)


def _reserved(body: Mapping[str, Any], name: str, project: str, urn: str = "") -> Iterator[Range]:
    """Give a range that is reserved for services that are connected by peering."""
    found = _read(f"{body.get('address', '')}/{body.get('prefixLength', '')}")
    if body.get("purpose") == "VPC_PEERING" and found is not None:
        network = full_name(str(body.get("network", "")), project)
        yield Range(network, found, f"the reserved range {name}", urn)


def _existing(target: Target, project: str, own: set[str]) -> Iterator[Range]:
    listed = target.get(_COMPUTE, f"compute/v1/projects/{project}/aggregated/subnetworks?maxResults=500")
    for scope in listed.get("items", {}).values():
        for body in scope.get("subnetworks", ()):
            if full_name(str(body.get("selfLink", "")), project) in own:
                continue  # the plan's own, from an earlier deployment
            texts = [body.get("ipCidrRange", ""), *(each["ipCidrRange"] for each in body.get("secondaryIpRanges", ()))]
            for found in filter(None, map(_read, texts)):
                yield Range(full_name(str(body["network"]), project), found, f"the subnetwork {body['name']}")
    for body in target.pages(_COMPUTE, f"compute/v1/projects/{project}/global/addresses", "items"):
        if full_name(str(body.get("selfLink", "")), project) not in own:
            yield from _reserved(body, str(body.get("name", "")), project)


def full_name(link: str, project: str) -> str:
    """Give the full name of what a link, a path or a short name means: `projects/acme/global/networks/core`."""
    if "projects/" in link:
        return f"projects/{link.partition('projects/')[2]}"
    return f"projects/{project}/global/networks/{link.rpartition('/')[2]}"


def _read(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None
