"""What is in an instance: databases and users."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Body, Record
from mockcloud.services.sqladmin.service import API, ROOT, SERVICE, found, instance_of, start, wrong

_MYSQL: Final = ("information_schema", "mysql", "performance_schema", "sys")
_FIRST: Final = {
    "MYSQL": (
        _MYSQL,
        ("root", "%"),
        ("utf8mb3", "utf8mb3_general_ci"),
    ),
    "POSTGRES": (("postgres",), ("postgres", ""), ("UTF8", "en_US.UTF8")),
    "SQLSERVER": (("master", "model", "msdb", "tempdb"), ("sqlserver", ""), ("", "SQL_Latin1_General_CP1_CI_AS")),
}
"""Kind of database -> what an instance has from its beginning: databases, a user, charset and collation."""


def _kind(instance: Record) -> str:
    return str(instance.body["databaseVersion"]).partition("_")[0]


def first(cloud: Cloud, instance: Record) -> None:
    """Make what an instance has from its beginning."""
    names, (user, host), (charset, collation) = _FIRST.get(_kind(instance), _FIRST["POSTGRES"])
    for name in names:
        _put_database(cloud, instance, {"name": name, "charset": charset, "collation": collation})
    _put_user(cloud, instance, {"name": user, "host": host})


# Databases
# ---------------------------------------------------------------------------------------------------------------------


def _put_database(cloud: Cloud, instance: Record, sent: dict[str, Any]) -> Record:
    _, _, (charset, collation) = _FIRST.get(_kind(instance), _FIRST["POSTGRES"])
    name = f"{instance.name}/databases/{sent['name']}"
    body = {
        "kind": "sql#database",
        "charset": charset,
        "collation": collation,
        **sent,
        "instance": instance.id,
        "project": instance.name.split("/")[1],
        "selfLink": ROOT + name,
        "etag": cloud.etag(1),
    }
    return cloud.create(Record(API, name, body))


@SERVICE.method("databases.insert")
def insert_database(call: Call) -> Answer | Body:
    """Make a database."""
    instance = instance_of(call)
    if not call.body.get("name"):
        raise wrong("Invalid request: Missing parameter: name.", reason="required")
    if call.cloud.store.get(API, f"{instance.name}/databases/{call.body['name']}") is not None:
        raise wrong("The database already exists.", code=409, reason="databaseAlreadyExists")
    _put_database(call.cloud, instance, call.body)
    return start(call, instance, "CREATE_DATABASE")


@SERVICE.method("databases.get")
def get_database(call: Call) -> Answer | Body:
    """Give a database."""
    return found(call, what="database").body


@SERVICE.method("databases.list")
def list_databases(call: Call) -> Answer | Body:
    """Give the databases of an instance."""
    instance = instance_of(call)
    return {
        "kind": "sql#databasesList",
        "items": [each.body for each in call.cloud.store.page(API, f"{instance.name}/databases")],
    }


@SERVICE.method("databases.patch", "databases.update")
def change_database(call: Call) -> Answer | Body:
    """Change a database's charset or collation."""
    record = found(call, what="database")
    call.cloud.change(
        record, {**record.body, **{key: call.body[key] for key in ("charset", "collation") if key in call.body}}
    )
    return start(call, instance_of(call), "UPDATE_DATABASE")


@SERVICE.method("databases.delete")
def delete_database(call: Call) -> Answer | Body:
    """Drop a database."""
    call.cloud.delete(found(call, what="database"))
    return start(call, instance_of(call), "DELETE_DATABASE")


# Users
# ---------------------------------------------------------------------------------------------------------------------


def _user_name(instance: Record, name: str, host: str) -> str:
    """Give the full name of a user's record. A host belongs to a user of MySQL only."""
    at = host or ("%" if _kind(instance) == "MYSQL" else "")
    return f"{instance.name}/users/{name}" + (f"@{at}" if _kind(instance) == "MYSQL" else "")


def _put_user(cloud: Cloud, instance: Record, sent: dict[str, Any]) -> Record:
    body = {
        "kind": "sql#user",
        "host": "%" if _kind(instance) == "MYSQL" else "",
        **{key: each for key, each in sent.items() if key != "password" and (key != "host" or each)},
        "instance": instance.id,
        "project": instance.name.split("/")[1],
        "etag": cloud.etag(1),
    }
    if body.get("type", "BUILT_IN") != "BUILT_IN":
        body["host"] = body.get("host") if _kind(instance) == "MYSQL" else ""
    name = _user_name(instance, sent["name"], sent.get("host", ""))
    return cloud.create(
        Record(API, name, body, {"password": sent.get("password", "")}, collection=f"{instance.name}/users")
    )


@SERVICE.method("users.insert")
def insert_user(call: Call) -> Answer | Body:
    """Make a user. The password is kept, and never told."""
    instance = instance_of(call)
    if not call.body.get("name"):
        raise wrong("Invalid request: Missing parameter: name.", reason="required")
    there = call.cloud.store.get(API, _user_name(instance, call.body["name"], call.body.get("host", "")))
    if there is not None:
        # Cloud SQL takes this for a change of the password: the provider makes the user `root` in this way.
        call.cloud.change(there, there.body, hidden={"password": call.body.get("password", "")})
    else:
        _put_user(call.cloud, instance, call.body)
    return start(call, instance, "CREATE_USER")


@SERVICE.method("users.list")
def list_users(call: Call) -> Answer | Body:
    """Give the users of an instance."""
    instance = instance_of(call)
    return {
        "kind": "sql#usersList",
        "items": [each.body for each in call.cloud.store.page(API, f"{instance.name}/users")],
    }


def _named(call: Call, name: str) -> Record:
    instance = instance_of(call)
    host = call.text("host")
    record = call.cloud.store.get(API, _user_name(instance, name, host))
    if record is None:
        raise wrong(f"The user '{name}' does not exist.", code=404, reason="userDoesNotExist")
    return record


@SERVICE.method("users.get")
def get_user(call: Call) -> Answer | Body:
    """Give a user."""
    return _named(call, call.name.partition("/users/")[2]).body


@SERVICE.method("users.update")
def update_user(call: Call) -> Answer | Body:
    """Change a user; a password that is sent replaces the one that was."""
    record = _named(call, call.text("name") or call.body.get("name", ""))
    sent = {key: each for key, each in call.body.items() if key not in {"password", "name", "host", "etag", "kind"}}
    hidden = {"password": call.body["password"]} if "password" in call.body else record.hidden
    call.cloud.change(record, {**record.body, **sent}, hidden=hidden)
    return start(call, instance_of(call), "UPDATE_USER")


@SERVICE.method("users.delete")
def delete_user(call: Call) -> Answer | Body:
    """Delete a user."""
    call.cloud.delete(_named(call, call.text("name")))
    return start(call, instance_of(call), "DELETE_USER")
