"""REL-01: what holds data refuses to be deleted."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.reliability.rel_01 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

ON = (
    *("bigquery.Table", "container.Cluster", "sql.DatabaseInstance", "spanner.Database", "bigtable.Instance"),
    *("alloydb.Cluster", "redis.Cluster"),
)
OFF = (
    *("secretmanager.Secret", "secretmanager.RegionalSecret", "workbench.Instance", "dataproc.MetastoreService"),
    *("memorystore.Instance", "filestore.Instance"),
)
SWITCH = dict.fromkeys((*ON, *OFF), "deletionProtection") | {
    "workbench.Instance": "enableDeletionProtection",
    **dict.fromkeys(("redis.Cluster", "memorystore.Instance", "filestore.Instance"), "deletionProtectionEnabled"),
}
WORDS = {
    "bigtable.Table": ("deletionProtection", "PROTECTED", "UNPROTECTED"),
    "firestore.Database": (
        *("deleteProtectionState", "DELETE_PROTECTION_ENABLED", "DELETE_PROTECTION_STATE_UNSPECIFIED"),
    ),
}
"""Types whose switch is a word: where, on, off."""
BESIDE: dict[str, dict[str, Any]] = {"sql.DatabaseInstance": {"settings": {"deletionProtectionEnabled": True}}}


def guarded(type_: str, **inputs: Any) -> R:
    return R(type_, {**BESIDE.get(type_, {}), **inputs})


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(guarded(each, **{SWITCH[each]: True}) for each in SWITCH),
        *(R(each, {path: on}) for each, (path, on, _) in WORDS.items()),
    ],
)


@pytest.mark.parametrize("type_", WORDS)
def test_a_word_that_switches_it_off_fails(type_: str) -> None:
    path, _, off = WORDS[type_]
    found = outcome(CONTROL, R(type_, {path: off}))
    assert (found.verdict, [(each.path, each.shown) for each in found.reasons]) == (Verdict.FAIL, [(path, off)])
    assert verdict(CONTROL, R(type_, {path: off, "deletionPolicy": "PREVENT"})) is Verdict.PASS


@pytest.mark.parametrize("type_", SWITCH)
@pytest.mark.parametrize("policy", [{}, {"deletionPolicy": "DELETE"}, {"deletionPolicy": "ABANDON"}], ids=str)
def test_a_switch_that_is_off_fails(type_: str, policy: dict[str, str]) -> None:
    found = outcome(CONTROL, guarded(type_, **{SWITCH[type_]: False}, **policy))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(SWITCH[type_], "false")]


@pytest.mark.parametrize("type_", SWITCH)
def test_absent_means_what_the_provider_takes(type_: str) -> None:
    assert verdict(CONTROL, guarded(type_)) is (Verdict.PASS if type_ in ON else Verdict.FAIL)


@pytest.mark.parametrize("type_", SWITCH)
@pytest.mark.parametrize("off", [True, False], ids=["off", "absent"])
def test_a_policy_that_prevents_it_is_enough(type_: str, *, off: bool) -> None:
    inputs: dict[str, Any] = {SWITCH[type_]: False} if off else {}
    assert verdict(CONTROL, guarded(type_, **inputs, deletionPolicy="PREVENT")) is Verdict.PASS


@pytest.mark.parametrize("type_", SWITCH)
@pytest.mark.parametrize("policy", [UNKNOWN, secret()], ids=["unknown", "secret"])
def test_a_policy_that_nobody_sees_may_prevent_it(type_: str, policy: object) -> None:
    found = outcome(CONTROL, guarded(type_, **{SWITCH[type_]: False}, deletionPolicy=policy))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.INDETERMINATE, ["deletionPolicy"])


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("PREVENT", Verdict.PASS), ("DELETE", Verdict.FAIL), (None, Verdict.FAIL), (UNKNOWN, Verdict.INDETERMINATE)],
)
def test_the_policy_of_the_provider_counts(policy: str | None, expected: Verdict) -> None:
    provider = R("Provider", {"deletionPolicy": policy} if policy else {}, "main")
    found = R("secretmanager.Secret", {}, record={"provider": f"{provider.urn}::id"})
    assert verdict(CONTROL, found, provider) is expected
    own = R("secretmanager.Secret", {"deletionPolicy": "DELETE"}, record={"provider": f"{provider.urn}::id"})
    assert verdict(CONTROL, own, provider) is Verdict.FAIL


@pytest.mark.parametrize("kind", ["view", "materializedView", "externalDataConfiguration"])
def test_a_view_holds_no_data(kind: str) -> None:
    view = R("bigquery.Table", {kind: {"query": "SELECT 1"}, "deletionProtection": False})
    assert verdict(CONTROL, view) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("settings", [{}, {"deletionProtectionEnabled": False}], ids=str)
def test_a_database_is_protected_everywhere(settings: dict[str, bool]) -> None:
    for protection in ({"deletionProtection": True}, {"deletionPolicy": "PREVENT"}):
        found = outcome(CONTROL, R("sql.DatabaseInstance", {**protection, "settings": settings}))
        assert (found.verdict, [each.path for each in found.reasons]) == (
            Verdict.FAIL,
            ["settings.deletionProtectionEnabled"],
        )
