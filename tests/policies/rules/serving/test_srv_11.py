"""SRV-11: what agents retrieve keeps its permissions."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_11 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, secret, stated_verdicts, verdict

PLACE = {"project": PROJECT, "location": "eu"}
SEARCH = "vertexAiSearchConfig.servingConfig"


def store(name: str = "store", **inputs: object) -> R:
    given: dict[str, Any] = {**PLACE, "dataStoreId": name, "contentConfig": "CONTENT_REQUIRED", "aclEnabled": True}
    return R("discoveryengine.DataStore", {**given, **inputs}, name)


def engine(*stores: object, **inputs: object) -> R:
    given: dict[str, Any] = {**PLACE, "engineId": "engine", "dataStoreIds": list(stores)}
    return R("discoveryengine.SearchEngine", {**given, **inputs}, "engine")


def corpus(rest: object = "collections/default_collection/engines/engine", project: str = PROJECT) -> R:
    config = f"projects/{project}/locations/eu/{rest}/servingConfigs/default" if isinstance(rest, str) else rest
    return R("vertex.AiRagCorpus", {"vertexAiSearchConfig": {"servingConfig": config}}, "corpus")


test_stated_verdicts = stated_verdicts(CONTROL, [store("good"), corpus("dataStores/store")], store())


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"aclEnabled": False}, Verdict.FAIL),
        ({"aclEnabled": False, "contentConfig": "NO_CONTENT"}, Verdict.FAIL),
        ({"aclEnabled": False, "contentConfig": UNKNOWN}, Verdict.FAIL),
        ({"aclEnabled": False, "contentConfig": "PUBLIC_WEBSITE"}, Verdict.NOT_APPLICABLE),
        ({"aclEnabled": "true"}, Verdict.INDETERMINATE),
    ],
    ids=str,
)
def test_a_store_keeps_permissions_unless_it_is_of_public_sites(inputs: dict[str, Any], expected: Verdict) -> None:
    found = outcome(CONTROL, store(**inputs))
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {"aclEnabled"}


@pytest.mark.parametrize(
    "inputs", [{}, {"vertexAiSearchConfig": {}}, {"vectorDbConfig": {"ragManagedDb": {}}}], ids=str
)
def test_of_a_corpus_of_its_own_nobody_can_tell(inputs: dict[str, object]) -> None:
    found = outcome(CONTROL, R("vertex.AiRagCorpus", inputs))
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, SEARCH)


@pytest.mark.parametrize(
    ("found", "others", "expected"),
    [
        (corpus("dataStores/store"), (store(),), Verdict.PASS),
        (corpus("collections/c/dataStores/store"), (store(),), Verdict.PASS),
        (corpus("dataStores/store"), (store(aclEnabled=False),), Verdict.FAIL),
        (corpus("dataStores/store"), (store(aclEnabled=UNKNOWN),), Verdict.INDETERMINATE),
        (corpus("dataStores/store"), (store(aclEnabled=False, contentConfig="PUBLIC_WEBSITE"),), Verdict.PASS),
        (corpus("dataStores/other"), (store(),), Verdict.INDETERMINATE),
        (corpus("dataStores/store", "acme-other"), (store(),), Verdict.INDETERMINATE),
        (corpus("dataStores/store"), (store(location="us"),), Verdict.INDETERMINATE),
        (corpus(), (engine("store"), store()), Verdict.PASS),
        (corpus(), (engine("store", "open"), store(), store("open", aclEnabled=False)), Verdict.FAIL),
        (corpus(), (engine("store", "far"), store()), Verdict.INDETERMINATE),
        (corpus(), (engine(), store()), Verdict.INDETERMINATE),
        (corpus(), (engine("store", secret()), store()), Verdict.INDETERMINATE),
        (corpus(), (store(),), Verdict.INDETERMINATE),
        (corpus("engines/engine/extra"), (engine("store"), store()), Verdict.INDETERMINATE),
        (corpus(UNKNOWN), (store(),), Verdict.INDETERMINATE),
        (corpus(7), (store(),), Verdict.INDETERMINATE),
    ],
)
def test_a_corpus_is_as_good_as_what_it_searches(found: R, others: tuple[R, ...], expected: Verdict) -> None:
    said = outcome(CONTROL, found, *others)
    assert said.verdict is expected
    assert {each.path for each in said.reasons} <= {SEARCH}


def test_the_stores_of_an_engine_may_be_made_in_the_same_run() -> None:
    made = R("discoveryengine.SearchEngine", {**PLACE, "engineId": "engine", "dataStoreIds": [UNKNOWN]}, "engine")
    tied = R(made.type, made.inputs, "engine", origins={"dataStoreIds[0]": store().urn})
    assert verdict(CONTROL, corpus(), tied, store()) is Verdict.PASS
    assert verdict(CONTROL, corpus(), made, store()) is Verdict.INDETERMINATE
