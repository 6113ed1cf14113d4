"""Every grant of a deployment, in one form."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from groundplan_policies.engine.grants import Form, Grant, Level, grants_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.values import UNKNOWN
from tests.policies.rules.harness import R, document, secret, urn

ROLE = "roles/storage.objectViewer"
ANN = "user:ann@acme.test"


def grants(*resources: R) -> tuple[Grant, ...]:
    return Graph(document(*resources)).grants


def summary(*resources: R) -> list[tuple[str, str, str, str]]:
    return [(each.role.path, each.role.text, each.member.path, each.member.text) for each in grants(*resources)]


def installed_types() -> set[str]:
    spec = importlib.util.find_spec("pulumi_gcp")
    assert spec is not None
    assert spec.origin is not None
    found: set[str] = set()
    for file in Path(spec.origin).parent.glob("*/*.py"):
        found |= set(re.findall(r"__init__\(\s*'(gcp:\w+/\w+:\w+)'", file.read_text(encoding="utf-8")))
    return found


def test_every_type_of_the_provider_is_read_in_each_form_and_nothing_else() -> None:
    types = installed_types()
    read = {each for each in types if grants_type(each)}
    for form in ("Member", "Binding", "Policy"):
        assert len({each for each in read if re.search(f"I[aA][mM]{form}$", each)}) == 158
    assert {each for each in read if not re.search("I[aA][mM](Member|Binding|Policy)$", each)} == {
        "gcp:bigquery/dataset:Dataset",
        "gcp:bigquery/datasetAccess:DatasetAccess",
        "gcp:storage/bucketACL:BucketACL",
        "gcp:storage/bucketAccessControl:BucketAccessControl",
        "gcp:storage/defaultObjectACL:DefaultObjectACL",
        "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
        "gcp:storage/objectACL:ObjectACL",
        "gcp:storage/objectAccessControl:ObjectAccessControl",
    }


@pytest.mark.parametrize(
    "type_",
    [
        "projects.IamMemberRemove",
        "projects.IAMAuditConfig",
        "projects.DefaultServiceAccounts",
        "projects.IAMCustomRole",
    ],
)
def test_what_only_looks_like_a_grant_is_none(type_: str) -> None:
    assert grants(R(type_, {"member": ANN, "role": ROLE, "project": "acme-ml"})) == ()


def test_a_member() -> None:
    (found,) = grants(R("storage.BucketIAMMember", {"bucket": "models", "member": ANN, "role": ROLE}))
    assert (found.form, found.level, found.on) == (Form.MEMBER, Level.RESOURCE, "storage.Bucket")
    assert (found.target.path, found.target.text) == ("bucket", "models")
    assert (found.role.path, found.role.text) == ("role", ROLE)
    assert (found.member.path, found.member.text) == ("member", ANN)
    assert found.condition is None
    assert found.principal.kind is Kind.USER
    assert found.resource.name == "it"


@pytest.mark.parametrize("type_", ["storage.BucketIAMBinding", "vertex.AiEndpointIamBinding"])
def test_a_binding_has_a_grant_for_each_member(type_: str) -> None:
    binding = R(type_, {"members": ["allUsers", ANN, 7], "role": ROLE, "condition": {"expression": "true"}})
    found = grants(binding)
    assert [(each.member.path, each.member.state) for each in found] == [
        ("members[0]", State.KNOWN),
        ("members[1]", State.KNOWN),
        ("members[2]", State.WRONG),
    ]
    assert {each.form for each in found} == {Form.BINDING}
    assert {each.role.text for each in found} == {ROLE}
    assert [each.condition.path for each in found if each.condition] == ["condition.expression"] * 3


def test_an_empty_binding_grants_nothing_and_an_empty_entry_is_kept() -> None:
    assert grants(R("storage.BucketIAMBinding", {"members": [], "role": ROLE})) == ()
    (found,) = grants(R("storage.BucketIAMBinding", {"members": [""], "role": ROLE}))
    assert found.member.state is State.EMPTY
    (found,) = grants(R("storage.BucketIAMBinding", {"role": ROLE}))
    assert found.member.state is State.ABSENT


def test_a_text_in_the_place_of_members_is_read() -> None:
    assert summary(R("projects.IAMBinding", {"members": "allUsers", "role": ROLE})) == [
        ("role", ROLE, "members", "allUsers")
    ]


def policy(data: object) -> R:
    text = data if isinstance(data, (str, dict)) else json.dumps(data)
    return R("projects.IAMPolicy", {"project": "acme-ml", "policyData": text})


def test_a_policy_has_a_grant_for_each_member_of_each_binding() -> None:
    condition = {"title": "soon", "expression": "request.time < timestamp('2030-01-01T00:00:00Z')"}
    data = json.dumps(
        {
            "bindings": [
                {"role": "roles/viewer", "members": [ANN, "allUsers"]},
                {"role": "roles/editor", "members": ["group:ml@acme.test"], "condition": condition},
                {"role": "roles/owner", "members": []},
            ]
        }
    )
    assert summary(policy(data)) == [
        ("policyData.bindings[0].role", "roles/viewer", "policyData.bindings[0].members[0]", ANN),
        ("policyData.bindings[0].role", "roles/viewer", "policyData.bindings[0].members[1]", "allUsers"),
        ("policyData.bindings[1].role", "roles/editor", "policyData.bindings[1].members[0]", "group:ml@acme.test"),
    ]
    first, _, last = grants(policy(data))
    assert first.condition is None
    assert last.condition is not None
    assert (last.condition.path, last.condition.text) == (
        "policyData.bindings[1].condition.expression",
        condition["expression"],
    )
    assert first.form is Form.POLICY


def test_fields_of_a_policy_are_read_in_any_case_as_the_provider_does() -> None:
    data = '{"Bindings": [{"ROLE": "roles/viewer", "Members": ["allUsers"]}]}'
    assert [each[3] for each in summary(policy(data))] == ["allUsers"]


@pytest.mark.parametrize("data", ["{}", '{"bindings": []}', '{"bindings": null}'])
def test_an_empty_policy_grants_nothing(data: str) -> None:
    assert grants(policy(data)) == ()


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ("{", State.WRONG),
        ("[" * 100_000, State.WRONG),
        ("[]", State.WRONG),
        ('{"bindings": 7}', State.WRONG),
        ('{"bindings": ["allUsers"]}', State.WRONG),
        ('{"bindings": [], "Bindings": []}', State.WRONG),
        ({"bindings": []}, State.WRONG),
        (secret(), State.SECRET),
        (UNKNOWN, State.UNKNOWN),
        (f"{{{UNKNOWN}", State.UNKNOWN),
        ("", State.EMPTY),
    ],
)
def test_a_policy_that_cannot_be_read_is_one_grant_that_says_why(data: Any, state: State) -> None:
    (found,) = grants(policy(data))
    assert (found.role.state, found.member.state) == (state, state)
    assert found.member.path.startswith("policyData")
    assert found.principal.kind is Kind.UNKNOWN


def test_a_policy_without_members_or_role_says_so() -> None:
    (found,) = grants(policy('{"bindings": [{}]}'))
    assert (found.role.state, found.member.state) == (State.ABSENT, State.ABSENT)


def test_a_policy_around_an_unknown_part_is_read() -> None:
    found = grants(policy(f'{{"bindings": [{{"role": "roles/viewer", "members": ["user:{UNKNOWN}", "allUsers"]}}]}}'))
    assert [(each.member.state, each.principal.kind) for each in found] == [
        (State.UNKNOWN, Kind.USER),
        (State.KNOWN, Kind.ALL_USERS),
    ]


@pytest.mark.parametrize(
    ("type_", "inputs", "level", "on", "target"),
    [
        ("organizations.IAMMember", {"orgId": "123"}, Level.ORGANIZATION, "", ("orgId", "123")),
        ("folder.IAMBinding", {"folder": "folders/1"}, Level.FOLDER, "organizations.Folder", ("folder", "folders/1")),
        ("projects.IAMMember", {"project": "p"}, Level.PROJECT, "organizations.Project", ("project", "p")),
        ("billing.AccountIamMember", {"billingAccountId": "b"}, Level.BILLING, "", ("billingAccountId", "b")),
        (
            "serviceaccount.IAMMember",
            {"serviceAccountId": "s"},
            Level.SERVICE_ACCOUNT,
            "serviceaccount.Account",
            ("serviceAccountId", "s"),
        ),
        ("kms.KeyRingIAMMember", {"keyRingId": "k"}, Level.RESOURCE, "kms.KeyRing", ("keyRingId", "k")),
        (
            "bigquery.IamMember",
            {"project": "p", "datasetId": "d", "tableId": "t"},
            Level.RESOURCE,
            "bigquery.Table",
            ("tableId", "t"),
        ),
        (
            "storage.ManagedFolderIamMember",
            {"bucket": "b", "managedFolder": "f/"},
            Level.RESOURCE,
            "storage.ManagedFolder",
            ("managedFolder", "f/"),
        ),
        (
            "artifactregistry.RepositoryIamMember",
            {"project": "p", "location": "l", "repository": "r"},
            Level.RESOURCE,
            "artifactregistry.Repository",
            ("repository", "r"),
        ),
        ("iap.TunnelIamMember", {"project": "p"}, Level.RESOURCE, "iap.Tunnel", ("project", "p")),
    ],
)
def test_what_a_grant_is_on(type_: str, inputs: dict[str, str], level: Level, on: str, target: tuple[str, str]) -> None:
    (found,) = grants(R(type_, {**inputs, "member": ANN, "members": [ANN], "role": ROLE}))
    assert (found.level, found.on, (found.target.path, found.target.text)) == (level, on, target)


def test_accesses_of_a_dataset() -> None:
    accesses = [
        {"role": "OWNER", "userByEmail": "ann@acme.test"},
        {"role": "READER", "userByEmail": "a@p.iam.gserviceaccount.com", "condition": {"expression": "true"}},
        {"role": "READER", "groupByEmail": "ml@acme.test"},
        {"role": "READER", "domain": "acme.test"},
        {"role": "READER", "specialGroup": "projectReaders"},
        {"role": "READER", "specialGroup": "allAuthenticatedUsers"},
        {"role": "READER", "iamMember": "allUsers"},
        {"view": {"tableId": "t"}},
        {"routine": {"routineId": "r"}},
        {"dataset": {"targetTypes": ["VIEWS"]}},
    ]
    found = grants(R("bigquery.Dataset", {"datasetId": "d", "accesses": accesses}))
    assert [(each.member.path, each.member.text) for each in found] == [
        ("accesses[0].userByEmail", "user:ann@acme.test"),
        ("accesses[1].userByEmail", "serviceAccount:a@p.iam.gserviceaccount.com"),
        ("accesses[2].groupByEmail", "group:ml@acme.test"),
        ("accesses[3].domain", "domain:acme.test"),
        ("accesses[4].specialGroup", "projectViewer:"),
        ("accesses[5].specialGroup", "allAuthenticatedUsers"),
        ("accesses[6].iamMember", "allUsers"),
    ]
    assert [each.role.path for each in found][:2] == ["accesses[0].role", "accesses[1].role"]
    assert [each.condition.path for each in found if each.condition] == ["accesses[1].condition.expression"]
    assert {(each.form, each.on, each.target.text) for each in found} == {(Form.ACCESS, "bigquery.Dataset", "d")}
    assert found[4].principal.kind is Kind.PROJECT_VIEWER


def test_an_access_of_its_own() -> None:
    access = R("bigquery.DatasetAccess", {"datasetId": "d", "role": "READER", "iamMember": ANN})
    assert summary(access) == [("role", "READER", "iamMember", ANN)]
    view = R("bigquery.DatasetAccess", {"datasetId": "d", "authorizedDataset": {"targetTypes": ["VIEWS"]}})
    assert grants(view) == ()
    (found,) = grants(R("bigquery.DatasetAccess", {"datasetId": "d", "role": "READER"}))
    assert found.member.state is State.ABSENT


@pytest.mark.parametrize(
    ("accesses", "states"),
    [
        (UNKNOWN, [State.UNKNOWN]),
        (secret(), [State.SECRET]),
        ("allUsers", [State.WRONG]),
        ({}, [State.EMPTY]),
        ([None], [State.ABSENT]),
        ([7, secret()], [State.WRONG, State.SECRET]),
        ([], []),
        (None, []),
        ([{"role": "READER", "userByEmail": secret()}], [State.SECRET]),
        ([{"role": "READER", "specialGroup": ""}], [State.EMPTY]),
    ],
)
def test_accesses_that_cannot_be_read(accesses: Any, states: list[State]) -> None:
    found = grants(R("bigquery.Dataset", {"datasetId": "d", "accesses": accesses}))
    assert [each.member.state for each in found] == states


@pytest.mark.parametrize("type_", ["storage.BucketACL", "storage.ObjectACL"])
@pytest.mark.parametrize(
    ("predefined", "members"),
    [
        ("publicRead", [("READER", "allUsers")]),
        ("publicReadWrite", [("WRITER", "allUsers")]),
        ("authenticatedRead", [("READER", "allAuthenticatedUsers")]),
        ("PUBLICREAD", [("READER", "allUsers")]),
        ("private", []),
        ("bucketOwnerRead", []),
        ("bucketOwnerFullControl", []),
        ("projectPrivate", [("OWNER", "projectOwner:"), ("OWNER", "projectEditor:"), ("READER", "projectViewer:")]),
    ],
)
def test_predefined_lists(type_: str, predefined: str, members: list[tuple[str, str]]) -> None:
    found = grants(R(type_, {"bucket": "b", "predefinedAcl": predefined}))
    assert [(each.role.text, each.member.text) for each in found] == members
    assert {each.member.path for each in found} <= {"predefinedAcl"}
    assert {each.form for each in found} <= {Form.ACL}


def test_a_default_list_counts_and_an_unheard_of_one_is_wrong() -> None:
    assert [each[3] for each in summary(R("storage.BucketACL", {"bucket": "b", "defaultAcl": "publicRead"}))] == [
        "allUsers"
    ]
    for value, state in (
        ("everyone", State.WRONG),
        (7, State.WRONG),
        (UNKNOWN, State.UNKNOWN),
        (secret(), State.SECRET),
    ):
        (found,) = grants(R("storage.BucketACL", {"bucket": "b", "predefinedAcl": value}))
        assert found.member.state is state


@pytest.mark.parametrize("type_", ["storage.BucketACL", "storage.DefaultObjectACL", "storage.ObjectACL"])
def test_entries_of_a_list(type_: str) -> None:
    entries = [
        "OWNER:project-owners-123",
        "READER:user-ann@acme.test",
        "READER:user-a@p.iam.gserviceaccount.com",
        "READER:group-ml@acme.test",
        "READER:domain-acme.test",
        "READER:ALLUSERS",
        "allUsers",
        UNKNOWN,
        f"READER:user-{UNKNOWN}",
    ]
    found = grants(R(type_, {"bucket": "b", "roleEntities": entries}))
    assert [each.member.path for each in found] == [f"roleEntities[{index}]" for index in range(9)]
    assert [each.member.text for each in found] == [
        "projectOwner:123",
        "user:ann@acme.test",
        "serviceAccount:a@p.iam.gserviceaccount.com",
        "group:ml@acme.test",
        "domain:acme.test",
        "ALLUSERS",
        "",
        "",
        UNKNOWN,
    ]
    assert found[5].principal.public
    assert [each.member.state for each in found[6:]] == [State.WRONG, State.UNKNOWN, State.UNKNOWN]
    assert found[0].role.text == "OWNER"


@pytest.mark.parametrize(
    "type_", ["storage.BucketAccessControl", "storage.ObjectAccessControl", "storage.DefaultObjectAccessControl"]
)
@pytest.mark.parametrize("entity", ["allUsers", "allAuthenticatedUsers"])
def test_an_entry_of_its_own(type_: str, entity: str) -> None:
    (found,) = grants(R(type_, {"bucket": "b", "entity": entity, "role": "READER"}))
    assert (found.member.path, found.principal.kind.value, found.role.text) == ("entity", entity, "READER")
    (found,) = grants(R(type_, {"bucket": "b", "entity": secret(), "role": "READER"}))
    assert found.member.state is State.SECRET


def test_grants_on_and_of_a_resource() -> None:
    bucket, dataset = (
        R("storage.Bucket", {"name": "models"}, "models"),
        R(
            "bigquery.Dataset",
            {"datasetId": "d", "accesses": [{"role": "OWNER", "groupByEmail": "ml@acme.test"}]},
            "census",
        ),
    )
    by_name = R("storage.BucketIAMMember", {"bucket": "models", "member": ANN, "role": ROLE}, "by-name")
    by_source = R(
        "storage.BucketIAMBinding",
        {"bucket": UNKNOWN, "members": [ANN], "role": ROLE},
        "by-source",
        {"bucket": bucket.urn},
    )
    other = R("storage.BucketIAMMember", {"bucket": "others", "member": ANN, "role": ROLE}, "other")
    access = R("bigquery.DatasetAccess", {"datasetId": "d", "iamMember": ANN, "role": "READER"}, "access")
    graph = Graph(document(bucket, dataset, by_name, by_source, other, access))
    assert [each.resource.name for each in graph.grants_on(graph.document[bucket.urn])] == ["by-name", "by-source"]
    assert [each.resource.name for each in graph.grants_on(graph.document[dataset.urn])] == ["census", "access"]
    assert [each.target.text for each in graph.grants_of(graph.document[other.urn])] == ["others"]
    assert graph.grants_of(graph.document[bucket.urn]) == ()


def test_one_principal_has_one_identity_in_every_grant() -> None:
    account = R("serviceaccount.Account", {"accountId": "trainer", "project": "acme-ml"}, "trainer")
    ways = [
        R("storage.BucketIAMMember", {"bucket": "b", "member": UNKNOWN, "role": ROLE}, "a", {"member": account.urn}),
        R("projects.IAMMember", {"member": "serviceAccount:Trainer@acme-ml.iam.gserviceaccount.com"}, "b"),
        R("projects.IAMMember", {"member": f"serviceAccount:{UNKNOWN}"}, "c", {"member": account.urn}),
    ]
    assert {each.principal.identity for each in grants(account, *ways)} == {urn("serviceaccount.Account", "trainer")}
