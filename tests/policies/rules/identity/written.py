"""One grant, written in each of IAM's three forms."""

from __future__ import annotations

import json
from typing import Any

import pytest

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.verdicts import Outcome, Verdict
from tests.policies.rules.harness import R, outcome

ANN = "user:ann@acme.test"
TEAM = "group:ml@acme.test"
TRAINER = "serviceAccount:trainer@acme-ml.iam.gserviceaccount.com"
AGENT = "serviceAccount:service-1@gcp-sa-aiplatform.iam.gserviceaccount.com"
DEFAULT = "serviceAccount:1-compute@developer.gserviceaccount.com"
SUBJECT = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/builds/subject/x"
REPOSITORY = (
    "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/builds/"
    "attribute.repository/acme/risk"
)
WORKFORCE = "principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/ann"

FORMS = ("Member", "Binding", "Policy")
LEVELS = ("projects.IAM", "folder.IAM", "organizations.IAM")

_ON = {"projects.IAM": {"project": "acme-ml"}, "folder.IAM": {"folder": "1"}, "organizations.IAM": {"orgId": "1"}}


def written(
    on: str, form: str, member: str, role: str, name: str = "it", *, condition: str | None = None, **more: Any
) -> R:
    """Write a grant; in a binding and a policy behind one that is in order."""
    inputs = {**_ON.get(on, {}), **more}
    when = {} if condition is None else {"condition": {"title": "t", "expression": condition}}
    if form == "Member":
        inputs |= {"member": member, "role": role, **when}
    elif form == "Binding":
        inputs |= {"members": [member], "role": role, **when}
    else:
        inputs["policyData"] = json.dumps({"bindings": [{"members": [member], "role": role, **when}]})
    return R(f"{on}{form}", inputs, name)


def forms(*on: str) -> list[Any]:
    """Give every form on each of several things, as parameters `on` and `form` of a test."""
    return [pytest.param(each, form, id=f"{each}{form}") for each in on for form in FORMS]


MEMBER_PATHS = {"Member": "member", "Binding": "members[0]", "Policy": "policyData.bindings[0].members[0]"}
ROLE_PATHS = {"Member": "role", "Binding": "role", "Policy": "policyData.bindings[0].role"}


def places(control: Control, resource: R, *others: R, **world: Any) -> tuple[Verdict, list[tuple[str, str]]]:
    """Give the verdict on a resource, with the path and the shown value of each reason."""
    found: Outcome = outcome(control, resource, *others, **world)
    return found.verdict, [(each.path, each.shown) for each in found.reasons]
