"""The ways in which the engine fails, by what it says then."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Known:
    """A way in which the engine fails.

    Attributes:
        says: What it says then.
        what, allowed, remedy: The parts of the error.
    """

    says: re.Pattern[str]
    what: str
    allowed: str
    remedy: str


def _known(says: str, what: str, allowed: str, remedy: str) -> Known:
    return Known(re.compile(says, re.IGNORECASE), what, allowed, remedy)


_ANY: Final = "NAME VERSION"
_PLUGIN: Final = re.compile(r"pulumi-resource-(?P<name>[a-z][a-z0-9-]*)'(?:[^\n]*? version v?(?P<version>\d[\w.+-]*))?")


def remedy_of(known: Known, text: str, *, mock: bool) -> str:
    """Give what to do.

    Args:
        known: The way in which the engine failed.
        text: What it said, which may name a plugin and its version.
        mock: Whether it worked on a mock cloud: other commands of `pulumi` work on another state than that.
    """
    remedy = known.remedy.partition(", or: pulumi ")[0] if mock else known.remedy
    if _ANY not in remedy:
        return remedy
    found = _PLUGIN.search(text)
    if found is not None:
        version = found["version"]
        remedy = remedy.replace(_ANY, f"{found['name']} {version}" if version else found["name"])
    of_google = found is not None and found["name"] == "gcp"
    return remedy if of_google and not mock else remedy.partition("; or use --mock")[0]


WHOLE: Final = (
    _known(
        r"incorrect passphrase|passphrase must be set|unable to find either `PULUMI_CONFIG_PASSPHRASE",
        "The secrets of the stack cannot be decrypted",
        "the passphrase with which the stack was made",
        "set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it",
    ),
    _known(
        r"PULUMI_ACCESS_TOKEN must be set|not logged in|you must log in|login required|credentials.*expired",
        "The engine is not logged in to a backend",
        "a backend, which keeps the state: Pulumi Cloud, a bucket or a directory",
        "log in: pulumi login, or pulumi login --local; or use --mock, which needs none",
    ),
    _known(
        r"no resource plugin|could not (find|load) plugin|no language plugin|failed to load .*plugin|"
        r"could not automatically download and install",
        "A plugin of the engine is missing",
        "the plugins that the program's packages name, installed",
        f"install it: pulumi plugin install resource {_ANY}; or use --mock, which needs no plugin for gcp",
    ),
    _known(
        r"violates plan|\bplan\b.*(mismatch|no steps|expected)|resource .*not in plan",
        "The program asks for something else than the saved plan",
        "the operations that the plan holds",
        "look at the difference with groundplan preview --engine pulumi, and save a new plan",
    ),
    _known(
        r"error reading from server: EOF|connection refused|transport is closing|code = Unavailable|"
        r"plugin .*(exited|crashed)|connection reset|error reading from server",
        "The provider stopped answering",
        "a provider that lives until the engine has ended",
        "run the command again: the state is whole, and it goes on where it stopped. If a mock cloud served, see that "
        "it runs: groundplan cloud state",
    ),
    _known(
        r"failed to load checkpoint: (unexpected )?EOF|failed to load checkpoint:.*unexpected end of JSON",
        "The state was read while another run wrote it",
        "one run at a time",
        "run the command again once the other has ended: the state is whole",
    ),
    _known(
        r"is protected|cannot be deleted.*protect|protect.*cannot be (deleted|replaced)",
        "A protected resource would be deleted or replaced",
        "changes that leave what is protected in place",
        "if it is to go, set protect=False in the program and run groundplan up first, or: pulumi state unprotect URN",
    ),
    _known(
        r"resource 'urn:[^']*' already exists",
        "The state has a resource of that type and name already",
        "a name that the stack does not use yet",
        "give another name, and write the resource into the program under it",
    ),
    _known(
        r"resource '[^']*' does not exist",
        "There is nothing of that id in the cloud",
        "the id of a resource that exists, in the form that the type's documentation has under Import",
        "look for it in the cloud (groundplan cloud state --help for a mock cloud), and correct the id",
    ),
)
PENDING: Final = _known(
    r"pending operations",
    "An earlier run was ended in the middle",
    "a state without pending operations",
    "run groundplan refresh, and look whether what was being made exists",
)
"""Also what the engine warns of before it goes on, so what failed afterwards comes first."""
ABSENT: Final = _known(
    r"\b404\b|not ?found",
    "Something that a resource refers to is not there",
    "references to what exists",
    "correct the name; or run groundplan refresh, if it was deleted outside",
)
BEFORE: Final = (
    "with groundplan up --mock in a project of its own, such as examples/prerequisites, "
    "or with Google's clients under groundplan cloud exec"
)
OF_RESOURCES: Final = (
    _known(
        r"\b409\b|already ?exists|already own",
        "A name is taken in the cloud",
        "names that are free, or resources that the state holds",
        "take it over with groundplan import, or give another name",
    ),
    _known(
        r"SERVICE_DISABLED|has not been used in project|is disabled",
        "An API is not enabled",
        "APIs that are enabled in the project",
        "enable it: gcloud services enable API --project PROJECT; then run the command again",
    ),
    _known(
        r"\b403\b|permission.?denied|forbidden|does not have .*access",
        "The cloud refuses it to you",
        "an account that may do it",
        "ask for the role that the message names, or see groundplan cloud log where it is a mock cloud",
    ),
    _known(
        r"\b429\b|quota|RESOURCE_EXHAUSTED",
        "A quota is used up",
        "what the project's quotas leave",
        "ask for more, or make less; then run the command again",
    ),
    ABSENT,
)
