"""SensitiveDataDiscovery: what it looks through in each tier, what it may read and write, what it refuses."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

import groundplan as gp
from groundplan.data.discovery_arguments import INFO_TYPES
from tests.constructs.data.test_warehouse import central_keys, lake, personal, warehouse
from tests.constructs.plan import Plan, environment, plan

CONFIG = "gcp:dataloss/preventionDiscoveryConfig:PreventionDiscoveryConfig"
TEMPLATE = "gcp:dataloss/preventionInspectTemplate:PreventionInspectTemplate"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
AGENT_ROLE = "gcp:projects/iAMMember:IAMMember"
ACCESS = "gcp:bigquery/datasetAccess:DatasetAccess"
TAG_MEMBER = "gcp:datacatalog/policyTagIamMember:PolicyTagIamMember"
TOPIC_MEMBER = "gcp:pubsub/topicIAMMember:TopicIAMMember"
TOPIC = "projects/acme-ml-dev/topics/found"
ALONE = {AGENT: 1, AGENT_ROLE: 1, CONFIG: 2, TEMPLATE: 1}


def discovery(tier: gp.Tier = gp.Tier.TEAM, name: str = "everything", **more: Any) -> gp.SensitiveDataDiscovery:
    return gp.SensitiveDataDiscovery(name, gp.SensitiveDataDiscoveryArgs(**{"env": environment(tier), **more}))


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: discovery(tier, **more))


def target(found: Plan, role: str) -> Any:
    (only,) = found.one(CONFIG, f"everything-{role}").inputs["targets"]
    return only


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("tier", "frequency"),
    [
        (gp.Tier.LEARNER, "UPDATE_FREQUENCY_NEVER"),
        (gp.Tier.TEAM, "UPDATE_FREQUENCY_MONTHLY"),
        (gp.Tier.REGULATED, "UPDATE_FREQUENCY_MONTHLY"),
    ],
)
def test_each_tier_looks_through_everything_and_again_as_it_says(tier: gp.Tier, frequency: str) -> None:
    found = planned(tier)
    assert found.inventory() == ALONE
    for config in found.of(CONFIG):
        assert config.inputs["status"] == "RUNNING"
        assert config.inputs["parent"] == f"projects/{environment(tier).projects.workload.id}/locations/europe-west4"
        assert config.inputs["location"] == "europe-west4"
        assert config.options["deleteBeforeReplace"] is True
        assert "actions" not in config.inputs
    tables, buckets = target(found, "tables")["bigQueryTarget"], target(found, "buckets")["cloudStorageTarget"]
    assert tables["filter"] == {"otherTables": {}}
    assert buckets["filter"] == {"others": {}}
    assert not {"disabled", "conditions"} & {*tables, *buckets}
    cadence = tables["cadence"]
    assert cadence["tableModifiedCadence"] == {"frequency": frequency, "types": ["TABLE_MODIFIED_TIMESTAMP"]}
    assert cadence["schemaModifiedCadence"] == {"frequency": frequency, "types": ["NEW_COLUMNS", "REMOVED_COLUMNS"]}
    assert cadence["inspectTemplateModifiedCadence"] == {"frequency": frequency}
    assert "refreshFrequency" not in cadence
    assert buckets["generationCadence"] == {
        "refreshFrequency": frequency,
        "inspectTemplateModifiedCadence": {"frequency": frequency},
    }


def test_how_often_can_be_said() -> None:
    assert "DAILY" in str(target(planned(gp.Tier.LEARNER, refresh="daily"), "buckets"))
    assert "NEVER" in str(target(planned(gp.Tier.REGULATED, refresh="never"), "buckets"))


def test_a_template_in_each_location_says_what_is_looked_for() -> None:
    found = planned(data_locations=("europe-west4", "europe"), info_types=("EMAIL_ADDRESS",))
    assert [each.inputs["parent"].rpartition("/")[2] for each in found.of(TEMPLATE)] == ["europe-west4", "europe"]
    template = found.one(TEMPLATE, "everything-template-europe").inputs
    assert template["templateId"] == "gp-everything"
    assert template["inspectConfig"] == {"infoTypes": [{"name": "EMAIL_ADDRESS"}], "includeQuote": False}
    assert len(found.one(CONFIG, "everything-tables").inputs["inspectTemplates"]) == 2


def test_people_and_secrets_are_looked_for_by_default() -> None:
    found = planned().one(TEMPLATE).inputs["inspectConfig"]["infoTypes"]
    assert [each["name"] for each in found] == list(INFO_TYPES)
    assert {"PERSON_NAME", "EMAIL_ADDRESS", "GCP_CREDENTIALS", "PASSWORD"} <= set(INFO_TYPES)


def test_the_agent_is_made_first_with_the_role_that_it_works_with() -> None:
    found = planned()
    assert found.one(AGENT).inputs["service"] == "dlp.googleapis.com"
    assert found.one(AGENT_ROLE).inputs["role"] == "roles/dlp.serviceAgent"
    for config in found.of(CONFIG):
        assert {each.rpartition("::")[2] for each in config.options["dependencies"]} >= {
            found.one(AGENT).name,
            found.one(AGENT_ROLE).name,
        }


def test_profiles_go_to_a_dataset_of_ones_own() -> None:
    found = plan(lambda: discovery(profiles=warehouse(name="found")))
    assert found.one(ACCESS).inputs["role"] == "WRITER"
    for config in found.of(CONFIG):
        (action,) = config.inputs["actions"]
        assert action["exportData"]["profileTable"]["tableId"] == "data_profiles"
        assert any(found.one(ACCESS).name in each for each in config.options["dependencies"])


def test_what_is_highly_sensitive_is_told_to_a_topic_by_name_only() -> None:
    found = planned(topic=TOPIC)
    member = found.one(TOPIC_MEMBER).inputs
    assert (member["topic"], member["role"]) == (TOPIC, "roles/pubsub.publisher")
    actions = [each["pubSubNotification"] for each in found.one(CONFIG, "everything-buckets").inputs["actions"]]
    assert [each["event"] for each in actions] == ["NEW_PROFILE", "SCORE_INCREASED"]
    for each in actions:
        assert (each["topic"], each["detailOfMessage"]) == (TOPIC, "RESOURCE_NAME")
        assert each["pubsubCondition"]["expressions"]["conditions"] == [{"minimumSensitivityScore": "HIGH"}]


def test_personal_columns_are_read_only_where_that_is_asked() -> None:
    assert plan(lambda: (personal(), discovery())).of(TAG_MEMBER) == []
    found = plan(lambda: discovery(personal=(personal(),)))
    assert {each.inputs["role"] for each in found.of(TAG_MEMBER)} == {"roles/datacatalog.categoryFineGrainedReader"}
    dependencies = found.one(CONFIG, "everything-tables").options["dependencies"]
    assert all(any(each.name in urn for urn in dependencies) for each in found.of(TAG_MEMBER))


def test_what_is_not_ours_to_grant_is_requested() -> None:
    def program() -> None:
        discovery(profiles=lake(managed=False))
        pulumi.export("requests", gp.requests())

    found = plan(program)
    assert found.of(ACCESS) == []
    assert [each["grant"] for each in found.outputs["requests"]] == ["roles/bigquery.dataEditor"]


def test_another_project_can_be_looked_through() -> None:
    other = gp.Project(id="acme-lake", number="123123123123")
    found = planned(project=other)
    assert {each.inputs["parent"] for each in found.of(CONFIG)} == {"projects/acme-lake/locations/europe-west4"}
    assert found.one(AGENT).inputs["project"] == "acme-lake"


def test_an_override_is_merged_and_recorded() -> None:
    found = planned(overrides={"tables": {"status": "PAUSED"}})
    assert found.one(CONFIG, "everything-tables").inputs["status"] == "PAUSED"
    assert found.one(CONFIG, "everything-buckets").inputs["status"] == "RUNNING"


def test_names_are_the_same_each_time_and_fit() -> None:
    name = "a-very-long-name-for-a-discovery-of-data-that-nobody-has-classified-so-far-and-that-somebody-wants-to-find"
    first, second = (plan(lambda: discovery(name=name)).one(TEMPLATE).inputs["templateId"] for _ in range(2))
    assert first == second
    assert len(first) <= 100


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"project": "acme-ml"}, "a Project"),
        ({"project": gp.Project(id="acme-central", managed=False)}, "is not ours"),
        ({"data_locations": ("Europe West",)}, "such as europe-west4"),
        ({"data_locations": ("europe", "europe")}, "data_locations"),
        ({"refresh": "weekly"}, "daily, monthly, never"),
        ({"info_types": ()}, "at least one infoType"),
        ({"info_types": ("email",)}, "in capitals"),
        ({"info_types": ("EMAIL_ADDRESS", "EMAIL_ADDRESS")}, "infoType"),
        ({"profiles": "found"}, "Warehouse.from_existing"),
        ({"topic": "found"}, "the topic's full name"),
        ({"personal": ("people",)}, "a Warehouse that is made here"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_a_warehouse_without_personal_columns_is_no_warehouse_to_be_cleared_for() -> None:
    with pytest.raises(gp.ArgumentError, match="has no personal columns"):
        plan(lambda: discovery(personal=(warehouse(),)))


def test_keys_are_the_datasets_own() -> None:
    """Nothing here stores data, so that no key is asked for; what is written is encrypted by its dataset."""
    found = plan(lambda: discovery(gp.Tier.REGULATED, profiles=warehouse(gp.Tier.REGULATED, keys=central_keys())))
    assert found.of("Dataset")[0].inputs["defaultEncryptionConfiguration"]["kmsKeyName"]
