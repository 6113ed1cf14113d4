"""Service accounts: found by address, and the default ones that Google makes itself."""

from typing import TYPE_CHECKING, Final

from mockcloud.cloud.access.members import project_of_account
from mockcloud.cloud.ids import steady
from mockcloud.cloud.store import Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API: Final = "iam"

_ID_DIGITS: Final = 21
"""Digits of a service account's unique id."""


class Accounts:
    """The service accounts of one cloud.

    Args:
        cloud: The cloud.
    """

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self._state = 0
        self._by_id: dict[str, str] = {}

    def get(self, account: str) -> Record | None:
        """Give an account by address or unique id; None for none."""
        if account.isdigit():
            return self._of_id(account)
        project = project_of_account(self._cloud, account)
        return self._cloud.store.get(API, f"projects/{project}/serviceAccounts/{account}") if project else None

    def add(self, project: str, email: str, display_name: str = "", description: str = "") -> Record:
        """Make an account; give the one that is there.

        Args:
            project: Id of its project.
            email: Its address.
            display_name: What people call it.
            description: What it is for.
        """
        name = f"projects/{project}/serviceAccounts/{email}"
        found = self._cloud.store.get(API, name)
        if found is not None:
            return found
        unique = self._cloud.ids.numeric("iam/serviceAccounts", _ID_DIGITS)
        body = {
            "name": name,
            "projectId": project,
            "uniqueId": unique,
            "email": email,
            "displayName": display_name,
            "description": description,
            "oauth2ClientId": unique,
            "etag": self._cloud.etag(1),
        }
        return self._cloud.create(Record(API, name, {key: value for key, value in body.items() if value}))

    def unique_id(self, email: str) -> str:
        """Give the unique id of an account; for one that Google keeps itself, a steady one."""
        record = self.get(email)
        return str(record.body["uniqueId"]) if record is not None else steady(f"account/{email}", _ID_DIGITS)

    def _of_id(self, unique: str) -> Record | None:
        state = self._cloud.store.state(API)
        if state != self._state:
            self._state = state
            # Those that are deleted are kept elsewhere.
            self._by_id = {
                record.body["uniqueId"]: record.name
                for record in self._cloud.store.of(API)
                if "uniqueId" in record.body and record.name.startswith("projects/")
            }
        name = self._by_id.get(unique)
        return self._cloud.store.get(API, name) if name is not None else None
