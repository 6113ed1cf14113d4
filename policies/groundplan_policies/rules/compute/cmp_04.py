"""CMP-04: notebooks start from allowed images."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate

_NOTEBOOK: Final = "workbench.Instance"
_IMAGE, _CONTAINER = Path("gceSetup.vmImage"), Path("gceSetup.containerImage")
_PROJECT, _REPOSITORY = Path("gceSetup.vmImage.project"), Path("gceSetup.containerImage.repository")
_FAMILY, _NAME = Path("gceSetup.vmImage.family"), Path("gceSetup.vmImage.name")
_NONE: Final = (State.ABSENT, State.EMPTY)


def _check(resource: Resource, context: Context) -> Outcome:
    container = _CONTAINER.one(resource)
    if container.state not in _NONE:
        return _allowed(_REPOSITORY.one(resource), context)
    if _IMAGE.one(resource).state in _NONE:
        return fail("names no image, so that Google chooses", _IMAGE.text)
    return all_of([_allowed(_PROJECT.one(resource), context), _named(resource)])


def _named(resource: Resource) -> Outcome:
    family, name = _FAMILY.one(resource), _NAME.one(resource)
    given = [each for each in (family, name) if each.state not in _NONE]
    if not given:
        return fail("names neither a family of images nor one of them", _FAMILY.text)
    return all_of([_text(each) for each in given])


def _text(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=PASS)
    return missing or (PASS if isinstance(reading.value, str) else wrong_type(reading, "a text"))


def _allowed(place: Reading, context: Context) -> Outcome:
    """Say whether an image's project, or a container's repository, is one of those that the settings list."""
    missing = unreadable(place, absent=fail("says not where the image comes from", place.path))
    if missing is not None:
        return missing
    if not isinstance(place.value, str):
        return wrong_type(place, "a text")
    allowed = context.parameters.notebook_images
    if allowed is None:
        return indeterminate("the settings do not say where images of notebooks come from", place.path)
    inside = any(place.text == each or place.text.startswith(f"{each.rstrip('/')}/") for each in allowed)
    return PASS if inside else fail("is not among the sources of images that the settings allow", place.path)


CONTROL = Control(
    id="CMP-04",
    title="Notebooks start from allowed images",
    why=(
        "An image brings everything that runs on a notebook, with the rights of its account, and whatever its maker "
        "put in. It comes from a project, or as a container from a repository, that the settings list "
        "(`notebook_images`); what is below a repository counts. A family, or one image of it, is named, so that "
        "nobody is given another. A family gives the newest of its images, which is how holes are closed."
    ),
    remedy="Use Workbench, or set `vm_image` with an allowed project and a family.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b",),
    clauses=(partial("google-ai", "VAI-CO-4.5", "Notebooks made by others: an organisation policy."),),
    reads=(
        Read(_NOTEBOOK, "gceSetup.vmImage", wrong=Verdict.INDETERMINATE),
        Read(_NOTEBOOK, "gceSetup.vmImage.project"),
        Read(_NOTEBOOK, "gceSetup.vmImage.family"),
        Read(_NOTEBOOK, "gceSetup.vmImage.name", absent=Verdict.PASS, empty=Verdict.PASS),
        Read(
            _NOTEBOOK,
            "gceSetup.containerImage.repository",
            absent=Verdict.PASS,
            empty=Verdict.FAIL,
        ),
    ),
    checks={_NOTEBOOK: _check},
    settings=("notebook_images",),
)
