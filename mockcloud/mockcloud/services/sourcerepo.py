"""Cloud Source Repositories: their names may hold slashes. Nothing can be pushed."""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

SERVICE: Final = Service("sourcerepo")
_COLLECTION: Final = "/repos/"
_HOST: Final = "https://source.developers.google.com"


def _id(call: Call, body: dict[str, Any]) -> str:
    del call
    identifier = str(body.get("name", "")).partition(_COLLECTION)[2]
    if not identifier:
        raise invalid("A repository needs a name.", Violation("repo.name", "It is projects/PROJECT/repos/NAME."))
    return identifier


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    return {**body, "url": f"{_HOST}/p/{call.project}/r/{name.partition(_COLLECTION)[2]}"}


SERVICE.collection("projects.repos", new_id=_id, created=_created)
