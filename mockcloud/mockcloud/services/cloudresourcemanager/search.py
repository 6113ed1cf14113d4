"""Lists of projects and folders, and searches: everything that the caller may see."""

import re
from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.organisations import found as found_organisation
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.rules.access import require
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudresourcemanager import organisations, projects
from mockcloud.services.cloudresourcemanager.folders import page
from mockcloud.services.cloudresourcemanager.service import API, SERVICE, read_parent

_WORDS: Final = {"id": "projectId", "projectId": "projectId", "name": "displayName", "displayName": "displayName"}
"""Words of searches for projects -> fields."""


def _visible(call: Call, collection: str, permission: str) -> list[Record]:
    return [
        each for each in call.cloud.store.page(API, collection) if call.cloud.allows(call, permission, each.name, API)
    ]


@SERVICE.method("projects.search")
def search_projects(call: Call) -> Answer | Body:
    """Give the projects that the caller may see and a query means."""
    found = _visible(call, "projects", "resourcemanager.projects.get")
    query = _query(call, call.text("query"))
    keep = matcher(query)
    return page(call, "projects", [each for each in found if keep is None or keep(each.body)])


def _query(call: Call, text: str) -> str:
    """Write a search as a filter on the newer form: `parent:folders/1 state:ACTIVE id:acme`."""
    text = re.sub(r"\b(id|name|displayName|projectId)([:=])", lambda found: f"{_WORDS[found[1]]}{found[2]}", text)
    # What a parent is, is no part of another word.
    text = re.sub(r"\bparent:\s*(\S+)", lambda found: f'parent = "{read_parent(call, found[1]) or found[1]}"', text)
    return re.sub(r"\blifecycleState([:=])", r"state\1", text)


@SERVICE.method("projects.list")
def list_projects(call: Call) -> Answer | Body:
    """Give the projects of a parent (version 3), or all that the caller may see (version 1)."""
    if call.method.version == "v1":
        return _older_list(call)
    parent = read_parent(call, call.text("parent"))
    if not parent:
        raise invalid("The parent must be set.", Violation("parent", "It is not set."))
    require(call, "resourcemanager.projects.list", parent, API)
    return page(
        call,
        "projects",
        [
            each
            for each in call.cloud.store.page(API, "projects")
            if each.body.get("parent") == parent and (call.flag("showDeleted") or each.body["state"] == "ACTIVE")
        ],
    )


def _older_list(call: Call) -> Body:
    keep = matcher(call.text("filter"))
    visible = [projects.older(each) for each in _visible(call, "projects", "resourcemanager.projects.get")]
    chosen, token = slice_page(call, [each for each in visible if keep is None or keep(each)])
    return {**({"projects": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("folders.search")
def search_folders(call: Call) -> Answer | Body:
    """Give the folders that the caller may see and a query means."""
    found = _visible(call, "folders", "resourcemanager.folders.get")
    text = call.text("query")
    text = re.sub(r"\bparent\s*[:=]\s*(\S+)", lambda each: f'parent = "{each[1]}"', text)
    keep = matcher(re.sub(r"\blifecycleState\s*([:=])", r"state\1", text))
    return page(call, "folders", [each for each in found if keep is None or keep(each.body)])


@SERVICE.method("organizations.search")
def search_organisations(call: Call) -> Answer | Body:
    """Give the organisations that the caller may see and a query means."""
    found_organisation(call.cloud)
    text = call.text("query") or str(call.body.get("filter", ""))
    text = re.sub(r"\bdomain\s*[:=]", "displayName=", text)
    keep = matcher(
        re.sub(r"\b(?:directory_?[cC]ustomer_?[iI]d|owner\.directoryCustomerId)\s*[:=]", "directoryCustomerId=", text)
    )
    visible = _visible(call, "organizations", "resourcemanager.organizations.get")
    chosen, token = slice_page(call, [each for each in visible if keep is None or keep(each.body)])
    found = [organisations.shown(call, each) for each in chosen]
    return {**({"organizations": found} if found else {}), **({"nextPageToken": token} if token else {})}
