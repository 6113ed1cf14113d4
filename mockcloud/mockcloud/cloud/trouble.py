"""What trouble looks like: which calls it meets, and Google's answers in it."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import translate
from typing import TYPE_CHECKING, Any, Final

from mockcloud.cloud.errors import STATUS_OF_HTTP, ApiError
from mockcloud.discovery.methods import Kind

if TYPE_CHECKING:
    from mockcloud.cloud.call import Call

_MESSAGES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("Request contains an invalid argument.", "badRequest"),
    401: ("Request had invalid authentication credentials.", "authError"),
    403: ("The caller does not have permission.", "forbidden"),
    404: ("Requested entity was not found.", "notFound"),
    408: ("The request timed out.", "requestTimeout"),
    409: ("The operation was aborted.", "aborted"),
    412: ("At least one of the pre-conditions you specified did not hold.", "conditionNotMet"),
    429: ("Resource has been exhausted (e.g. check quota).", "rateLimitExceeded"),
    500: ("Internal error encountered.", "backendError"),
    502: ("The server received an invalid response.", "backendError"),
    503: ("The service is currently unavailable.", "backendError"),
    504: ("Deadline expired before operation could complete.", "backendError"),
}
_STATUSES: Final[Mapping[int, str]] = {408: "DEADLINE_EXCEEDED", 409: "ABORTED", 502: "UNAVAILABLE"}

_FAMILIES: Final[Mapping[str, str]] = {
    "a2-highgpu": "nvidia-tesla-a100",
    "a2-megagpu": "nvidia-tesla-a100",
    "a2-ultragpu": "nvidia-a100-80gb",
    "a3-highgpu": "nvidia-h100-80gb",
    "a3-edgegpu": "nvidia-h100-80gb",
    "a3-megagpu": "nvidia-h100-mega-80gb",
    "a3-ultragpu": "nvidia-h200-141gb",
    "a4-highgpu": "nvidia-b200",
    "a4x-highgpu": "nvidia-gb200",
    "g2-standard": "nvidia-l4",
    "g4-standard": "nvidia-rtx-pro-6000",
}
"""Accelerator that belongs to a machine family (cloud.google.com/compute/docs/gpus, 2026-11)."""

_TPU_MACHINE: Final = re.compile(r"ct\d+[a-z]*-")
_NONE_LEFT: Final = "There are not enough resources of the accelerator available here."


class Pattern:
    """A text with `*` and `?` in it, which names many things.

    Args:
        text: The text. Capitals count; `*` stands for slashes and dots too.
    """

    def __init__(self, text: str) -> None:
        self._all = text == "*"
        self._pattern = re.compile(translate(text))

    def fits(self, *names: str) -> bool:
        """Whether it means one of some names."""
        return self._all or any(self._pattern.match(each) for each in names)


def target(call: "Call") -> tuple[str, ...]:
    """Give the names that a call is about: the one of its path, and where it makes something also the new one's."""
    if call.method.kind is not Kind.CREATE:
        return (call.name,)
    parameter = call.method.id_parameter
    chosen = call.text(parameter) if parameter else ""
    chosen = chosen or str(call.body.get("name", "")).rpartition("/")[2]
    return (call.name, f"{call.name}/{chosen}") if chosen else (call.name,)


def refusal(code: int, message: str = "", retry_after: int = 0) -> ApiError:
    """Give an error with Google's usual words for its status.

    Args:
        code: HTTP status.
        message: Other words.
        retry_after: Seconds after which the client is asked to try again; 0 for not saying.
    """
    words, reason = _MESSAGES.get(code, ("The request failed.", "backendError"))
    status = _STATUSES.get(code) or STATUS_OF_HTTP.get(code) or ("FAILED_PRECONDITION" if code < 500 else "INTERNAL")  # noqa: PLR2004
    return ApiError(
        code,
        status,
        message or words,
        reason=reason,
        details=[{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{retry_after}s"}]
        if retry_after
        else (),
        headers={"Retry-After": str(retry_after)} if retry_after else None,
    )


def out_of_stock(call: "Call", message: str = "") -> ApiError:
    """Give the error of an API whose accelerators are gone, as each says it.

    Compute speaks of the pool of a zone (cloud.google.com/compute/docs/troubleshooting/troubleshooting-vm-creation),
    GKE of a stockout of Compute, and Vertex AI, TPU and the rest of exhausted resources.
    """
    place = call.location or "this location"
    project = call.project or "-"
    pool = (
        f"The zone 'projects/{project}/zones/{place}' does not have enough resources available to fulfill the request. "
        "Try a different zone, or try again later."
    )
    if call.api == "compute":
        return ApiError(503, "UNAVAILABLE", message or pool, reason="ZONE_RESOURCE_POOL_EXHAUSTED")
    words = {
        "aiplatform": f"Resources are insufficient in region: {place}. Please try another region or accelerator.",
        "tpu": f'There is no more capacity in the zone "{place}"; try another zone that offers Cloud TPU.',
        "container": f"Google Compute Engine: {pool} (GCE_STOCKOUT)",
        "notebooks": f"ZONE_RESOURCE_POOL_EXHAUSTED: {pool}",
    }.get(call.api, _NONE_LEFT)
    return ApiError(429, "RESOURCE_EXHAUSTED", message or words, reason="resourceExhausted")


def asks_for_accelerator(body: Mapping[str, Any], wanted: str) -> bool:
    """Whether a body asks for an accelerator, or for a machine type that has some.

    Args:
        body: The body of a call.
        wanted: Name of the accelerator with `*`, in any API's spelling: `nvidia-l4`, `NVIDIA_L4`.
    """
    pattern = Pattern(_spelt(wanted))
    return any(pattern.fits(each) for each in _accelerators(body))


def _spelt(name: str) -> str:
    """Give a name in one spelling: APIs write `NVIDIA_L4`, `nvidia-l4`, or a link that ends in it."""
    return name.rpartition("/")[2].lower().replace("_", "-")


def _accelerators(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _accelerators(each)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if not isinstance(each, str):
                yield from _accelerators(each)
            elif key == "machineType":
                yield from _of_machine(_spelt(each))
            elif (key == "acceleratorType" or (key == "type" and "coreCount" in value)) and "UNSPECIFIED" not in each:
                yield _spelt(each)


def _of_machine(machine: str) -> Iterator[str]:
    family = machine.rpartition("-")[0]
    if family in _FAMILIES:
        yield from (_FAMILIES[family], machine)
    elif _TPU_MACHINE.match(machine):
        yield machine
