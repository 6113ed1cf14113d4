"""Each shipped environment is clean at its own level without a waiver; and what takes a protection away is caught."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from groundplan_policies.engine import Document
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.results import Evaluation
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.settings.read import read_settings
from tests.stacks.previews import ROOT, document

STACKS = ("learner", "team", "regulated")
HELD = (Verdict.PASS, Verdict.DECLARED)

each_stack = pytest.mark.parametrize("stack", STACKS)


def evaluated(stack: str, raw: dict[str, Any]) -> Evaluation:
    made = Document.read(raw, libraries=["constructs/groundplan/"])
    settings = read_settings(ROOT / "stacks" / "environments" / f"guardrails.{stack}.yaml")
    return evaluate(made, settings, as_of=date(2026, 12, 1))


def said(found: Evaluation, *levels: Level) -> list[tuple[str, str, str]]:
    """Give what does not hold, of the controls that have one of some levels."""
    return [
        (each.control, each.urn.rpartition("::")[2], each.verdict.value)
        for each in found.findings
        if each.level in levels and each.verdict not in HELD
    ]


@each_stack
def test_a_shipped_environment_is_clean(stack: str) -> None:
    found = evaluated(stack, document(stack))

    assert said(found, Level.BLOCK) == []
    assert found.faults == ()
    assert found.types.unknown == ()
    assert found.gaps == ()
    assert found.loosened == ()
    assert found.waiver_findings == ()
    assert found.clean


def test_nothing_at_all_is_left_to_say_of_the_strictest() -> None:
    assert said(evaluated("regulated", document("regulated")), *Level) == []


def test_what_the_others_do_without_is_said_and_blocks_nothing() -> None:
    learner, team = (said(evaluated(stack, document(stack)), *Level) for stack in ("learner", "team"))
    assert {control for control, _, _ in team} == {"ENC-08", "RAI-07", "RAI-14"}
    assert {control for control, _, _ in learner} == {
        *("BYP-03", "DAT-13", "DAT-19"),
        *("ENC-01", "ENC-02", "ENC-03", "ENC-04", "ENC-05", "ENC-07", "ENC-08"),
        *("MON-01", "MON-04", "MON-06", "MON-07", "MON-09", "MON-10", "PIPE-08"),
        *("RAI-05", "RAI-08", "RAI-14", "RAI-15", "RAI-17", "RAI-20", "RAI-22"),
        *("REL-01", "SRV-02", "SUP-06", "SUP-18"),
    }
    assert {verdict for _, _, verdict in (*learner, *team)} == {"fail"}


Change = Callable[[dict[str, Any]], None]


def named(raw: dict[str, Any], name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [r for r in raw["deployment"]["resources"] if r["urn"].endswith(f":{name}")]
    assert len(found) == 1, f"{name}: {[each['urn'] for each in found]}"
    return found[0]


def put(name: str, path: str, value: Any) -> Change:
    """Change an input of a resource; ``...`` takes it out."""

    def change(raw: dict[str, Any]) -> None:
        here: Any = named(raw, name)["inputs"]
        *way, last = path.split(".")
        for key in way:
            here = here[int(key)] if key.isdigit() else here[key]
        if value is ...:
            del here[last]
        else:
            assert here.get(last) != value
            here[last] = value

    return change


def option(name: str, key: str, value: Any) -> Change:
    """Change an option of a resource."""

    def change(raw: dict[str, Any]) -> None:
        named(raw, name)[key] = value

    return change


def without(name: str) -> Change:
    """Take a resource out of the program."""

    def change(raw: dict[str, Any]) -> None:
        raw["deployment"]["resources"].remove(named(raw, name))

    return change


READER = "datasets-deidentified-objectviewer-trainer"
TEAM_READER = "datasets-objectviewer-trainer"
AGENT = "project-serviceagent-agent-container-acme-ml-team"
NOTEBOOK = "notebooks-alice-instance"
INGRESS = "core-allow-internal-ingress"
OPEN = ["0.0.0.0/0"]

TAKEN_AWAY: list[tuple[str, str, str, Change]] = [
    # The stack, the control that must say it, of which resource, and what is taken away.
    ("regulated", "DAT-05", "datasets-bucket", put("datasets-bucket", "publicAccessPrevention", "inherited")),
    ("regulated", "DAT-06", "datasets-bucket", put("datasets-bucket", "uniformBucketLevelAccess", value=False)),
    ("regulated", "DAT-09", "datasets-bucket", put("datasets-bucket", "lifecycleRules", [])),
    ("regulated", "ENC-01", "datasets-bucket", put("datasets-bucket", "encryption", ...)),
    ("regulated", "BYP-01", "datasets-bucket", option("datasets-bucket", "ignoreChanges", ["encryption"])),
    ("regulated", "IAM-01", READER, put(READER, "member", "allUsers")),
    ("regulated", "IAM-13", READER, put(READER, "member", "user:eve@example.com")),
    ("regulated", "IAM-02", "census-dataset", put("census-dataset", "accesses.0.iamMember", "allUsers")),
    ("regulated", "NET-01", NOTEBOOK, put(NOTEBOOK, "gceSetup.disablePublicIp", value=False)),
    (
        "regulated",
        "NET-16",
        "kube-cluster",
        put("kube-cluster", "privateClusterConfig.enablePrivateNodes", value=False),
    ),
    ("regulated", "NET-19", INGRESS, put(INGRESS, "match.srcIpRanges", OPEN)),
    ("regulated", "NET-20", "core-vpc", put("core-deny-egress", "disabled", value=True)),
    ("regulated", "NET-23", "platform-perimeter", put("platform-perimeter", "status", ...)),
    ("regulated", "ENC-09", "main-key-personal", put("main-key-personal", "rotationPeriod", "31536000s")),
    (
        "regulated",
        "ENC-10",
        "main-key-personal",
        put("main-key-personal", "versionTemplate.protectionLevel", "SOFTWARE"),
    ),
    ("regulated", "ENC-14", "kube-pool-h100", put("kube-pool-h100", "nodeConfig.confidentialNodes", ...)),
    ("regulated", "DAT-13", "data-buckets", put("data-buckets", "status", "PAUSED")),
    ("regulated", "DAT-13", "", without("data-buckets")),
    ("team", "ENC-02", "census-dataset", put("census-dataset", "defaultEncryptionConfiguration", ...)),
    ("team", "IAM-01", TEAM_READER, put(TEAM_READER, "member", "allAuthenticatedUsers")),
    ("team", "IAM-03", AGENT, put(AGENT, "role", "roles/owner")),
]


@pytest.mark.parametrize(
    ("stack", "control", "name", "change"),
    [pytest.param(*row, id=f"{row[0]}-{row[1]}-{number}") for number, row in enumerate(TAKEN_AWAY)],
)
def test_taking_a_protection_away_is_caught(stack: str, control: str, name: str, change: Change) -> None:
    raw = document(stack)
    change(raw)
    found = evaluated(stack, raw)

    assert not found.clean
    blocked = {(each.control, each.urn.rpartition("::")[2]) for each in found.blocking}
    assert (control, name) in blocked
    assert found.faults == ()


def test_a_learner_hears_of_it_and_may_go_on() -> None:
    raw = document("learner")
    put("datasets-bucket", "publicAccessPrevention", "inherited")(raw)
    found = evaluated("learner", raw)

    assert ("DAT-05", "datasets-bucket", "fail") in said(found, *Level)
    assert found.clean
