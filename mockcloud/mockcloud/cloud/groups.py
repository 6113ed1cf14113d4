"""Groups: who is in them. Google has them in Cloud Identity; here a test says it."""

from typing import TYPE_CHECKING, Final

from mockcloud.cloud.access.members import canonical
from mockcloud.cloud.store import Record
from mockcloud.errors import Error

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API: Final = "cloudidentity"
"""API whose resources the groups are. No description of it is served."""


class NoSuchMember(Error):
    """What is to be in a group is no member as IAM writes it."""


class Groups:
    """The groups of one cloud.

    Args:
        cloud: The cloud.
    """

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud

    def add(self, group: str, *members: str) -> None:
        """Put members into a group, which is made where there is none.

        Args:
            group: Its e-mail address: `ml-team@acme.test`.
            members: Who: `user:alice@acme.test`, `serviceAccount:…`, `group:…` for a group in a group.

        Raises:
            NoSuchMember: A member has no type.
        """
        for each in members:
            if not each.startswith(("user:", "serviceAccount:", "group:", "principal://")):
                raise NoSuchMember(
                    "A member of a group is not understood",
                    given=repr(each),
                    allowed="user:ADDRESS, serviceAccount:ADDRESS, group:ADDRESS, principal://…",
                    remedy="Write the type before the address.",
                )
        with self._cloud.alone():
            self._write(group, sorted({*self.members(group), *members}))

    def remove(self, group: str, *members: str) -> None:
        """Take members out of a group. Who is not in it stays out."""
        with self._cloud.alone():
            self._write(group, sorted({*self.members(group)} - {*members}))

    def members(self, group: str) -> list[str]:
        """Give the direct members of a group, sorted; none for a group that there is not."""
        record = self._cloud.store.get(API, f"groups/{group.lower()}")
        return list(record.body["members"]) if record is not None else []

    def of(self, member: str) -> frozenset[str]:
        """Give the addresses of all groups that a member is in, directly or through another group."""
        records = [
            (record, {canonical(each) for each in record.body["members"]})
            for record in self._cloud.store.page(API, "groups")
        ]
        found: set[str] = set()
        asked = [canonical(member)]
        while asked:
            current = asked.pop()
            for record, members in records:
                if current in members and record.id not in found:
                    found.add(record.id)
                    asked.append(f"group:{record.id}")
        return frozenset(found)

    def _write(self, group: str, members: list[str]) -> None:
        name = f"groups/{group.lower()}"
        record = self._cloud.store.get(API, name)
        if record is None:
            self._cloud.create(Record(API, name, {"members": members}))
        else:
            self._cloud.change(record, {"members": members})
