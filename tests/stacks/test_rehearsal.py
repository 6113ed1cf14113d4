"""What only a construct's own check sees is said of the settings file, all at once, before anything is made."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import groundplan as gp
from blueprint import rehearsal
from blueprint.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]
PROJECT = "name: groundplan\nruntime: python\nstackConfigDir: settings\n"
TEXT = """\
config:
  groundplan:tier: learner
  groundplan:region: europe-west4
  groundplan:projects:
    workload: {id: acme-ml-dev, number: "123456789012"}
  groundplan:identities:
    predictor: {purpose: Models that answer requests}
  groundplan:reviews:
    income:
      bucket: staging
      owner: group:ml@acme.test
      reviewer: group:risk@acme.test
      contact: ml@acme.test
      reviewed: "2026-11-02"
      next_review: "2027-11-02"
      purposes: [scoring]
      intended_use: Scores people
      risk_class: limited
      risk_reason: None of Annex III
      affected_groups: [people]
  groundplan:agreements:
    lent:
      bucket: staging
      owner: group:data@acme.test
      purposes: [scoring]
      data_class: internal
      retention_days: 90
      residency: [EU]
      consumers: [predictor]
      origin: A partner
      collection: Handed over
      known_bias: Not known
      collected: "2026-10-31"
      agreed: "2026-11-02"
      expires: "2027-11-02"
  groundplan:buckets:
    staging: {data_class: internal, owner: "group:ml@acme.test"}
    lent: {data_class: internal, owner: "group:data@acme.test", agreements: [lent], readers: [predictor]}
  groundplan:warehouses:
    census:
      data_class: confidential
      owner: group:data@acme.test
      tables:
        income:
          columns:
            - {name: person, description: Number of the person}
            - {name: feature_timestamp, type: TIMESTAMP, description: When the row was recorded}
            - {name: age, type: INT64, description: Age in years}
  groundplan:scans:
    intake:
      findings: census
      buckets:
        staging: {deidentify_to: lent}
      tables:
        - {warehouse: census, table: income, quasi_ids: [age]}
  groundplan:feature_groups:
    people:
      warehouse: census
      table: income
      entity_id_columns: [person]
      owner: group:data@acme.test
      features:
        age: Age in years
  groundplan:online_stores:
    main: {data_class: confidential}
  groundplan:feature_views:
    people:
      store: main
      groups:
        people: [age]
      sync: 0 4 * * *
  groundplan:sources:
    code:
      kind: github
      app_installation: 42
      token_version: projects/acme-ml-dev/secrets/github/versions/1
      repositories: [acme/ml]
  groundplan:repositories:
    images: {}
    templates: {format: kfp}
  groundplan:fleet:
    members:
      alice: {owner: "user:alice@acme.test"}
  groundplan:notebooks:
    bob: {owner: "user:bob@acme.test"}
  groundplan:training:
    jobs: {staging: staging, data_class: internal}
  groundplan:tpus:
    small: {accelerator: V5LITE_POD, topology: 2x2, zone: europe-west4-b, consumption: spot, quota_limit: 4}
  groundplan:endpoints:
    income:
      account: predictor
      owner: group:ml@acme.test
      data_class: internal
      review: income
      purpose: scoring
      deployments:
        champion: {model: census, version: "1", traffic: 90}
        challenger: {model: census, version: "2", traffic: 10}
  groundplan:monitoring:
    income:
      endpoint: income
      baseline: {warehouse: census, table: income}
      skew: {age: 0.3}
      drift: {age: 0.3}
      incident: {contact: ml@acme.test, severity: error, first_step: Look at the dashboard}
  groundplan:delivery:
    code: code
    repository: acme/ml
    builders: {}
    images: images
    image_directories: {trainer: images/trainer}
    templates: templates
