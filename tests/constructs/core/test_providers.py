"""Providers: one a project, made when the first resource needs it, and a project's number looked up once."""

from __future__ import annotations

import dataclasses

import pulumi
import pytest

import groundplan as gp
from groundplan.core.providers import project_number, provider_for
from tests.constructs.plan import plan

PROVIDER = "pulumi:providers:gcp"
OURS = gp.Project(id="acme-ml-dev", number="123456789012")


def test_a_project_has_one_provider() -> None:
    def program() -> None:
        assert provider_for(OURS) is provider_for(dataclasses.replace(OURS))

    (made,) = plan(program).of(PROVIDER)
    assert made.name == "gcp-acme-ml-dev"
    own = {key: value for key, value in made.inputs.items() if key not in {"version", "__internal"}}
    assert own == {"project": "acme-ml-dev", "userProjectOverride": "true", "billingProject": "acme-ml-dev"}


def test_each_project_has_its_own() -> None:
    def program() -> None:
        provider_for(OURS)
        provider_for(gp.Project(id="acme-keys", quota_project="acme-bill", impersonate="a@b.iam.gserviceaccount.com"))

    inputs = {r.name: r.inputs for r in plan(program).of(PROVIDER)}
    assert set(inputs) == {"gcp-acme-ml-dev", "gcp-acme-keys"}
    assert inputs["gcp-acme-keys"]["billingProject"] == "acme-bill"
    assert inputs["gcp-acme-keys"]["impersonateServiceAccount"] == "a@b.iam.gserviceaccount.com"


def test_no_provider_holds_a_credential() -> None:
    inputs = plan(lambda: provider_for(OURS)).one(PROVIDER).inputs
    assert not {"credentials", "accessToken", "externalCredentials"} & set(inputs)


def test_two_descriptions_of_one_project_are_refused() -> None:
    def program() -> None:
        provider_for(OURS)
        provider_for(dataclasses.replace(OURS, managed=False))

    with pytest.raises(gp.ArgumentError, match=r"describes project acme-ml-dev a second time(?s:.*)share one Project"):
        plan(program)


def test_nothing_is_made_before_it_is_needed() -> None:
    assert plan(lambda: None).resources == []


def test_a_number_that_is_given_is_not_looked_up() -> None:
    assert project_number(OURS) == "123456789012"


def test_a_number_that_is_not_given_is_looked_up_once() -> None:
    project = gp.Project(id="acme-ml-dev")

    def program() -> None:
        assert project_number(project) is project_number(project)
        pulumi.export("number", project_number(project))

    answer = {"gcp:organizations/getProject:getProject": {"number": "123456789012", "id": "x"}}
    assert plan(program, invokes=answer).outputs == {"number": "123456789012"}
