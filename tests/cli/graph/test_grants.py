"""Grants in words."""

import pytest

from groundplan_cli.graph.grants import Grant, find_grants
from groundplan_policies.engine import Document
from groundplan_policies.engine.values import Value
from tests.cli.documents import Builder


def grants(build: Builder) -> list[Grant]:
    return list(find_grants(Document.read(build.document())))


def sentence(grant: Grant) -> str:
    return f"{grant.who.name} may {grant.words} {grant.on}"


def test_a_grant_on_a_resource_names_it() -> None:
    build = Builder()
    bucket = build.add("gcp:storage/bucket:Bucket", "data")
    build.add(
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        "read",
        inputs={"member": "group:ml@acme.test", "role": "roles/storage.objectViewer"},
        uses={"bucket": bucket},
    )

    [grant] = grants(build)
    assert sentence(grant) == "ml@acme.test may read the objects of data"
    assert (grant.verb, grant.target) == ("read", bucket)


def test_a_grant_on_a_project_names_the_project() -> None:
    build = Builder()
    build.add(
        "gcp:projects/iAMMember:IAMMember",
        "log",
        inputs={
            "member": "user:a@acme.test",
            "role": "roles/logging.logWriter",
            "project": "acme",
            "condition": {"title": "weekdays", "expression": "true"},
        },
    )

    [grant] = grants(build)
    assert sentence(grant) == "a@acme.test may write log entries in project acme"
    assert (grant.target, grant.condition) == ("", "weekdays")


def test_a_right_on_a_project_that_a_component_gives_is_one_on_the_component() -> None:
    build = Builder()
    pool = build.add("groundplan:cicd:BuildPool", "builds")
    build.add(
        "gcp:projects/iAMMember:IAMMember",
        "use",
        parent=pool,
        inputs={"member": "user:a@acme.test", "role": "roles/cloudbuild.workerPoolUser", "project": "acme"},
    )

    [grant] = grants(build)
    assert grant.target == pool
    assert grant.on == "project acme, for builds"


def test_what_an_accounts_own_component_gives_it_is_on_the_project() -> None:
    build = Builder()
    identity = build.add("groundplan:security:ServiceIdentity", "robot")
    account = build.add(
        "gcp:serviceaccount/account:Account",
        "robot-account",
        parent=identity,
        inputs={"accountId": "robot", "project": "acme"},
    )
    build.add(
        "gcp:projects/iAMMember:IAMMember",
        "log",
        parent=identity,
        inputs={"role": "roles/logging.logWriter", "project": "acme"},
        uses={"member": account},
    )

    [grant] = grants(build)
    assert sentence(grant) == "robot may write log entries in project acme"
    assert (grant.who.urn, grant.target) == (account, "")


def test_each_member_of_a_binding_is_a_grant() -> None:
    build = Builder()
    build.add(
        "gcp:projects/iAMBinding:IAMBinding",
        "both",
        inputs={"members": ["user:a@acme.test", "user:b@acme.test"], "role": "roles/viewer", "project": "acme"},
    )

    assert [grant.who.name for grant in grants(build)] == ["a@acme.test", "b@acme.test"]


def test_access_to_a_dataset_is_a_grant() -> None:
    build = Builder()
    build.add(
        "gcp:bigquery/datasetAccess:DatasetAccess",
        "read",
        inputs={"groupByEmail": "ml@acme.test", "role": "READER", "datasetId": "sales"},
    )

    [grant] = grants(build)
    assert sentence(grant) == "ml@acme.test may read the tables of dataset sales"
    assert grant.who.outside == "Group"


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("projects/acme/roles/deployer", "use the role “Deploy on endpoint income” on"),
        ("roles/aiplatform.serviceAgent", "do its service's own work in"),
        ("roles/notheard.of", "use the role notheard.of on"),
        ("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "use a role that is not known yet on"),
    ],
)
def test_other_roles_are_named(role: Value, words: str) -> None:
    build = Builder()
    build.add(
        "gcp:projects/iAMCustomRole:IAMCustomRole",
        "custom",
        inputs={"project": "acme", "roleId": "deployer", "title": "Deploy on endpoint income"},
    )
    build.add(
        "gcp:projects/iAMMember:IAMMember",
        "grant",
        inputs={"member": "user:a@acme.test", "role": role, "project": "acme"},
    )

    [grant] = grants(build)
    assert grant.words == words


def test_what_only_looks_like_a_grant_is_none() -> None:
    build = Builder()
    build.add("gcp:projects/iAMAuditConfig:IAMAuditConfig", "audit", inputs={"service": "allServices"})
    build.add("gcp:projects/iAMPolicy:IAMPolicy", "policy", inputs={"policyData": "{}"})

    assert grants(build) == []
