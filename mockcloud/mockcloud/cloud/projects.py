"""Projects: ids and numbers."""

from typing import TYPE_CHECKING

from mockcloud.cloud.ids import steady
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

API = "cloudresourcemanager"


class Projects:
    """The projects of one cloud.

    Args:
        cloud: The cloud.
    """

    def __init__(self, cloud: "Cloud") -> None:
        self._cloud = cloud
        self._ids: dict[str, str] = {}
        self._numbers: dict[str, str] = {}

    def get(self, name: str) -> Record | None:
        """Give a project by id or number, or None."""
        return self._cloud.store.get(API, f"projects/{self.id_of(name)}")

    def id_of(self, name: str) -> str:
        """Give the id of a project that is named by id or number. What is unknown stays as it is."""
        return self._ids.get(name, name) if name.isdigit() else name

    def by_id(self, name: str) -> str:
        """Give the full name of a resource with the project's id in the place of its number."""
        parts = name.split("/", 2)
        if parts[0] != "projects" or len(parts) == 1:
            return name
        return "/".join([parts[0], self.id_of(parts[1]), *parts[2:]])

    def number_of(self, name: str) -> str:
        """Give a project's number: the one that belongs to its id in every cloud, unless it was given another."""
        if name.isdigit():
            return name
        return self._numbers.get(name) or steady(f"project/{name}")

    def ensure(self, identifier: str, *, parent: str = "", number: str = "") -> Record:
        """Give a project, and make it where there is none.

        Args:
            identifier: Its id.
            number: Its number, where it has one already; "" for the one that belongs to its id.
            parent: `folders/…` or `organizations/…`; "" for none, or where IAM decides, for the cloud's organisation.
        """
        found = self.get(identifier)
        if found is not None:
            return found
        with self._cloud.alone():
            return self.get(identifier) or self._made(identifier, parent, number)

    def _made(self, identifier: str, parent: str, number: str) -> Record:
        if not parent and self._cloud.rules.on(Rule.ACCESS):
            from mockcloud.cloud.organisations import ORGANISATION as parent  # noqa: N811 - it is the parent here
        number = number or self.number_of(identifier)
        now = self._cloud.clock.tick()
        body = {
            "name": f"projects/{number}",
            "projectId": identifier,
            "displayName": identifier,
            "state": "ACTIVE",
            "createTime": now,
            "updateTime": now,
            "etag": self._cloud.etag(1),
            **({"parent": parent} if parent else {}),
        }
        return self.add(Record(API, f"projects/{identifier}", body, created=now, updated=now))

    def add(self, record: Record) -> Record:
        """Add a project that is made elsewhere, and remember its number."""
        self._remember(record)
        return self._cloud.store.put(record)

    def forget(self) -> None:
        """Read all numbers again, after the store was replaced."""
        self._ids, self._numbers = {}, {}
        for record in self._cloud.store.page(API, "projects"):
            self._remember(record)

    def _remember(self, record: Record) -> None:
        number, identifier = record.body["name"].partition("/")[2], record.body["projectId"]
        self._ids[number] = identifier
        if number != steady(f"project/{identifier}"):
            self._numbers[identifier] = number
