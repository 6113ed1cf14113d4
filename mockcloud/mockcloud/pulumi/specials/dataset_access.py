"""Entries in the access list of a BigQuery dataset, each a resource of its own."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mockcloud.pulumi.api import NOT_FOUND, Refused
from mockcloud.pulumi.lifecycle import ONE_AT_A_TIME, Place, State
from mockcloud.pulumi.special import special

_HOST: Final = "bigquery.googleapis.com"
_GRANTED: Final = (
    ("userByEmail", "userByEmail"),
    ("groupByEmail", "groupByEmail"),
    ("domain", "domain"),
    ("specialGroup", "specialGroup"),
    ("iamMember", "iamMember"),
    ("view", "view"),
    ("routine", "routine"),
    ("authorizedDataset", "dataset"),
)
"""Properties that say to whom, and the fields of an entry that they are."""

_AS_BIGQUERY_HAS_THEM: Final = {
    "roles/bigquery.dataOwner": "OWNER",
    "roles/bigquery.dataEditor": "WRITER",
    "roles/bigquery.dataViewer": "READER",
}
"""Roles that BigQuery gives back by their older names. Source: BigQuery's reference of datasets, 2026-11."""

Entries = list[dict[str, Any]]


@special("bigquery/datasetAccess:DatasetAccess")
class DatasetAccess:
    """Entries of access lists. Every change makes a new one."""

    def __init__(self, token: str) -> None:
        self._token = token

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Add an entry."""
        entry = _entry(inputs)
        self._edit(place, inputs, lambda entries: [*(each for each in entries if not _same(each, entry)), entry])
        return State(_id(place, inputs), {**inputs, "project": place.project(inputs), "apiUpdatedMember": False})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Look for an entry."""
        known = {**outputs, **inputs}
        found = place.api.find(_HOST, f"bigquery/v2/{identifier}")
        if found is None or not any(_same(each, _entry(known)) for each in found.get("access", [])):
            return None
        return State(identifier, known)

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Keep an entry: only the provider's own settings change in place."""
        del place, changed
        return State(old.id, {**old.outputs, **inputs})

    def delete(self, place: Place, state: State) -> None:
        """Take an entry from the list."""
        entry = _entry(state.outputs)
        try:
            self._edit(place, state.outputs, lambda entries: [each for each in entries if not _same(each, entry)])
        except Refused as refused:
            if refused.status != NOT_FOUND:
                raise

    def _edit(self, place: Place, known: Mapping[str, Any], edit: Callable[[Entries], Entries]) -> None:
        path = f"bigquery/v2/{_id(place, known)}"
        with ONE_AT_A_TIME:
            found = place.api.call("GET", _HOST, path)
            body = {"access": edit(list(found.get("access", []))), "etag": found.get("etag", "")}
            place.api.call("PATCH", _HOST, path, body)


def _id(place: Place, known: Mapping[str, Any]) -> str:
    return f"projects/{place.project(known)}/datasets/{known['datasetId']}"


def _entry(known: Mapping[str, Any]) -> dict[str, Any]:
    """Give an entry as the API has it."""
    entry = {field: known[name] for name, field in _GRANTED if known.get(name)}
    role = known.get("role")
    if role:
        entry["role"] = _AS_BIGQUERY_HAS_THEM.get(str(role), role)
    if known.get("condition"):
        entry["condition"] = known["condition"]
    return entry


def _same(found: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    """Whether two entries say the same: BigQuery may add to what was sent, and names some roles anew."""
    role = _AS_BIGQUERY_HAS_THEM.get(str(found.get("role")), found.get("role"))
    return role == entry.get("role") and all(
        found.get(name) == value for name, value in entry.items() if name != "role"
    )
