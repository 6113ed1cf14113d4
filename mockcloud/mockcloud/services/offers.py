"""What a call asks for, held to the catalogues: its location, machine types with their accelerators, types of disks.

The tables lag behind Google: what they do not know at all, such as a family of machines that is new, is taken.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.discovery.methods import Kind
from mockcloud.discovery.schemas import Violation
from mockcloud.services import catalogues
from mockcloud.services.catalogues.tables import table

_WITH_MACHINES: Final = frozenset({"aiplatform", "compute", "container", "dataproc", "notebooks"})
_MACHINES: Final = ("machineType", "machineTypeUri")
_ACCELERATORS: Final = ("guestAccelerators", "acceleratorConfigs", "accelerators")
_DISKS: Final = ("diskType", "bootDiskType")
_ASKING: Final = frozenset({*_MACHINES, *_DISKS})
_ANYWHERE: Final = frozenset({"global", "-"})
_MULTI_REGION: Final = re.compile(r"(?:asia|ca|eu|eur|europe|in|nam|nam-eur-asia|us)\d{0,2}")
"""Multi-regions and dual-regions of all services (cloud.google.com/kms/docs/locations and the like, 2026-11)."""
_N1: Final = "n1-"


def hold(call: Call) -> None:
    """Hold a call to what there is.

    Raises:
        ApiError: 400.
    """
    if call.method.kind is Kind.CREATE:
        _hold_location(call)
    if call.api in _WITH_MACHINES and call.body:
        for each in _that_ask(call.body):
            _hold_machine(call, each)
            _hold_disk(call, each)


def _that_ask(body: object) -> list[Mapping[str, Any]]:
    """Give the objects of a body that name a machine type or a type of disks."""
    found: list[Mapping[str, Any]] = []
    asked = [body]
    for each in asked:  # which grows meanwhile
        if isinstance(each, dict):
            if not _ASKING.isdisjoint(each):
                found.append(each)
            asked += each.values()
        elif isinstance(each, list):
            asked += each
    return found


# Places
# ---------------------------------------------------------------------------------------------------------------------


def _hold_location(call: Call) -> None:
    parts = call.name.split("/")
    if parts[0] != "projects" or "locations" not in parts[2:3] or len(parts) < 4 or parts[3] in _ANYWHERE:  # noqa: PLR2004 - projects/P/locations/L
        return
    if not _is_place(call.api, parts[3]):
        why = "Ask locations.list for those that there are."
        raise invalid(f"Location '{parts[3]}' is not a valid location. {why}", Violation("parent", why))


@cache
def _is_place(api: str, name: str) -> bool:
    """Whether an API may be somewhere: where its row says, else in every region, zone and multi-region."""
    if "regions" in table("locations").get(api, {}):
        return name in catalogues.locations(api)
    only_for_tpus = {place for each in table("tpus")["zones"].items() for place in each}
    known = name in catalogues.regions() or name in catalogues.zones() or name in only_for_tpus
    # BigQuery writes its multi-regions in capitals.
    return known or _MULTI_REGION.fullmatch(name.lower()) is not None


# Machines
# ---------------------------------------------------------------------------------------------------------------------


def _hold_machine(call: Call, body: Mapping[str, Any]) -> None:
    given = next((body[each] for each in _MACHINES if isinstance(body.get(each), str)), "")
    name = given.rpartition("/")[2]
    if not name:
        return
    if call.api != "compute":  # there it is a link, which is looked up with all others
        _hold_type(call, name)
    for kind, count in _accelerators(body):
        _hold_accelerator(name, kind, count)


def _hold_type(call: Call, name: str) -> None:
    if not catalogues.may_be_a_machine_type(name):
        raise _refused("machine_type", f'Machine type "{name}" is not supported.')
    zone = call.location if call.location in catalogues.zones() else ""
    if zone and catalogues.machine_type(name) is not None and not catalogues.offered(name, zone):
        raise _refused("machine_type", f'Machine type "{name}" is not to be had in zone "{zone}".')


def _accelerators(body: Mapping[str, Any]) -> Iterator[tuple[str, int | None]]:
    """Give types and numbers of the accelerators beside a machine type; None for a number that is not said."""
    listed = [each for key in _ACCELERATORS for each in body.get(key, ()) if isinstance(each, Mapping)]
    for each in [body, *listed]:
        kinds = (
            ("acceleratorType", "acceleratorTypeUri")
            if each is body
            else ("acceleratorType", "acceleratorTypeUri", "type")
        )
        kind = next((each[key] for key in kinds if isinstance(each.get(key), str)), "")
        if kind:
            count = each.get("acceleratorCount", each.get("coreCount"))
            yield kind, int(count) if count is not None else None


def _hold_accelerator(machine: str, kind: str, count: int | None) -> None:
    known = catalogues.accelerators().get(kind.rpartition("/")[2].lower().replace("_", "-").removesuffix("-vws"))
    if known is None or count == 0:
        return
    built_in = catalogues.machine_type(machine)
    counts = known.counts
    fits = bool(counts) and machine.startswith(_N1)
    if built_in is not None and built_in.gpu:
        fits, counts = known.name == built_in.gpu, (built_in.gpus,)
    if not fits:
        raise _refused("accelerator_type", f'Accelerator "{kind}" is not supported for machine type "{machine}".')
    if count is not None and count not in counts:
        allowed = ", ".join(map(str, counts))
        why = f'Machine type "{machine}" takes {allowed} of accelerator "{kind}", not {count}.'
        raise _refused("accelerator_count", why)


def _hold_disk(call: Call, body: Mapping[str, Any]) -> None:
    if call.api not in {"container", "dataproc"}:  # others have an enumeration, or a link that is looked up
        return
    for key in _DISKS:
        given = body.get(key)
        if isinstance(given, str) and given and given.rpartition("/")[2] not in table("disks"):
            raise _refused("disk_type", f'Disk type "{given}" is not supported.')


def _refused(field: str, why: str) -> ApiError:
    return invalid(why, Violation(field, why))