"""
DIGEST = f"europe-west4-docker.pkg.dev/acme/builders/one@sha256:{'ab' * 32}"
GOOD = TEXT.replace("builders: {}", f"builders: {{docker: '{DIGEST}', gcloud: '{DIGEST}', python: '{DIGEST}'}}")


def read(text: str, root: Path) -> Settings:
    """Read settings as Pulumi holds them: text, or JSON for what is no text."""
    config: dict[str, Any] = yaml.safe_load(text)["config"]
    held = {
        key.removeprefix("groundplan:"): value if isinstance(value, str) else json.dumps(value)
        for key, value in config.items()
    }
    return Settings.read(held, "test", root)


def place(text: str, root: Path) -> None:
    """Make a Pulumi project whose stack has these settings."""
    (root / "settings").mkdir()
    (root / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    (root / "settings" / "Pulumi.test.yaml").write_text(text, encoding="utf-8")


def refusal(text: str, root: Path) -> str:
    """Return what is said against settings."""
    place(text, root)
    with pytest.raises(SettingsError) as caught:
        read(text, root)
    return str(caught.value)


def line_of(text: str, part: str) -> int:
    """Return the line on which a part of the settings stands."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_good_settings_pass(tmp_path: Path) -> None:
    assert read(GOOD, tmp_path).delivery is not None


