"""Endpoints say where their models are trained, so that the way of the data is seen to its end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Settings
from blueprint.stages import lookup
from blueprint.stand_ins import StandIns
from groundplan.core import references
from groundplan.core.errors import LookupFailure
from groundplan_policies.engine import Document
from groundplan_policies.engine.evaluate import make_context
from groundplan_policies.evidence.flow_view import flow_view
from groundplan_policies.settings.read import read_settings
from tests.constructs.plan import environment, plan
from tests.stacks.previews import ROOT, document, resources
from tests.stacks.test_clean import evaluated

TRAINING = ("groundplan:training:TrainingPool", "groundplan:pipelines:PipelineEnvironment")
URN = "urn:pulumi:other::groundplan::groundplan:training:TrainingPool::income"


@pytest.mark.parametrize("stack", ["learner", "team", "regulated"])
def test_an_endpoint_names_all_training_of_its_stack(stack: str) -> None:
    (endpoint,) = [r for r in resources(stack) if r["type"] == "groundplan:serving:OnlineEndpoint"]
    trained = [r["urn"] for r in resources(stack) if r["type"] in TRAINING]
    assert len(trained) == 2
    assert sorted(endpoint["inputs"]["governance"]["trainedBy"]) == sorted(trained)


def test_the_evidence_of_the_strictest_leads_from_training_to_the_endpoint() -> None:
    settings = read_settings(ROOT / "stacks" / "environments" / "guardrails.regulated.yaml")
    view = flow_view(make_context(Document.read(document("regulated")), settings, (), date(2026, 12, 1)))
    stops = {each.key: each for each in view.stops}
    into = [link for link in view.links if stops[link.target].role == "endpoint" and link.declared]
    assert {stops[link.source].type for link in into} == {"TrainingPool", "PipelineEnvironment"}
    assert {stops[link.source].role for link in into} == {"training"}
    assert {link.why for link in into} == {"somebody says so"}
    assert not any(stops[end].idle for link in into for end in (link.source, link.target))


@pytest.mark.parametrize(("said", "caught"), [(True, {"fail"}), (False, set())])
def test_an_endpoint_that_is_laxer_than_what_its_models_learnt_from_is_caught_by_what_it_says(
    said: bool, caught: set[str]
) -> None:
    changed = document("regulated")
    for resource in changed["deployment"]["resources"]:
        if resource["type"].endswith(":AiEndpoint"):
            resource["inputs"]["labels"]["classification"] = "internal"
        if resource["type"].endswith(":OnlineEndpoint") and not said:
            del resource["inputs"]["governance"]["trainedBy"]
    found = evaluated("regulated", changed).findings
    assert {each.verdict.value for each in found if each.control == "RAI-24"} == caught


def settings(**sections: Any) -> Settings:
    return Settings.model_validate(
        {
            "tier": "learner",
            "region": "europe-west4",
            "projects": {"workload": {"id": "acme-ml-dev", "number": "123456789012"}},
            "buckets": {"work": {"data_class": "internal", "owner": "group:ml@acme.test"}},
            **sections,
        }
    )


def test_a_name_of_both_means_both() -> None:
    both = settings(
        pipelines={"income": {"owner": "group:ml@acme.test", "data_class": "internal"}},
        training={"income": {"staging": "work", "data_class": "internal"}},
    )
    found = lookup.trainings(StandIns(both, both.environment(), []), "income")
    assert [type(each) for each in found] == [
        references.ExistingPipelineEnvironment,
        references.ExistingTrainingPool,
    ]


@pytest.mark.parametrize("kind", [Context, StandIns])
def test_training_of_another_stack_is_named_by_what_that_exported(kind: type[Context]) -> None:
    workload = environment().projects.workload
    pool = references.ExistingTrainingPool(
        label="income",
        project=workload,
        region="europe-west4",
        account=references.ExistingAccount(email="t@acme-ml-dev.iam.gserviceaccount.com", project=workload, label="t"),
        custom_job={},
        training_urn=URN,
    )
    published = plan(lambda: gp.publish(environment(), {"training-income": pool})).outputs["groundplan"]
    exports = gp.Exports("acme/groundplan/other", published)
    context = kind(settings(), environment(), [exports])
    assert [each.training_urn for each in lookup.trainings(context, "income")] == [URN]
    with pytest.raises(LookupFailure, match="'training-nightly'") as caught:
        lookup.trainings(context, "nightly")
    assert "name the stack that ran it under `reads`" in str(caught.value)
