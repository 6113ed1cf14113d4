"""Settings: what is wrong with a file is said all at once, with the place and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import groundplan as gp
from blueprint.settings import Settings, SettingsError, Stage
from blueprint.settings import schema as settings_schema

ROOT = Path(__file__).parents[2]
PROJECT = "name: groundplan\nruntime: python\nstackConfigDir: settings\n"
GOOD: dict[str, Any] = {
    "tier": "team",
    "region": "europe-west4",
    "projects": {"workload": {"id": "acme-ml-dev", "number": "123456789012"}},
}
COMPILED = "workloads/compiled/census-income.yaml"
IMAGE = f"europe-west4-docker.pkg.dev/acme-ml-dev/images/tasks@sha256:{'ab' * 32}"


def read(values: dict[str, Any], root: Path = ROOT, stack: str = "test") -> Settings:
    """Read settings as Pulumi holds them: text, or JSON for what is no text."""
    held = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return Settings.read(held, stack, root)


def refusal(**changed: Any) -> str:
    """Return what is said against settings that are good but for the changes."""
    with pytest.raises(SettingsError) as caught:
        read({**GOOD, **changed})
    return str(caught.value)


def test_good_settings_make_an_environment() -> None:
    env = read({**GOOD, "generation": "3", "organization": "123456789012"}).environment()
    assert env.tier is gp.Tier.TEAM or env.tier == gp.Tier.TEAM
    assert (env.region, env.project, env.generation) == ("europe-west4", "acme-ml-dev", 3)
    assert env.organization == "123456789012"
    assert env.zones == ("europe-west4-a", "europe-west4-b", "europe-west4-c")


def test_all_stages_run_unless_some_are_named() -> None:
    assert read(GOOD).stages == list(Stage)
    assert read({**GOOD, "stages": ["team"]}).stages == [Stage.TEAM]


def test_a_project_that_is_named_twice_is_one_object() -> None:
    shared = {"id": "acme-shared", "managed": False}
    env = read({**GOOD, "projects": {**GOOD["projects"], "keys": shared, "network": shared}}).environment()
    assert env.projects.keys is env.projects.network
    assert env.projects.logs is env.projects.workload
    assert not env.projects.keys.managed


def test_a_scheduled_pipeline_runs_in_the_image_that_is_named() -> None:
    parameters = {"registry": "gs://acme-models/registry"}
    schedules = {"weekly": {"cron": "0 4 * * MON", "spec": COMPILED, "image": IMAGE, "parameters": parameters}}
    pipelines = {"retrain": {"data_class": "internal", "owner": "group:a@b.test", "schedules": schedules}}
    spec: Any = read({**GOOD, "pipelines": pipelines}).pipelines["retrain"].schedules["weekly"].pipeline()
    images = {e["container"]["image"] for e in spec["deploymentSpec"]["executors"].values() if "container" in e}
    assert images == {IMAGE}


def test_a_tier_of_ones_own_extends_a_shipped_one() -> None:
    own = {
        "name": "audited",
        "extends": "regulated",
        "settings": {"nat": True, "notebook_idle_minutes": 30},
        "author": "alice@acme.test",
        "reason": "The build farm has no proxy yet",
    }
    projects = {**GOOD["projects"], "logs": {"id": "acme-logs", "number": "234567890123"}}
    tier = read({**GOOD, "tier": own, "projects": projects}).environment().tier
    assert (tier.name, tier.base, tier.defaults.nat, tier.defaults.notebook_idle_minutes) == (
        "audited",
        "regulated",
        True,
        30,
    )
    assert {d.setting: d.loosens for d in tier.deviations} == {"nat": True, "notebook_idle_minutes": False}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tier": "teem"}, ["tier", "given:   teem", "allowed: learner, regulated, team", "did you mean team?"]),
        ({"regoin": "x"}, ["regoin: is no setting", "did you mean region?"]),
        ({"region": "europe-west44"}, ["region: is not one of", "did you mean europe-west4?"]),
        ({"zones": ["us-central1-a"]}, ["does not have zone us-central1-a", "europe-west4-a, europe-west4-b"]),
        ({"projects": {"workload": {"id": "Acme"}}}, ["projects.workload.id: is no project id", "6 to 30"]),
        (
            {"projects": {"workload": {"id": "acme-ml", "numbr": "1"}}},
            ["workload.numbr: is no setting", "did you mean number?"],
        ),
        ({"projects": {}}, ["projects.workload: is missing", "add workload"]),
        ({"prefix": "waytoolongprefix"}, ["prefix: does not have the right form", "1 to 8"]),
        ({"generation": "two"}, ["generation", "given:   two", "a valid integer"]),
        ({"labels": {"Team": "x"}}, ["labels", "lower-case"]),
        ({"domains": ["*.acme.test"]}, ["domains", "a domain name"]),
        ({"organization": "acme"}, ["organization", "number"]),
        ({"stages": ["tema"]}, ["stages[0]", "did you mean team?"]),
        ({"network": {"cidr": "10.0.0.0/33"}}, ["network.cidr", "10.0.0.0/33", "an IPv4 range"]),
        ({"network": {"cidr": "8.8.0.0/20"}}, ["network.cidr", "8.8.0.0/20"]),
        ({"network": {"cidr": "10.4.0.0/20", "pods_cidr": "10.4.0.0/14"}}, ["pods_cidr: overlaps cidr", "10.4.0.0/14"]),
        ({"network": {"egress_domains": ["https://x.test/"]}}, ["egress_domains", "without scheme"]),
        (
            {"budget": {"billing_account": "1", "amount": 5, "contacts": ["a@b.test"]}},
            ["billing_account", "012345-6789AB-CDEF01"],
        ),
        ({"keys": {"admins": ["allUsers"]}}, ["keys.admins", "is no IAM principal"]),
        ({"identities": {"x": {"purpose": "Builds", "capabilities": ["write_log"]}}}, ["did you mean write_logs?"]),
        ({"buckets": {"raw": {"data_class": "personnel", "owner": "group:a@b.test"}}}, ["did you mean personal?"]),
        (
            {"buckets": {"raw": {"data_class": "internal", "owner": "group:a@b.test", "readers": ["trainer"]}}},
            ["readers", "given:   trainer"],
        ),
        ({"buckets": {"raw": 5}}, ["buckets.raw", "an object"]),
        (
            {
                "domains": ["acme.test"],
                "buckets": {
                    "raw": {"data_class": "internal", "owner": "group:a@acme.test", "readers": ["user:b@c.test"]}
                },
            },
            ["buckets.raw.readers", "given:   user:b@c.test", "people and groups of acme.test"],
        ),
        (
            {
                "clusters": {
                    "kube": {
                        "data_class": "internal",
                        "pools": {
                            "l4": {"machine_type": "g2-standard-8", "accelerator": "nvidia-l4", "reservation": "x"}
                        },
                    }
                }
            },
            ["clusters.kube.pools.l4.reservation", "given:   x"],
        ),
        ({"discovery": {"profiles": "found"}}, ["discovery.profiles", "given:   found"]),
        ({"discovery": {"data_locations": ["Europe!"]}}, ["discovery.data_locations[0]", "such as europe-west4"]),
        (
            {
                "clusters": {
                    "kube": {
                        "data_class": "internal",
                        "pools": {"cpu": {"machine_type": "n2-standard-8", "zones": ["us-central1-a"]}},
                    }
                }
            },
            ["clusters.kube.pools.cpu.zones[0]", "given:   us-central1-a"],
        ),
        ({"federation": {"ci": {"kind": "githup"}}}, ["federation.ci", "did you mean github?"]),
        (
            {
                "federation": {
                    "ci": {
                        "kind": "github",
                        "owner": "acme",
                        "repositories": ["ml"],
                        "branches": ["main"],
                        "acts_as": "builder",
                    }
                }
            },
            ["federation.ci.acts_as", "given:   builder"],
        ),
        (
            {"endpoints": {"income": {"account": "predictor", "owner": "group:a@b.test", "data_class": "internal"}}},
            ["endpoints.income.account", "given:   predictor"],
        ),
        (
            {
                "identities": {"predictor": {"purpose": "Answers"}},
                "pipelines": {"weekly": {"owner": "group:a@acme.test", "data_class": "internal"}},
                "buckets": {"work": {"data_class": "internal", "owner": "group:a@acme.test"}},
                "training": {"pool": {"data_class": "internal", "staging": "work"}},
                "endpoints": {
                    "income": {
                        "account": "predictor",
                        "owner": "group:a@acme.test",
                        "data_class": "internal",
                        "trained_by": ["weekly", "pool", "nightly"],
                    }
                },
            },
            ["endpoints.income.trained_by", "given:   nightly", "allowed: pool, weekly"],
        ),
        (
            {
                "reservations": {
                    "l4": {"machine_type": "g2-standard-4", "zone": "z", "ends": "2027-02-30", "quota_limit": 1}
                }
            },
            ["reservations.l4.ends: is no day", "2027-02-30"],
        ),
        (
            {"notebooks": {"alice": {"owner": "user:alice@acme.test", "zone": "us-central1-a"}}},
            ["notebooks.alice.zone", "given:   us-central1-a", "europe-west4-a, europe-west4-b, europe-west4-c"],
        ),
        (
            {"notebooks": {"Alice!": {"owner": "user:alice@acme.test"}}},
            ["notebooks.Alice!: does not have the right form", "lower-case words joined by hyphens"],
        ),
        (
            {
                "pipelines": {
                    "retrain": {
                        "data_class": "internal",
                        "owner": "group:a@b.test",
                        "schedules": {"weekly": {"cron": "0 4 * * MON", "spec": "README.md", "image": IMAGE}},
                    }
                }
            },
            ["pipelines.retrain.schedules.weekly.spec: is no compiled pipeline", "given:   README.md"],
        ),
        (
            {
                "pipelines": {
                    "retrain": {
                        "data_class": "internal",
                        "owner": "group:a@b.test",
                        "schedules": {
                            "weekly": {"cron": "0 4 * * MON", "spec": COMPILED, "image": "acme/tasks:latest"}
                        },
                    }
                }
            },
            ["weekly.image: does not have the right form", "@sha256:"],
        ),
        ({"extra_purposes": ["sources"]}, ["extra_purposes", "given:   sources"]),
        (
            {
                "feature_groups": {
                    "people": {
                        "warehouse": "lake",
                        "table": "t",
                        "entity_id_columns": ["id"],
                        "owner": "group:a@b.test",
                        "features": {"age": "Age in years"},
                    }
                }
            },
            ["feature_groups.people.warehouse", "given:   lake"],
        ),
        ({"notebooks": {"alice": {"owner": "alice@acme.test"}}}, ["notebooks.alice.owner", "user:alice@acme.test"]),
        (
            {"notebooks": {"alice": {"owner": "user:alice@acme.test", "accelerator": "NVIDIA_TESLA_T4"}}},
            ["notebooks.alice", "does not go with the machine type", "use n1-standard-4 with 1 × NVIDIA_TESLA_T4"],
        ),
        (
            {
                "region": "europe-west1",
                "notebooks": {
                    "alice": {
                        "owner": "user:alice@acme.test",
                        "machine_type": "a2-highgpu-1g",
                        "accelerator": "NVIDIA_TESLA_A100",
                    }
                },
            },
            ["notebooks.alice", "europe-west1-b"],
        ),
    ],
    ids=lambda value: json.dumps(value)[-70:] if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_said_with_what_to_do(changed: dict[str, Any], said: list[str]) -> None:
    message = refusal(**changed)
    assert message.startswith("the settings of stack test: 1 cannot be used\n")
    for part in said:
        assert part in message


@pytest.mark.parametrize("key", ["tier", "region", "projects"])
def test_what_only_another_stack_can_give_is_missed(key: str) -> None:
    without = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(SettingsError, match=f"{key}: is missing"):
        read(without)
    assert read({**without, "reads": ["acme/groundplan/organisation"]}).reads


DELIVERY: dict[str, Any] = {
    "code": "nowhere",
    "repository": "acme/ml",
    "builders": {},
    "images": "nowhere",
    "image_directories": {},
    "templates": "nowhere",
    "endpoint": "nowhere",
    "builder_repositories": ["nowhere"],
    "infrastructure": {"stack": "team", "state": "nowhere"},
}


def test_all_that_delivery_uses_and_nobody_makes_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        read({**GOOD, "delivery": DELIVERY})
    for place in ("code", "images", "templates", "endpoint", "infrastructure.state"):
        assert f"delivery.{place}: is not one of the allowed values" in str(caught.value)
    assert "delivery.builder_repositories: is not one of the allowed values" in str(caught.value)


PULLING: dict[str, dict[str, Any]] = {
    "notebooks": {"owner": "user:alice@acme.test"},
    "clusters": {"data_class": "internal", "pools": {"l4": {"machine_type": "g2-standard-8"}}},
    "training": {"data_class": "internal", "staging": "work"},
    "tpus": {"accelerator": "V5LITE_POD", "topology": "2x2", "zone": "europe-west4-b", "consumption": "spot"},
    "pipelines": {"data_class": "internal", "owner": "group:a@acme.test"},
    "endpoints": {"data_class": "internal", "owner": "group:a@acme.test", "account": "server"},
}


@pytest.mark.parametrize("section", PULLING)
def test_a_repository_that_nobody_makes_is_pulled_from_by_nobody(section: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read({**GOOD, section: {"x": {**PULLING[section], "pulls": ["nowhere"]}}})
    assert f"{section}.x.pulls: is not one of the allowed values" in str(caught.value)
    members = {"alice": {"owner": "user:alice@acme.test"}}
    assert "fleet.pulls: is not one of" in refusal(fleet={"members": members, "pulls": ["nowhere"]})


@pytest.mark.parametrize("setting", ["own", "sign_images"])
def test_no_keys_are_made_beside_those_that_are_named(setting: str) -> None:
    named = {"project": {"id": "acme-keys"}, "keys": {}}
    assert f"keys.{setting}: makes keys beside those" in refusal(keys={"existing": named, setting: True})
    assert getattr(read({**GOOD, "keys": {setting: True}}).keys, setting)


def test_all_that_is_wrong_is_in_one_message_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    text = (
        "config:\n  groundplan:tier: teem\n  groundplan:regoin: x\n  region: europe-west4\n"
        "  groundplan:projects:\n    workload:\n      id: A\n      numbre: '1'\n"
        "  groundplan:notebooks:\n    alice: {owner: nobody}\n"
    )
    (tmp_path / "settings" / "Pulumi.test.yaml").write_text(text, encoding="utf-8")
    values = {key.removeprefix("groundplan:"): value for key, value in yaml.safe_load(text)["config"].items()}
    with pytest.raises(SettingsError) as caught:
        read(values, tmp_path)
    message = str(caught.value)
    assert message.startswith("the settings of stack test: 5 cannot be used\n")
    for line in (2, 3, 7, 8, 10):
        assert f"(settings/Pulumi.test.yaml:{line})" in message


def test_settings_from_elsewhere_are_refused_without_a_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"  tier: is not one of"):
        read({**GOOD, "tier": "teem"}, tmp_path)


def test_the_schema_in_the_repository_is_the_settings_own() -> None:
    written = settings_schema.SCHEMA_FILE.read_text(encoding="utf-8")
    assert written == settings_schema.text(), "run `python -m blueprint.settings.schema` in stacks/"


def test_writing_the_schema_gives_the_same(tmp_path: Path) -> None:
    settings_schema.write(tmp_path / "schema.json")
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == settings_schema.text()


def _environments() -> list[Path]:
    shipped = sorted((ROOT / "stacks" / "environments").glob("Pulumi.*.yaml"))
    return shipped + sorted((ROOT / "examples" / "split-stages").glob("Pulumi.*.yaml"))


@pytest.mark.parametrize("path", _environments(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_shipped_files_hold_to_the_schema(path: Path) -> None:
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), settings_schema.schema())


def test_the_schema_finds_a_misspelt_key_in_a_section() -> None:
    bad = {"config": {"groundplan:network": {"cird": "10.0.0.0/20"}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, settings_schema.schema())


def test_every_setting_is_documented() -> None:
    def undocumented(node: Any, place: str) -> list[str]:
        found: list[str] = []
        for name, inner in node.get("properties", {}).items():
            described = "description" in inner or "description" in whole["$defs"].get(inner.get("$ref", "")[8:], {})
            found += [] if described else [f"{place}.{name}"]
        return found

    whole = Settings.model_json_schema()
    nodes = {"Settings": whole, **whole["$defs"]}
    assert not [missing for name, node in nodes.items() for missing in undocumented(node, name)]
