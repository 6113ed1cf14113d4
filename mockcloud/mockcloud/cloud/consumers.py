"""On whose account a call goes: the project that must have the API enabled, and that pays.

The order is that of https://cloud.google.com/docs/quotas/set-quota-project (2026-11).
"""

from typing import Final

from mockcloud.cloud.access.members import project_of_account
from mockcloud.cloud.access.public import is_public
from mockcloud.cloud.call import Call

_HEADER: Final = "x-goog-user-project"
"""Header of HTTP and metadata of gRPC, in which clients name the project."""
_ANY: Final = frozenset({"", "-", "_"})
"""What stands in a path for no project, or for all."""


def stated(call: Call) -> str:
    """Give the id of the project that a call says it goes on; "" for none.

    Cloud Storage has a parameter for it beside the header.
    """
    named = call.request.headers.get(_HEADER, "").strip()
    if not named and call.api == "storage":
        named = call.text("userProject")
    return call.cloud.projects.id_of(named.removeprefix("projects/"))


def consumer(call: Call) -> str:
    """Give the id of the project on whose account a call goes; "" where there is none.

    It is the one that the call states; else the one in its path, where that is not a public one of Google's; else that
    of the service account that calls; else, for people, the one in which the cloud's clients run.
    """
    found = stated(call)
    if found:
        return found
    if call.project not in _ANY and not is_public(call.project):
        return call.project
    kind, _, email = call.caller.member.partition(":")
    if kind == "serviceAccount":
        return project_of_account(call.cloud, email)
    return call.cloud.instance.project if call.caller.member else ""
