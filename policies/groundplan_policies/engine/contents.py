"""Finds the resource entries in a document, in either of Pulumi's two formats."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from groundplan_policies.engine.errors import DocumentError
from groundplan_policies.engine.fields import Fields, kind
from groundplan_policies.engine.parse import EXPORT_AGAIN, FORMATS
from groundplan_policies.engine.values import Value

VERSIONS = (3, 4)
"""Versions of `pulumi stack export` that are read. Version 4 is version 3 with a list of the features in use."""

FEATURES = frozenset(
    {"byteString", "extensionParameterization", "hooks", "refreshBeforeUpdate", "replaceWith", "taint", "views"},
)
"""Features whose meaning is known (pkg/resource/stack/deployment.go). Missing on purpose is `snippets-prototype`: a
snippet makes resources that the document does not hold."""

_GONE = frozenset(
    {"delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace"},
)
"""The steps of a preview after which the resource is no more."""
_REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class Contents:
    """The entries of a document, before they are typed.

    Attributes:
        version: 3 or 4, 0 for preview steps.
        features: The features of a version 4 document.
        records: The entries that stay, in order.
        gone: URNs of the entries that the next update deletes, to which others may still refer.
        deleted: How many those are.
        steps: Whether they come from the steps of `pulumi preview --json`.
        gaps: What the document does not hold, each as a sentence without the full stop.
    """

    version: int
    features: tuple[str, ...]
    records: Sequence[Mapping[str, Value]]
    gone: frozenset[str]
    deleted: int
    steps: bool
    gaps: tuple[str, ...]


def read_contents(raw: Mapping[str, Value]) -> Contents:
    """Tell the formats apart and find the entries.

    Raises:
        DocumentError: It is neither format, or of a version or with a feature that is not known.
    """
    if "deployment" in raw:
        return _read_export(raw)
    if "steps" in raw or "changeSummary" in raw:
        return _read_steps(raw)
    keys = ", ".join(sorted(raw)[:5])
    raise DocumentError(
        "The JSON is no deployment document",
        given=f"an object with the keys {keys}" if keys else "an empty object",
        allowed=FORMATS,
        remedy=EXPORT_AGAIN,
    )


def _read_export(raw: Mapping[str, Value]) -> Contents:
    version = raw.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version not in VERSIONS:
        raise DocumentError(
            "The document is of a version that is not known",
            given=f"version {version}" if isinstance(version, int) else f"a version that is {kind(version)}",
            allowed="version 3 or 4",
            remedy="export it again with a current Pulumi; if it is newer than version 4, update groundplan",
        )
    fields = Fields(raw, "The document")
    features = fields.texts("features") if version >= VERSIONS[1] else ()
    unknown = sorted(set(features) - FEATURES)
    if unknown:
        raise DocumentError(
            "The document uses a feature that is not known",
            given=", ".join(unknown),
            allowed=", ".join(sorted(FEATURES)),
            remedy="update groundplan, or export from a stack without that feature",
        )
    deployment = Fields(fields.mapping("deployment"), "The deployment")
    entries = deployment.objects("resources")
    pending = deployment.objects("pending_operations")
    gone = [entry for entry in entries if entry.get("delete") is True]
    return Contents(
        version=version,
        features=features,
        records=[entry for entry in entries if entry.get("delete") is not True],
        gone=frozenset(str(entry.get("urn")) for entry in gone),
        deleted=len(gone),
        steps=False,
        gaps=tuple(_gaps_of_state(len(gone), len(pending))),
    )


def _read_steps(raw: Mapping[str, Value]) -> Contents:
    """Take the new state of every step. A replacement has several steps with one new state, so the last counts.

    Where the engine refreshes first, it reads all that is there, in any order, before the program says what is to be.
    """
    fields = Fields(raw, "The preview")
    entries: dict[str, Mapping[str, Value]] = {}
    refreshed: dict[str, Mapping[str, Value]] = {}
    gone: set[str] = set()
    for number, step in enumerate(fields.objects("steps"), start=1):
        each = Fields(step, f"Step {number} of the preview")
        urn, op = each.text("urn"), each.text("op")
        if op in _GONE:
            gone.add(urn)
        else:
            (refreshed if op == _REFRESH else entries)[urn] = each.mapping("newState")
    if not entries:
        entries = {urn: state for urn, state in refreshed.items() if state and urn not in gone}
    deleted = gone - entries.keys()
    _refuse_failed(fields)
    return Contents(
        version=0,
        features=(),
        records=list(entries.values()),
        gone=frozenset(gone),
        deleted=len(deleted),
        steps=True,
        gaps=tuple(_gaps_of_preview(fields)),
    )


def _refuse_failed(fields: Fields) -> None:
    """Refuse a preview that did not come to its end: nobody knows what it would have held."""
    failures = sum(1 for entry in fields.objects("diagnostics") if entry.get("severity") == "error")
    if failures:
        raise DocumentError(
            "The preview failed, so it does not hold every resource",
            given=f"a preview with {failures} errors among its diagnostics",
            allowed="a preview that came to its end",
            remedy="read the diagnostics in the file, mend the program, and run the preview again",
        )


def _gaps_of_state(gone: int, pending: int) -> Iterator[str]:
    if gone:
        yield f"{gone} resources that still exist wait to be deleted, and are not looked at"
    if pending:
        yield f"{pending} operations did not come to their end: run `pulumi refresh`"


def _gaps_of_preview(fields: Fields) -> Iterator[str]:
    """Find out whether a preview leaves out what does not change.

    The engine counts a step in the summary exactly when it may show it.
    """
    same = fields.mapping("changeSummary").get("same", 0)
    shown = sum(1 for step in fields.objects("steps") if step.get("op") == "same")
    if isinstance(same, int) and shown < same:
        hidden = same - shown
        yield f"{hidden} resources that do not change are left out: run `pulumi preview --json --show-sames`"
