"""Secure Source Manager: instances with their hosts, repositories with their addresses. No Git is served."""

from typing import Any

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

SERVICE = Service("securesourcemanager")


def _instance(call: Call, name: str, body: dict[str, Any]) -> Body:
    number = call.cloud.projects.number_of(call.project)
    identifier, location = name.rpartition("/")[2], name.split("/")[3]
    base = f"{identifier}-{number}"
    hosts = {
        "html": f"{base}.{location}.sourcemanager.dev",
        "api": f"{base}-api.{location}.sourcemanager.dev",
        "gitHttp": f"{base}-git.{location}.sourcemanager.dev",
        "gitSsh": f"{base}-ssh.{location}.sourcemanager.dev",
    }
    return {**body, "hostConfig": hosts}


def _repository(call: Call, name: str, body: dict[str, Any]) -> Body:
    instance = str(body.get("instance", ""))
    if not instance:
        raise invalid("A repository names its instance.", Violation("repository.instance", "It is empty."))
    there = call.cloud.store.get("securesourcemanager", call.cloud.projects.by_id(instance))
    if there is None:
        raise not_found(instance, what="Instance")
    hosts, short = there.body["hostConfig"], f"{call.project}/{name.rpartition('/')[2]}"
    uris = {
        "html": f"https://{hosts['html']}/{short}",
        "gitHttps": f"https://{hosts['gitHttp']}/{short}.git",
        "api": f"https://{hosts['api']}/v1/{name}",
    }
    return {**body, "uris": uris}


SERVICE.collection("projects.locations.instances", created=_instance, seconds=60.0)
SERVICE.collection("projects.locations.repositories", created=_repository, state=None)
