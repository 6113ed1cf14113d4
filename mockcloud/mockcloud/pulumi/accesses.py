"""The policies of BigQuery's datasets, which are lists of accesses: a dataset has no methods for its policy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.policies import Guarded, Policy
from mockcloud.pulumi.templates import fill

_ROLES: Final = {
    "OWNER": "roles/bigquery.dataOwner",
    "WRITER": "roles/bigquery.dataEditor",
    "READER": "roles/bigquery.dataViewer",
}
"""The roles that a dataset has names of its own for."""
_OWN: Final = {role: name for name, role in _ROLES.items()}
_FIELDS: Final = {"groupByEmail": "group", "domain": "domain", "specialGroup": "specialGroup"}
_KINDS: Final = {kind: name for name, kind in _FIELDS.items()} | {
    "user": "userByEmail",
    "serviceAccount": "userByEmail",
}
_OF_ACCOUNTS: Final = ".gserviceaccount.com"


@dataclass(frozen=True)
class Accesses:
    """Policies that are the accesses of a dataset. Accesses of views, routines and datasets stay as they are.

    Attributes:
        of: The dataset.
    """

    of: Guarded

    def get(self, place: Place, values: Mapping[str, str]) -> Policy:
        """Read a policy."""
        found = self._dataset(place, values)
        return {"bindings": _bindings(found.get("access", [])), "etag": found.get("etag", "")}

    def put(self, place: Place, values: Mapping[str, str], policy: Policy) -> None:
        """Set a policy."""
        others = [each for each in self._dataset(place, values).get("access", []) if _member(each) is None]
        access = [*_accesses(policy.get("bindings", [])), *others]
        place.api.call("PATCH", self.of.host, self._path(values), {"access": access})

    def _dataset(self, place: Place, values: Mapping[str, str]) -> dict[str, Any]:
        return place.api.call("GET", self.of.host, self._path(values))

    def _path(self, values: Mapping[str, str]) -> str:
        return f"{self.of.version}/{fill(self.of.self, values)}?accessPolicyVersion=3"


def _bindings(access: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in access:
        member = _member(each)
        if member is None:
            continue
        role, condition = str(each.get("role", "")), each.get("condition")
        binding = found.setdefault(
            (role, str(condition)),
            {"role": _ROLES.get(role, role), "members": [], **({"condition": condition} if condition else {})},
        )
        binding["members"].append(member)
    return list(found.values())


def _member(access: Mapping[str, Any]) -> str | None:
    """Give the member of an access; None for one that is no one's."""
    if email := access.get("userByEmail"):
        return f"{'serviceAccount' if str(email).endswith(_OF_ACCOUNTS) else 'user'}:{email}"
    for name, kind in _FIELDS.items():
        if value := access.get(name):
            return f"{kind}:{value}"
    return access.get("iamMember")


def _accesses(bindings: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for binding in bindings:
        role = _OWN.get(binding["role"], binding["role"])
        condition = {"condition": binding["condition"]} if binding.get("condition") else {}
        for member in binding.get("members", []):
            kind, _, value = str(member).partition(":")
            who = {_KINDS[kind]: value} if kind in _KINDS else {"iamMember": member}
            yield {"role": role, **who, **condition}