@pytest.mark.parametrize("stack", ["learner", "team", "regulated"])
def test_nothing_is_said_against_what_is_shipped(stack: str) -> None:
    text = (ROOT / "stacks" / "environments" / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    settings = read(text, ROOT)
    assert rehearsal.problems(settings, settings.environment()) == []


FAULTS = [
    # What stands in the good file, what takes its place, the place that is named, what is said.
    ("traffic: 10}", "traffic: 20}", "endpoints.income.deployments", "do not sum to 100"),
    ("sync: 0 4 * * *", "sync: 0 24 * * *", "feature_views.people.sync", "says 24 where cron wants the hour"),
    ("sync: 0 4 * * *", "sync: TZ=Mars 0 4 * * *", "feature_views.people.sync", "a time zone that there is not"),
    ("repository: acme/ml", "repository: acme/mll", "delivery.repository", "did you mean acme/ml?"),
    ("bob: {", "notebooks-alice: {", "notebooks.notebooks-alice", "has the name of a notebook of the fleet"),
    (
        'alice: {owner: "user:alice@acme.test"}',
        'alice: {owner: "user:alice@acme.test"}\n      al: {owner: "user:alice@acme.test"}',
        "fleet.members",
        "names a person twice",
    ),
    ("topology: 2x2", "topology: 3x3", "tpus.small.topology", "3x3"),
    ("zone: europe-west4-b", "zone: europe-west1-b", "tpus.small.zone", "europe-west4-a"),
    (
        'bob: {owner: "user:bob@acme.test"}',
        'bob: {owner: "user:bob@acme.test", machine_type: g2-standard-4, accelerator: NVIDIA_L4, zone: europe-west4-z}',
        "notebooks.bob.zone",
        "europe-west4-a",
    ),
    ("main: {data_class: confidential}", "main: {data_class: internal}", "feature_views.people.store", "at most"),
    ("people: [age]", "people: [age, agge]", "feature_views.people.groups.people[1]", "did you mean age?"),
    (
        "        age: Age in years",
        "        age: Age in years\n        agee: Age in days",
        "feature_groups.people.features.agee",
        "did you mean age?",
    ),
    (
        "  groundplan:identities:",
        "  groundplan:network: {cidr: 10.0.0.0/20, service_access_cidr: 10.0.8.0/24}\n  groundplan:identities:",
        "network.service_access_cidr",
        "overlaps cidr",
    ),
    (
        "  groundplan:identities:",
        "  groundplan:network: {egress_domains: ['*']}\n  groundplan:identities:",
        "network.egress_domains",
        "a domain such as",
    ),
    (
        "main: {data_class: confidential}",
        "main: {data_class: confidential, max_nodes: 11}",
        "online_stores.main.max_nodes",
        "10",
    ),
    ('version: "1"', "version: default", "endpoints.income.deployments.champion.version", "other than default"),
    (
        "data_class: internal}\n  groundplan:tpus",
        "data_class: internal, machine_type: n2-standard-8, accelerator: NVIDIA_L4}\n  groundplan:tpus",
        "training.jobs.accelerator",
        "does not go with the machine type",
    ),
    ("templates: templates", "templates: images", "delivery.templates", "holds something else"),
    ("trainer: images/trainer", "trainer: ../trainer", "delivery.image_directories.trainer", "a directory in the"),
    ('next_review: "2027-11-02"', 'next_review: "2025-11-02"', "reviews.income.next_review", "is not after reviewed"),
    ("risk_class: limited", "risk_class: prohibited", "reviews.income.risk_class", "is prohibited by Article 5"),
    ("reviewer: group:risk", "reviewer: group:ml", "reviews.income.reviewer", "is the owner"),
    ("residency: [EU]", "residency: [US]", "buckets.lent.agreements[0]", "does not allow the data to be in"),
    ("residency: [EU]", "residency: [EU, EUR4]", "agreements.lent.residency[1]", "is no place of Google Cloud"),
    ("consumers: [predictor]", "consumers: [predicter]", "agreements.lent.consumers", "neither a principal nor"),
    ("agreements: [lent], readers", "agreements: [lend], readers", "buckets.lent.agreements", "did you mean lent?"),
    ("review: income", "review: outcome", "endpoints.income.review", "did you mean income?"),
    ("purpose: scoring", "purpose: hiring", "endpoints.income.purpose", "is not one that the review income allows"),
    (
        'staging: {data_class: internal, owner: "group:ml@acme.test"}',
        'staging: {data_class: internal, owner: "group:ml@acme.test", agreements: [lent]}',
        "agreements.lent.bucket",
        "answers to an agreement itself",
    ),
    (
        "deidentify_to: lent",
        "deidentify_to: staging",
        "scans.intake.buckets.staging.deidentify_to",
        "the bucket itself",
    ),
    ("deidentify_to: lent", "deidentify_to: lost", "scans.intake.buckets.staging.deidentify_to", "is not one of"),
    ("quasi_ids: [age]", "quasi_ids: [aeg]", "scans.intake.tables[0].quasi_ids[0]", "did you mean age?"),
    ("findings: census", "findings: cencus", "scans.intake.findings", "did you mean census?"),
    ("skew: {age: 0.3}", "skew: {age: 3}", "monitoring.income.skew.age", "is no threshold"),
    ("endpoint: income", "endpoint: incomes", "monitoring.income.endpoint", "did you mean income?"),
    (
        "baseline: {warehouse: census",
        "baseline: {warehouse: senses",
        "monitoring.income.baseline.warehouse",
        "not one of",
    ),
    ("contact: ml@acme.test, sev", "contact: nobody, sev", "monitoring.income.incident.contact", "the right form"),
]


@pytest.mark.parametrize(("good", "bad", "where", "said"), FAULTS, ids=[f"{f[2]}-{f[3]}"[:60] for f in FAULTS])
def test_a_fault_is_said_with_its_place(good: str, bad: str, where: str, said: str, tmp_path: Path) -> None:
    assert GOOD.count(good) == 1
    message = refusal(GOOD.replace(good, bad), tmp_path)
    assert "1 cannot be used\n" in message
    assert f"\n  {where} (settings/Pulumi.test.yaml:" in message
    for part in (said, "    given:   ", "    allowed: ", "    do:      "):
        assert part in message


def test_six_faults_in_one_file_are_six_in_one_report(tmp_path: Path) -> None:
    text = GOOD
    for good, bad, *_ in (FAULTS[index] for index in (0, 1, 3, 4, 6, 9)):
        text = text.replace(good, bad)
    message = refusal(text, tmp_path)
    assert message.startswith("the settings of stack test: 6 cannot be used\n")
    lines = {
        "endpoints.income.deployments": line_of(text, "deployments:"),
        "feature_views.people.sync": line_of(text, "sync:"),
        "delivery.repository": line_of(text, "repository: acme/mll"),
        "notebooks.notebooks-alice": line_of(text, "notebooks-alice"),
        "tpus.small.topology": line_of(text, "topology:"),
        "feature_views.people.store": line_of(text, "store: main"),
    }
    for where, line in lines.items():
        assert f"\n  {where} (settings/Pulumi.test.yaml:{line}): " in message


def test_faults_of_all_three_kinds_come_together(tmp_path: Path) -> None:
    """A value that has no meaning, a name that nobody defines, and what a construct refuses."""
    text = GOOD.replace("kind: github", "kind: githup").replace("staging: staging", "staging: stage")
    message = refusal(text.replace("traffic: 10}", "traffic: 20}"), tmp_path)
    assert message.startswith("the settings of stack test: 3 cannot be used\n")
    for where in ("sources.code", "training.jobs.staging", "endpoints.income.deployments"):
        assert f"\n  {where} (" in message


def test_what_follows_from_a_fault_is_not_said(tmp_path: Path) -> None:
    """The identity cannot be read; that the endpoint then has none is no fault of the endpoint."""
    message = refusal(GOOD.replace("predictor: {purpose:", "predictor: {purpos:"), tmp_path)
    assert "endpoints" not in message
    assert "1 cannot be used" not in message  # the misspelt key, and the one that is missing for it
    assert "identities.predictor.purpos (" in message
    assert "identities.predictor.purpose (" in message


def test_a_misspelt_key_hides_nothing_else_of_its_section(tmp_path: Path) -> None:
    text = GOOD.replace("topology: 2x2", "topology: 3x3, topologie: 2x2")
    message = refusal(text, tmp_path)
    assert "2 cannot be used" in message
    assert "tpus.small.topologie (" in message
    assert "tpus.small.topology (" in message


PREDICTOR = "predictor: {purpose: Models that answer requests}"
MANY = {
    "two values of one section, and a fault elsewhere": (
        {"code: code\n": "code: [code]\n", "images: images\n": "images: 7\n", "traffic: 10}": "traffic: 20}"},
        ("delivery.code", "delivery.images", "endpoints.income.deployments"),
    ),
    "two values of one entry": (
        {PREDICTOR: "predictor: {purpose: 5, capabilities: write_logs}"},
        ("identities.predictor.capabilities", "identities.predictor.purpose"),
    ),
    "a name that nobody defines, and a value beside it": (
        {"repository: acme/ml\n": "repository: acme/mll\n", "trainer: images/trainer": "trainer: /images/trainer"},
        ("delivery.image_directories.trainer", "delivery.repository"),
    ),
    "a log that nobody defines, and the traffic of its endpoint": (
        {
            "      deployments:\n": "      request_log: requests\n      deployments:\n",
            "traffic: 10}": "traffic: 20}",
        },
        ("endpoints.income.deployments", "endpoints.income.request_log"),
    ),
}


@pytest.mark.parametrize("what", MANY)
def test_one_fault_of_a_section_hides_and_invents_no_other(what: str, tmp_path: Path) -> None:
    text = GOOD
    changes, places = MANY[what]
    for good, bad in changes.items():
        assert good in text
        text = text.replace(good, bad)
    message = refusal(text, tmp_path)
    assert message.startswith(f"the settings of stack test: {len(places)} cannot be used\n"), message
    for where in places:
        assert f"\n  {where} (" in message


def test_stages_that_the_stack_does_not_run_are_not_gone_through(tmp_path: Path) -> None:
    text = GOOD.replace("traffic: 10}", "traffic: 20}") + "  groundplan:stages: [platform]\n"
    assert read(text, tmp_path).endpoints


def test_a_stack_that_reads_others_is_gone_through_with_what_they_export(tmp_path: Path) -> None:
    settings = read(GOOD.replace("traffic: 10}", "traffic: 20}") + "  groundplan:reads: [acme/ml/platform]\n", tmp_path)
    found = rehearsal.problems(settings, settings.environment())
    assert [problem.field for problem in found] == ["endpoints.income.deployments"]


def test_nothing_is_changed_by_going_through(tmp_path: Path) -> None:
    settings = read(GOOD, tmp_path)
    before = copy.deepcopy(settings)
    assert (
        rehearsal.problems(settings, gp.Environment(project="acme-ml-dev", region="europe-west4", tier=gp.Tier.LEARNER))
        == []
    )
    assert settings == before
