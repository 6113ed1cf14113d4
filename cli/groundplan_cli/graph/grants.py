"""Who may do what on what: the grants of a plan, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from groundplan_cli.graph.principals import Accounts, Principal
from groundplan_policies.engine import Document, Resource, Value, is_unknown

_MEMBERS = ("member", "members", "iamMember", "userByEmail", "groupByEmail", "specialGroup")
_NOT_THE_TARGET = {*_MEMBERS, "role", "condition", "project", "region", "location", "zone"}
_EMAIL_KINDS = {"userByEmail": "user:", "groupByEmail": "group:"}
_SUFFIXES = ("IAMMember", "IamMember", "IAMBinding", "IamBinding", "Access")
_LEVELS = {
    "projects": ("project", "project"),
    "folder": ("folder", "folder"),
    "organizations": ("organisation", "orgId"),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A right that somebody gets on something.

    Attributes:
        urn: URN of the resource that grants it.
        who: Who gets it.
        verb: What an arrow says, such as `read`.
        words: What `on` completes, such as `read the objects of`.
        on: What it is granted on, in words.
        target: URN of what it is granted on, "" where that is a whole project, or not in the plan; of the component
            that grants it where a right on less than the project does not exist.
        condition: Title of the condition under which it holds, "" without one.
    """

    urn: str
    who: Principal
    verb: str
    words: str
    on: str
    target: str
    condition: str


@cache
def _roles() -> Mapping[str, tuple[str, str]]:
    text = files("groundplan_cli.graph").joinpath("roles.yaml").read_text(encoding="utf-8")
    return {role: (verb, words) for role, (verb, words) in yaml.safe_load(text)["roles"].items()}


def is_grant(resource: Resource) -> bool:
    """Whether a resource gives a role on something to somebody, and is nothing in itself."""
    return (
        resource.type.rpartition(":")[2].endswith(_SUFFIXES)
        and "role" in resource.inputs
        and any(key in resource.inputs for key in _MEMBERS)
    )


def find_grants(document: Document) -> Iterator[Grant]:
    """Find the grants, in the order of the document: one for each member of a resource that grants.

    Policies that are written as one text (`IAMPolicy`) are left out: they are resources like others.
    """
    accounts = Accounts.of(document)
    titles = dict(_custom_roles(document))
    for resource in document:
        if not is_grant(resource):
            continue
        verb, words = _in_words(_text(resource.inputs["role"]), titles)
        found = _target(document, resource, accounts)
        for who in _members(document, resource, accounts):
            target, on = (found.urn, accounts.name_of(found)) if found else _elsewhere(document, resource, who)
            yield Grant(resource.urn, who, verb, words, on, target, _condition(resource))


def _custom_roles(document: Document) -> Iterator[tuple[str, str]]:
    for resource in document:
        if resource.type.endswith("IAMCustomRole"):
            project, role = resource.inputs.get("project"), resource.inputs.get("roleId")
            yield f"projects/{project}/roles/{role}", _text(resource.inputs.get("title")) or _text(role)


def _in_words(role: str, titles: Mapping[str, str]) -> tuple[str, str]:
    if role in _roles():
        return _roles()[role]
    if role in titles:
        return "use", f"use the role “{titles[role]}” on"
    if role.endswith("erviceAgent"):
        return "use", "do its service's own work in"
    return "use", f"use the role {role.removeprefix('roles/')} on" if role else "use a role that is not known yet on"


def _members(document: Document, resource: Resource, accounts: Accounts) -> Iterator[Principal]:
    for key in _MEMBERS:
        value = resource.inputs.get(key)
        for place, member in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if member is not None:
                path = key if place is None else f"{key}[{place}]"
                prefix = _EMAIL_KINDS.get(key, "")
                yield accounts.find(prefix + _text(member), document.origins(resource.urn, path))


def _target(document: Document, resource: Resource, accounts: Accounts) -> Resource | None:
    for key, value in resource.inputs.items():
        if key in _NOT_THE_TARGET:
            continue
        for urn in document.origins(resource.urn, key):
            if (found := document.get(urn)) is not None:
                return found
        if key == "serviceAccountId" and (account := accounts.by_email(_text(value).rpartition("/")[2])):
            return document.get(account)
    return None


def _elsewhere(document: Document, resource: Resource, who: Principal) -> tuple[str, str]:
    """Name what a grant is on where no value of it says so: its URN if it has one, and words.

    That is a whole project, or what was there before the plan. A component that grants more than its own account needs
    does it for its own sake: a right on the project is then one on the component, since Google offers none on less.
    """
    parent, source = document.get(resource.parent), document.get(who.urn)
    theirs = parent is None or not parent.is_component or (source is not None and source.parent == parent.urn)
    target = "" if theirs or parent is None else parent.urn
    module = resource.type.split(":")[1].partition("/")[0]
    if module in _LEVELS:
        noun, key = _LEVELS[module]
        whole = f"{noun} {_text(resource.inputs.get(key))}".strip()
        return target, f"{whole}, for {parent.name}" if target and parent else whole
    if target and parent:
        return target, parent.name
    named = (_text(value) for key, value in resource.inputs.items() if key not in _NOT_THE_TARGET)
    noun = resource.type.rpartition(":")[2]
    for suffix in _SUFFIXES:
        noun = noun.removesuffix(suffix)
    return "", f"{noun.lower()} {next(filter(None, named), '')}".strip()


def _condition(resource: Resource) -> str:
    condition = resource.inputs.get("condition")
    return _text(condition.get("title")) if isinstance(condition, dict) else ""


def _text(value: Value) -> str:
    return value if isinstance(value, str) and not is_unknown(value) else ""
