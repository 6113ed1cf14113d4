"""Policies on resources: what is taken, what is refused, and what Google itself writes."""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Record
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, PROJECT, RESOURCE_MANAGER, ask, grant, status

URL = f"cloudresourcemanager.googleapis.com/v3/{PROJECT}:setIamPolicy"
VIEWER = {"role": "roles/viewer", "members": [ALICE]}
ADMIN = {"role": "roles/pubsub.admin", "members": [ALICE]}
TRUE = {"title": "always", "expression": "true"}


@pytest.fixture
def cloud() -> Cloud:
    made = new_cloud("strict", off=["enablement"])
    made.projects.ensure("acme")
    return made


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"bindings": [VIEWER]}, 200),
        ({"bindings": [VIEWER], "etag": "c3RhbGU="}, 409),
        ({"bindings": [{"members": [ALICE]}]}, 400),
        ({"bindings": [{"role": "roles/viewer", "members": ["alice"]}]}, 400),
        ({"bindings": [{**ADMIN, "condition": TRUE}]}, 400),
        ({"version": 3, "bindings": [{**ADMIN, "condition": TRUE}]}, 200),
        ({"version": 3, "bindings": [{**ADMIN, "condition": {"expression": "true"}}]}, 400),
        ({"version": 3, "bindings": [{**ADMIN, "condition": {"title": "t", "expression": "request.time <"}}]}, 400),
        (
            {"version": 3, "bindings": [{**ADMIN, "condition": {"title": "t", "expression": "frob(resource.name)"}}]},
            200,
        ),
        ({"version": 3, "bindings": [{**ADMIN, "members": ["allUsers"], "condition": TRUE}]}, 400),
        ({"version": 3, "bindings": [{**VIEWER, "condition": TRUE}]}, 400),
    ],
)
def test_a_policy_makes_sense(cloud: Cloud, policy: dict[str, Any], code: int) -> None:
    assert ask(cloud, "POST", URL, {"policy": policy})[0] == code


def test_a_grant_that_is_there_already_changes_nothing(cloud: Cloud) -> None:
    grant(cloud, "roles/viewer", ALICE)
    before = cloud.store.policies[RESOURCE_MANAGER, PROJECT]
    changes = len(cloud.store.policies.changed)
    grant(cloud, "roles/viewer", ALICE)
    assert cloud.store.policies[RESOURCE_MANAGER, PROJECT] is before
    assert len(cloud.store.policies.changed) == changes
    cloud.store.policies.drop((RESOURCE_MANAGER, PROJECT))
    cloud.store.policies.drop((RESOURCE_MANAGER, PROJECT))
    assert len(cloud.store.policies.changed) == changes + 1


def test_a_tag_on_the_project_counts_by_id_too(cloud: Cloud) -> None:
    condition = {"expression": "resource.matchTagId('tagKeys/1', 'tagValues/2') && !resource.hasTagKeyId('tagKeys/3')"}
    cloud.store.policies[RESOURCE_MANAGER, PROJECT] = {
        "version": 3,
        "bindings": [{"role": "roles/browser", "members": [ALICE], "condition": condition}],
    }
    url = f"cloudresourcemanager.googleapis.com/v3/{PROJECT}"
    assert status(cloud, ALICE, "GET", url) == 403
    store = cloud.store
    store.put(Record(RESOURCE_MANAGER, "tagKeys/1", {"namespacedName": "1/env", "parent": PROJECT}))
    store.put(Record(RESOURCE_MANAGER, "tagValues/2", {"shortName": "prod", "parent": "tagKeys/1"}))
    bound = f"//cloudresourcemanager.googleapis.com/projects/{cloud.projects.number_of('acme')}"
    store.put(Record(RESOURCE_MANAGER, "tagBindings/1", {"parent": bound, "tagValue": "tagValues/2"}))
    store.put(Record(RESOURCE_MANAGER, "tagBindings/2", {"parent": bound, "tagValue": "tagValues/gone"}))
    assert status(cloud, ALICE, "GET", url) == 200


def test_permissions_are_tested_against_the_policy(cloud: Cloud) -> None:
    grant(cloud, "roles/browser", ALICE)
    asked = {"permissions": ["resourcemanager.projects.get", "resourcemanager.projects.delete"]}
    url = f"cloudresourcemanager.googleapis.com/v1/{PROJECT}:testIamPermissions"
    from mockcloud.cloud.tokens import mock_token

    assert ask(cloud, "POST", url, asked, token=mock_token(ALICE))[1] == {
        "permissions": ["resourcemanager.projects.get"]
    }
    assert ask(cloud, "POST", url, asked, token=mock_token("user:nobody@x.test"))[1] == {}
