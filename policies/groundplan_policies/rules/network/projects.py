"""Lists of projects that may connect: each entry one project, by its id or number, and no pattern."""

import re
from functools import lru_cache

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, fail

_PROJECT = re.compile(r"(projects/)?([1-9][0-9]*|([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9])")
"""A number, or an id of 6 to 30 lower-case letters, digits and hyphens, which may stand behind a domain."""


@lru_cache(maxsize=4096)
def is_project(text: str) -> bool:
    """Whether a text is the id or the number of one project, with or without `projects/` before it."""
    return _PROJECT.fullmatch(text) is not None


def judge_projects(resource: Resource, list_: Reading, context: Context) -> Outcome:
    """Say whether a list holds projects, at least one, and nothing else. A project of this document may be unknown."""
    if list_.state is State.KNOWN and not isinstance(list_.value, list):
        return wrong_type(list_, "a list of projects")
    return all_of([_judge(resource, each, context) for each in entries(list_)])


def _judge(resource: Resource, reading: Reading, context: Context) -> Outcome:
    if reading.state is State.UNKNOWN and context.graph.made(resource, reading, "organizations.Project"):
        return PASS
    if reading.state is State.KNOWN and is_project(reading.text):
        return PASS
    missing = unreadable(
        reading,
        absent=fail("is absent; expected is a list of the projects that may connect", reading.path),
        empty=fail("is empty; expected are the projects that may connect", reading.path),
    )
    if missing is not None:
        return missing
    if not reading.text:
        return wrong_type(reading, "the id of a project")
    return fail("is not the id or number of one project", reading.path)
