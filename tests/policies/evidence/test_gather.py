"""What is gathered: inventory, results, what is declared, and what needs a person."""

from typing import Any

import pytest

from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.results import Proof
from groundplan_policies.engine.states import State
from groundplan_policies.engine.tally import tally
from groundplan_policies.evidence.levels import reach
from groundplan_policies.evidence.model import Bundle, Item
from tests.policies.evidence.world import DIGEST, TEAM, bundle_of, made, resources, review, waiver_of
from tests.policies.reports.sample import DAY
from tests.policies.rules.harness import PROJECT, R, document, secret


def item(bundle: Bundle, name: str) -> Item:
    (found,) = (each for each in bundle.inventory if each.name == name)
    return found


def test_the_inventory_says_where_a_resource_is_and_what_encrypts_it() -> None:
    found = item(made(), "raw")

    assert (found.type, found.project, found.place, found.key, found.data_class) == (
        "storage.Bucket",
        PROJECT,
        "eu",
        "main",
        "personal",
    )
    assert str(found.source) == "storage.py:12"
    assert item(made(), "out").key == "Google’s"
    assert item(made(), "trainer").key == ""


def test_components_and_providers_are_no_inventory() -> None:
    names = {each.name for each in made(*resources(), R("Provider", {"project": PROJECT}, "google")).inventory}

    assert not {"credit", "google"} & names
    assert len(names) == len(resources()) - 1


def test_a_resource_says_which_construct_made_it() -> None:
    home = R("acme:data:Store", {}, "store", record={"custom": False})
    inside = R("storage.Bucket", {}, "inside", record={"parent": home.urn})

    assert item(made(home, inside), "inside").part_of == "store (Store)"


def test_passes_are_those_of_the_one_evaluation() -> None:
    bundle = made()
    read = document(*resources())

    again = evaluate(read, TEAM, as_of=DAY)

    assert {each.control: each.passes for each in bundle.results} == {each: again.passed(each) for each in again.counts}
    assert any(each.passes for each in bundle.results)


def test_nothing_is_evaluated_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[bool] = []

    def counted(*arguments: Any, **options: Any) -> object:
        calls.append(options.get("with_passes", False))
        return tally(*arguments, **options)

    monkeypatch.setattr("groundplan_policies.engine.evaluate.tally", counted)

    made()

    assert calls == [True]


def test_what_fails_is_against_a_resource_waived_or_not() -> None:
    public = R("storage.Bucket", {"name": "open", "publicAccessPrevention": "inherited"}, "open")

    plain = made(public)
    waived = made(public, waivers=(waiver_of(document(public), "DAT-05", "open"),))

    assert "DAT-05" in item(plain, "open").failed
    assert "DAT-05" in item(waived, "open").failed
    assert [each.control for each in waived.report.waived] == ["DAT-05"]
    assert any(each.kind == "waived" and each.title.startswith("DAT-05 on open") for each in waived.tasks)
    (mend,) = (each for each in plain.tasks if each.title.startswith("DAT-05 "))
    assert mend.todo == plain.report.controls["DAT-05"].remedy


def test_a_review_is_declared_by_its_owner_and_its_reviewer() -> None:
    (found,) = (each for each in made().declarations if each.kind == "responsible AI review")

    assert found.name == "credit"
    assert found.by == "risk@acme.test; reviewed by audit@acme.test"
    assert ("risk class (EU AI Act)", "high") in found.facts
    assert ("oversight", "who: loan officers; can stop: yes") in found.facts
    assert ("digest", DIGEST) in found.facts


def test_a_secret_in_a_review_stays_one() -> None:
    (found,) = (each for each in made(review(incident=secret())).declarations if each.kind == "responsible AI review")

    assert ("incident", "a secret") in found.facts


@pytest.mark.parametrize(
    ("opened", "todo"),
    [
        (None, "It was not opened"),
        (Opened(digest=DIGEST, text="# Card"), "It is the one that was declared"),
        (Opened(digest="sha256:" + "b" * 64, text="# Other"), "It is another one than the declared digest says"),
        (Opened(problem="it is too long"), "It could not be read (it is too long)"),
    ],
)
def test_each_document_is_a_task_for_a_person(opened: Opened | None, todo: str) -> None:
    bundle = made(review(), opened={} if opened is None else {"cards/income.md": opened})

    (found,) = (each for each in bundle.tasks if each.kind == "document")

    assert found.title == "modelCard of credit: cards/income.md"
    assert found.todo.startswith(todo)


def test_what_the_document_lacks_and_what_nobody_reviewed_comes_first() -> None:
    bundle = made(R("strange:index:Thing", {}, "thing"))

    assert next(each.kind for each in bundle.tasks) == "type"


def test_frameworks_have_gaps_for_a_person() -> None:
    bundle = made()

    listed = [each.title for each in bundle.tasks if each.kind == "clause"]

    assert any("CIS Google Cloud" in each for each in listed)
    assert {each.id for each in bundle.coverage} >= {"cis-gcp-5.0", "eu-ai-act", "iso-42001-2023", "nist-ai-rmf-1.0"}


@pytest.mark.parametrize(
    ("member", "level", "marked"),
    [
        ({"profile": "preview", "engine": "embedded"}, "program", True),
        ({"profile": "state", "engine": "embedded"}, "mock-applied", True),
        ({"profile": "state", "engine": "pulumi"}, "state", False),
    ],
)
def test_the_level_is_that_of_the_document(member: dict[str, str], level: str, marked: bool) -> None:
    found = bundle_of(document(*resources(), **member)).reach

    assert (found.id, bool(found.watermark)) == (level, marked)


@pytest.mark.parametrize(("engine", "asked"), [("embedded", False), ("pulumi", True)])
def test_of_a_state_somebody_must_know_which_cloud_it_is_of(engine: str, asked: bool) -> None:
    bundle = bundle_of(document(*resources(), profile="state", engine=engine))

    assert ("level" in {each.kind for each in bundle.tasks}) is asked


def test_every_proof_of_a_deployment_has_a_level() -> None:
    assert {reach(each).id for each in Proof if each is not Proof.PIPELINE} == {"program", "mock-applied", "state"}


def test_results_are_those_of_the_report() -> None:
    bundle = made()

    assert {each.control: each.state for each in bundle.results} == dict(bundle.report.states)
    assert State.FAIL in {each.state for each in bundle.results}


def test_a_deployment_without_data_has_no_access_and_no_flow() -> None:
    bundle = made(R("kms.KeyRing", {"name": "r", "project": PROJECT, "location": "europe-west4"}, "r"))

    assert (bundle.access, bundle.flow.stops) == ((), ())


def test_an_endpoint_that_no_training_leads_to_needs_a_person() -> None:
    pool = R("vertex.AiPersistentResource", {"name": "pool", "location": "europe-west4"}, "pool")
    said = {"governance": {"trainedBy": [pool.urn]}}
    untold = R("vertex.AiEndpoint", {"name": "new", "location": "europe-west4"}, "new")
    told = R("vertex.AiEndpoint", {"name": "old", "location": "europe-west4", **said}, "old")

    titles = [each.title for each in made(pool, untold, told).tasks if each.kind == "flow"]

    assert titles == ["new does not say by what its models are trained"]
