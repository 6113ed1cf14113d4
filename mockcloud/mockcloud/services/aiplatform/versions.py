"""Versions of models: one model is one resource, its versions are in what no client reads.

The body of the resource is that of the default version. A name may say which version is meant: `models/1@2`,
`models/1@champion`.
"""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform.api import API, now, shown
from mockcloud.services.references import resolve

DEFAULT: Final = "default"
"""Alias of the version that is meant where none is named."""


def versions(record: Record) -> dict[str, Body]:
    """Give the versions of a model by number, oldest first."""
    return dict(record.hidden["versions"])


def find(cloud: Cloud, reference: str) -> tuple[Record, str]:
    """Find a model and the version that a reference means.

    Args:
        cloud: The cloud.
        reference: Name of a model, with or without `@VERSION` or `@ALIAS`.

    Raises:
        ApiError: 404.
    """
    name, _, version = reference.partition("@")
    record = resolve(cloud, name, API)
    if record is None or "versions" not in record.hidden:
        raise not_found(reference, what="Model")
    number = _number(record, version or DEFAULT)
    if number is None:
        raise not_found(reference, what="Model version")
    return record, number


def of_call(call: Call) -> tuple[Record, str]:
    """Find the model and the version that a call names.

    Raises:
        ApiError: 404.
    """
    return find(call.cloud, call.name)


def _number(record: Record, version: str) -> str | None:
    all_of_them = versions(record)
    if version in all_of_them:
        return version
    return next((number for number, body in all_of_them.items() if version in body.get("versionAliases", [])), None)


def body_of(record: Record, number: str) -> Body:
    """Give a version as a client sees it."""
    body = record.hidden["versions"][number]
    deployed = [each for each in record.hidden.get("deployed", []) if each["version"] == number]
    refs = [{"endpoint": each["endpoint"], "deployedModelId": each["id"]} for each in deployed]
    return {**body, **({"deployedModels": refs} if refs else {})}


def write(cloud: Cloud, record: Record, all_of_them: Mapping[str, Body], **hidden: object) -> Record:
    """Put versions in the place of those that a model has."""
    kept = {**record.hidden, **hidden, "versions": dict(all_of_them)}
    default = next(number for number, body in all_of_them.items() if DEFAULT in body["versionAliases"])
    seen = Record(API, record.name, {}, kept)
    return cloud.change(record, body_of(seen, default), hidden=kept)


def new_version(cloud: Cloud, name: str, given: Mapping[str, Any], parent: Record | None) -> dict[str, Body]:
    """Give the versions of a model once a new one is there.

    The first version is the default one; a later one becomes it by asking for the alias.
    """
    before = versions(parent) if parent is not None else {}
    number = str(max((int(each) for each in before), default=0) + 1)
    aliases = list(dict.fromkeys(given.get("versionAliases", [])))
    check_aliases(aliases)
    if not before and DEFAULT not in aliases:
        aliases = [DEFAULT, *aliases]
    moment = now(cloud)
    first = next(iter(before.values()), {}).get("createTime", moment)
    body = {
        **given,
        "name": shown(cloud, name),
        "versionId": number,
        "versionAliases": aliases,
        "createTime": first,
        "updateTime": moment,
        "versionCreateTime": moment,
        "versionUpdateTime": moment,
        "etag": cloud.etag(1),
    }
    return {**{key: without(each, aliases) for key, each in before.items()}, number: body}


def without(body: Body, aliases: list[str]) -> Body:
    """Give a version without aliases: an alias belongs to one version only."""
    kept = [each for each in body["versionAliases"] if each not in aliases]
    return {**body, "versionAliases": kept}


def check_aliases(aliases: list[str]) -> None:
    """Hold aliases to their form: a letter first, then letters, digits and hyphens (Model.version_aliases).

    Raises:
        ApiError: One has another.
    """
    for each in aliases:
        plain = each.replace("-", "")
        if not each[:1].isalpha() or not plain.isalnum() or not plain.isascii():
            raise invalid(
                f"Invalid version alias: '{each}'. It must match [a-z][a-zA-Z0-9-]{{0,126}}[a-z0-9].",
                Violation("version_aliases", "It has another form."),
            )
