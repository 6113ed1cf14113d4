"""Where remote repositories fetch from: Google's presets, and addresses, held to the list of the settings."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, fail, indeterminate
from groundplan_policies.rules.supply.repositories import repository_of

CONFIG = Path("remoteRepositoryConfig")
PRESETS: Final = tuple(
    Path(f"{CONFIG.text}.{each}Repository.publicRepository") for each in ("docker", "maven", "npm", "python")
)
"""Properties that name one of Google's presets by a word."""
SYSTEMS: Final = tuple(
    Path(f"{CONFIG.text}.{each}Repository.publicRepository.repositoryBase") for each in ("apt", "yum")
)
"""Properties that name one by a word with a path."""
ADDRESSES: Final = tuple(
    Path(f"{CONFIG.text}.{each}")
    for each in (
        "commonRepository.uri",
        *(f"{each}Repository.customRepository.uri" for each in ("docker", "maven", "npm", "python")),
    )
)
"""Properties that name an address, or a repository of Artifact Registry."""
_SECURE: Final = "https://"


def judge_upstreams(resource: Resource, context: Context) -> Iterator[Outcome]:
    """Say of each upstream of a repository whether it is one of the allowed. Most repositories have none or one."""
    for path in (*PRESETS, *SYSTEMS, *ADDRESSES):
        reading = path.one(resource)
        if reading.state is State.ABSENT:
            continue
        missing = unreadable(reading, absent=PASS, empty=indeterminate("is empty", reading.path))
        if missing is None and not isinstance(reading.value, str):
            missing = wrong_type(reading, "a text")
        named = repository_of(resource, reading, context.graph) if path in ADDRESSES else None
        if named is not None and not named.external:
            yield PASS
        elif missing is not None:
            yield missing
        else:
            yield _listed(reading, context, address=path in ADDRESSES)


def _listed(reading: Reading, context: Context, *, address: bool) -> Outcome:
    if address and "://" in reading.text and not reading.text.startswith(_SECURE):
        return fail("is no https address, so that anybody on the way can change what comes", reading.path)
    allowed = context.parameters.allowed_upstreams
    if allowed is None:
        return indeterminate("cannot be judged: the settings do not say which upstreams may be used", reading.path)
    name = reading.text.rstrip("/")
    listed = {each.rstrip("/") for each in allowed}
    if name in listed or (address and name.startswith(tuple(f"{each}/" for each in listed))):
        return PASS
    return fail("is no upstream that the settings allow", reading.path)
