"""What the console says of access: who has which role where, and who may do something."""

from collections.abc import Mapping

from mockcloud.cloud.callers import NOBODY, Caller
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.doors.console.views import Json

EVERYBODY = "allUsers"
_SETS = ("domain:", "principalSet:", "projectOwner:", "projectEditor:", "projectViewer:", "allAuthenticatedUsers")
"""Members that are no caller by themselves, and are not asked."""


def policies(cloud: Cloud) -> Json:
    """Give every binding: who has which role where, and how late a changed policy counts."""
    return {
        "delay": cloud.access.delay.total_seconds(),
        "bindings": [
            {
                "api": api,
                "name": name,
                "role": binding.get("role", ""),
                "member": member,
                "condition": binding.get("condition"),
            }
            for (api, name), policy in sorted(cloud.store.policies.items())
            for binding in policy.get("bindings", [])
            for member in binding.get("members", [])
        ],
    }


def who_can(cloud: Cloud, query: Mapping[str, str]) -> Json:
    """Give those of the members that policies name who have a permission on a resource, as IAM would decide.

    Args:
        cloud: The cloud.
        query: `permission`, and `at`: API, slash, full name of the resource.
    """
    permission, (api, _, name) = query.get("permission", "").strip(), query.get("at", "").strip().partition("/")
    able: list[str] = []
    unknown: dict[str, str] = {}
    for member in _members(cloud) if permission and name else ():
        caller = NOBODY if member == EVERYBODY else Caller(member)
        try:
            if cloud.access.allows(caller, permission, api, name):
                able.append(member)
        except ApiError as error:
            unknown[member] = error.message
    return {"members": able, "unknown": unknown, "decides": cloud.rules.names}


def _members(cloud: Cloud) -> list[str]:
    found = {
        member
        for policy in cloud.store.policies.values()
        for binding in policy.get("bindings", [])
        for member in binding.get("members", [])
    }
    return sorted(each for each in found if not each.startswith(_SETS))
