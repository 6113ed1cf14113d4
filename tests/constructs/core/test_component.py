"""The component base: checking, naming, parents, providers, guards, replacement, overrides, outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_gcp as gcp
import pytest

import groundplan as gp
from groundplan.core import ready
from groundplan.core.component import Args, Component
from groundplan.core.validation import Checks
from tests.constructs.plan import Plan, environment, plan

BUCKET = "gcp:storage/bucket:Bucket"
METRIC = "gcp:logging/metric:Metric"
TABLE = "gcp:bigquery/table:Table"
OTHER = gp.Project(id="acme-shared", number="210987654321")


@dataclass(frozen=True, kw_only=True)
class ShelfArgs(Args):
    """What a ``Shelf`` takes."""

    size: int = 1
    """How many."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.within("size", self.size, 1, 9, "things")


class Shelf(Component):
    """A construct for the tests: a bucket, a metric, a table in another project."""

    kind = "groundplan:test:Shelf"
    objectives = ("1.1.a",)

    def __init__(self, name: str, args: ShelfArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self.bucket = self.make(
            "store",
            gcp.storage.Bucket,
            gcp.storage.BucketArgs(
                location="EU",
                name=self.cloud_name("bucket", generation=True),
                labels=self.labels(classification="internal"),
                autoclass=gcp.storage.BucketAutoclassArgs(enabled=True, terminal_storage_class="NEARLINE"),
                force_destroy=True if args.size == 9 else None,
            ),
        )
        self.metric = self.make(
            "metric", gcp.logging.Metric, gcp.logging.MetricArgs(filter="x"), ignore_changes=["description"]
        )
        self.table = self.make(
            "table",
            gcp.bigquery.Table,
            gcp.bigquery.TableArgs(dataset_id="d", table_id="t"),
            project=OTHER,
            depends_on=[self.bucket],
            parent=self.bucket,
            aliases=[pulumi.Alias(name="old")],
        )
        self.finish({"bucket": self.bucket.name})


def shelf(tier: gp.Tier = gp.Tier.TEAM, name: str = "top", **more: Any) -> Plan:
    env = more.pop("env", None) or environment(tier)
    return plan(lambda: Shelf(name, ShelfArgs(env=env, **more)))


def test_children_are_named_parented_and_provided_for() -> None:
    planned = shelf()
    assert planned.inventory() == {TABLE: 1, METRIC: 1, BUCKET: 1}
    store, table = planned.one(BUCKET, "top-store"), planned.one(TABLE, "top-table")
    assert store.options["parent"].endswith("groundplan:test:Shelf::top")
    assert table.options["parent"].endswith("::top-store")
    assert "gcp-acme-ml-dev" in store.options["provider"]
    assert "gcp-acme-shared" in table.options["provider"]
    assert any(urn.endswith("::top-store") for urn in table.options["dependencies"])
    assert planned.one(METRIC).options["ignoreChanges"] == ["description"]


def test_the_component_says_what_it_is() -> None:
    assert shelf().one("groundplan:test:Shelf").inputs == {"tier": "team", "objectives": ["1.1.a"]}


def test_names_and_labels_come_from_the_environment() -> None:
    env = environment(prefix="acme", generation=3, labels={"team": "platform", "cost": "7"})
    store = shelf(env=env, labels={"team": "fraud"}).one(BUCKET).inputs
    assert store["name"] == "acme-top-g3"
    assert store["labels"] == {
        "team": "fraud",
        "cost": "7",
        "classification": "internal",
        "managed-by": "groundplan",
        "tier": "team",
    }
    assert shelf().one(BUCKET).inputs["name"] == "gp-top"


@pytest.mark.parametrize(
    ("tier", "asked", "guarded"),
    [
        (gp.Tier.LEARNER, None, False),
        (gp.Tier.TEAM, None, True),
        (gp.Tier.REGULATED, None, True),
        (gp.Tier.LEARNER, True, True),
        (gp.Tier.TEAM, False, False),
    ],
)
def test_one_argument_sets_every_guard_against_deletion(tier: gp.Tier, asked: bool | None, guarded: bool) -> None:
    planned = shelf(tier, deletion_protection=asked)
    store, table = planned.one(BUCKET), planned.one(TABLE)
    assert (store.options["protect"], table.options["protect"]) == (guarded, guarded)
    assert store.inputs.get("deletionPolicy", "DELETE") == ("PREVENT" if guarded else "DELETE")
    assert store.inputs["forceDestroy"] is not guarded
    assert table.inputs["deletionProtection"] is guarded


def test_what_holds_nothing_is_not_guarded() -> None:
    metric = shelf().one(METRIC)
    assert metric.options["protect"] is False
    assert "deletionPolicy" not in metric.inputs


def test_what_the_construct_itself_says_stays() -> None:
    assert shelf(size=9).one(BUCKET).inputs["forceDestroy"] is True


def test_a_fixed_name_is_deleted_first_and_state_never_replaced_unasked() -> None:
    planned = shelf()
    assert planned.one(METRIC).options["deleteBeforeReplace"] is True
    assert planned.one(BUCKET).options["deleteBeforeReplace"] is False


def test_a_type_whose_replacement_nobody_thought_about_is_not_made() -> None:
    class Odd(Component):
        """A construct for the test."""

        kind = "groundplan:test:Odd"

        def __init__(self, name: str, args: Args) -> None:
            super().__init__(name, args)
            self.make(
                "odd", gcp.appengine.FirewallRule, gcp.appengine.FirewallRuleArgs(action="DENY", source_range="*")
            )

    with pytest.raises(gp.Error, match="no resource type in the lifecycle table named 'gcp:appengine/firewallRule"):
        plan(lambda: Odd("odd", Args(env=environment())))


@pytest.mark.parametrize("key", ["storageClass", "storage_class"])
def test_a_property_is_overridden_by_either_of_its_names(key: str) -> None:
    planned = shelf(overrides={"store": {key: "ARCHIVE"}})
    assert planned.one(BUCKET).inputs["storageClass"] == "ARCHIVE"
    assert planned.one("groundplan:test:Shelf").inputs["overrides"] == {"store": [key]}


def test_an_override_is_merged_deep() -> None:
    changes = {
        "autoclass": {"terminalStorageClass": "ARCHIVE"},
        "labels": {"team": "fraud"},
        "versioning": {"enabled": True},
        "forceDestroy": False,
    }
    store = shelf(gp.Tier.LEARNER, overrides={"store": changes}).one(BUCKET).inputs
    assert store["autoclass"] == {"enabled": True, "terminalStorageClass": "ARCHIVE"}
    assert store["labels"]["team"] == "fraud"
    assert store["labels"]["classification"] == "internal"
    assert store["versioning"] == {"enabled": True}
    assert store["forceDestroy"] is False


def test_overrides_are_recorded_by_the_paths_that_changed() -> None:
    recorded: list[str] = []

    class Watched(Shelf):
        """A shelf whose record is read."""

        def finish(self, outputs: Any) -> None:
            super().finish(outputs)
            recorded.extend(self._overridden)

    changes: dict[str, dict[str, object]] = {
        "store": {"autoclass": {"enabled": False}, "storage_class": "ARCHIVE"},
        "metric": {"description": "d"},
    }
    plan(lambda: Watched("top", ShelfArgs(env=environment(), overrides=changes)))
    assert recorded == ["store.autoclass.enabled", "store.storageClass", "metric.description"]


@pytest.mark.parametrize(
    ("changes", "given", "remedy"),
    [
        ({"storageClas": "ARCHIVE"}, "storageClas", "did you mean storageClass?"),
        ({"zzz": 1}, "zzz", "use one of the resource's own properties"),
        ({"autoclass": {"enable": True}}, "enable", "did you mean enabled?"),
    ],
)
def test_a_property_that_the_resource_does_not_have_is_refused(
    changes: dict[str, Any], given: str, remedy: str
) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        shelf(overrides={"store": changes})
    (problem,) = caught.value.problems
    assert (problem.field, problem.given, problem.remedy) == ("overrides['store']", given, remedy)


def test_an_override_of_no_child_is_refused() -> None:
    with pytest.raises(gp.ArgumentError, match=r"did you mean store\?"):
        shelf(overrides={"stor": {"storageClass": "ARCHIVE"}})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"env": "team"}, "env"),
        ({"name": "Top"}, "name"),
        ({"name": "top-"}, "name"),
        ({"name": ""}, "name"),
        ({"size": 0}, "size"),
        ({"labels": {"Team": "x"}}, "labels['Team']"),
        ({"labels": None}, "labels"),
        ({"overrides": ["store"]}, "overrides"),
        ({"overrides": {"store": "ARCHIVE"}}, "overrides['store']"),
        ({"deletion_protection": "no"}, "deletion_protection"),
    ],
)
def test_bad_input_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        shelf(**wrong)
    assert caught.value.problems[0].field == field


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_made() -> None:
    def program() -> None:
        with pytest.raises(gp.ArgumentError, match='Shelf "Top": 3 arguments cannot be used'):
            Shelf("Top", ShelfArgs(env=environment(), size=0, labels={"Team": "x"}))

    assert plan(program).resources == []


def test_a_construct_waits_for_what_its_project_needs_first() -> None:
    def program() -> None:
        env = environment()
        service = gcp.projects.Service("api", service="storage.googleapis.com")
        ready.announce(env.projects.workload, [service])
        Shelf("top", ShelfArgs(env=env))

    waiting = plan(program).one("groundplan:test:Shelf")
    assert any(urn.endswith("::api") for urn in waiting.options["dependencies"])


def test_an_option_of_the_caller_is_kept() -> None:
    def program() -> None:
        outer = pulumi.ComponentResource("test:index:Outer", "outer")
        Shelf("top", ShelfArgs(env=environment()), pulumi.ResourceOptions(parent=outer))

    assert plan(program).one("groundplan:test:Shelf").options["parent"].endswith("test:index:Outer::outer")
