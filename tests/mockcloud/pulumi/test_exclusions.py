"""Properties that exclude or need each other are refused before anything is made, as the real provider does."""

from typing import Any

import pytest

from mockcloud.pulumi import exclusions
from mockcloud.pulumi.checks import check
from mockcloud.pulumi.exclusions import CONFLICTS, EXACTLY, NEEDS, SOME, BadRule, Rule, read, rules_of, types
from mockcloud.pulumi.naming import DEFAULTS, Naming
from mockcloud.pulumi.properties import Properties, Property, properties_of
from mockcloud.pulumi.values import SECRET, SIGNATURE, UNKNOWN

NETWORK = "projects/acme-dev/global/networks/core"
FIREWALL = {"network": NETWORK, "name": "in", "allows": [{"protocol": "tcp"}]}
SUBSCRIPTION = {"topic": "events", "name": "pull"}


def failures(token: str, given: dict[str, Any]) -> dict[str, str]:
    properties = properties_of(f"gcp:{token}")
    assert properties is not None
    found = check(f"gcp:{token}", properties, given, {}, Naming("core", b"seed"))
    return {each.path: each.reason for each in found.failures}


class TestTables:
    @pytest.mark.parametrize("token", types())
    def test_every_rule_is_about_properties_that_a_program_may_set(self, token: str) -> None:
        properties = properties_of(token)
        assert properties is not None
        for rule in rules_of(token):
            here = properties
            for name in rule.inside.split(".") if rule.inside else ():
                here = here[name].fields
            for member in rule.members:
                each = settable(here, member)
                assert not each.required or rule.kind in {CONFLICTS, NEEDS}, rule

    def test_a_rule_that_is_none_is_refused(self) -> None:
        for written in ({"conflictsWith": ["a"]}, {"oneOf": ["a", "b"]}, {"atLeastOneOf": ["a", "b"], "on": "c"}):
            with pytest.raises(BadRule, match="A rule of gcp:a/b:C is not as rules are"):
                read("gcp:a/b:C", written)

    def test_what_a_docstring_says_too_broadly_is_taken_back(self) -> None:
        said = Rule(CONFLICTS, ("enableDynamicPortAllocation", "enableEndpointIndependentMapping"))

        assert said not in rules_of("gcp:compute/routerNat:RouterNat")
        assert Rule(CONFLICTS, ("initialNatIps", "natIps")) in rules_of("gcp:compute/routerNat:RouterNat")

    def test_what_the_definitions_say_more_strictly_stands_before_the_docstrings(self) -> None:
        found = rules_of("gcp:secretmanager/secretVersion:SecretVersion")

        assert Rule(EXACTLY, ("secretData", "secretDataWo")) in found
        assert Rule(CONFLICTS, ("secretData", "secretDataWo")) not in found


def settable(properties: Properties, path: str) -> Property:
    """Give the property at a path; every step is one that a program may set."""
    name, _, rest = path.partition(".")
    each = properties[name]
    assert not each.output, path
    return settable(each.fields, rest) if rest else each


class TestConflicts:
    def test_both_are_named_with_what_to_do(self) -> None:
        found = failures(
            "pubsub/subscription:Subscription",
            {**SUBSCRIPTION, "pushConfig": {"pushEndpoint": "x"}, "bigqueryConfig": {"table": "t"}},
        )

        assert found == {
            "pushConfig": "pushConfig conflicts with bigqueryConfig: Subscription takes only one of bigqueryConfig, "
            "cloudStorageConfig, pushConfig; take the others out"
        }

    def test_one_of_them_is_right(self) -> None:
        assert failures("pubsub/subscription:Subscription", {**SUBSCRIPTION, "bigqueryConfig": {"table": "t"}}) == {}

    def test_those_inside_of_an_object_count(self) -> None:
        both = {"table": "t", "useTableSchema": True, "useTopicSchema": True}

        found = failures("pubsub/subscription:Subscription", {**SUBSCRIPTION, "bigqueryConfig": both})

        assert list(found) == ["bigqueryConfig.useTopicSchema"]

    def test_those_of_one_item_of_a_list_count(self) -> None:
        key = {"kmsKeySelfLink": "k", "diskEncryptionKeyRaw": "r"}
        disks = [{"source": "a", "kmsKeySelfLink": "k"}, {"source": "b", **key}]
        machine = {"bootDisk": {}, "machineType": "e2-small", "networkInterfaces": [{"network": NETWORK}]}

        found = failures("compute/instance:Instance", {**machine, "attachedDisks": disks})

        assert list(found) == ["attachedDisks[1].kmsKeySelfLink"]

    def test_one_may_be_in_an_object_that_the_other_is_not_in(self) -> None:
        autopilot = {"enableAutopilot": True, "addonsConfig": {"networkPolicyConfig": {"disabled": True}}}

        assert list(failures("container/cluster:Cluster", autopilot)) == ["addonsConfig.networkPolicyConfig"]

    @pytest.mark.parametrize("there", [False, "", 0])
    def test_what_is_false_or_empty_is_there(self, there: object) -> None:
        assert "nodePools" in failures("container/cluster:Cluster", {"enableAutopilot": there, "nodePools": [{}]})

    @pytest.mark.parametrize("nothing", [False, {SIGNATURE: SECRET, "value": False}])
    def test_it_is_not_where_only_a_docstring_excludes_it(self, nothing: object) -> None:
        config = {"table": "t", "useTableSchema": True, "useTopicSchema": nothing}

        assert failures("pubsub/subscription:Subscription", {**SUBSCRIPTION, "bigqueryConfig": config}) == {}

    @pytest.mark.parametrize("absent", [None, [], UNKNOWN])
    def test_nothing_and_no_objects_are_not(self, absent: object) -> None:
        assert failures("container/cluster:Cluster", {"enableAutopilot": True, "nodePools": absent}) == {}

    def test_what_has_something_unknown_inside_is_there(self) -> None:
        found = failures("container/cluster:Cluster", {"enableAutopilot": True, "nodePools": [{"name": UNKNOWN}]})

        assert list(found) == ["nodePools"]

    def test_a_secret_is_there(self) -> None:
        secret = {SIGNATURE: SECRET, "value": "x"}
        both = {"secret": "s", "secretData": secret, "secretDataWo": secret}

        assert list(failures("secretmanager/secretVersion:SecretVersion", both)) == ["secretDataWo"]

    def test_no_default_is_set_beside_what_it_conflicts_with(self) -> None:
        properties = properties_of("gcp:container/cluster:Cluster")
        assert properties is not None
        assert properties["enableShieldedNodes"].default is True

        found = check("gcp:container/cluster:Cluster", properties, {"enableAutopilot": True}, {}, Naming("c"))

        assert found.failures == []
        assert "enableShieldedNodes" not in found.inputs
        assert "enableShieldedNodes" not in found.inputs[DEFAULTS]


class TestChoices:
    def test_one_is_needed(self) -> None:
        found = failures("compute/firewall:Firewall", {"network": NETWORK, "name": "in"})

        assert found == {"": "a value is required: Firewall takes exactly one of allows, denies, and none is set"}

    def test_a_second_is_too_much(self) -> None:
        assert list(failures("compute/firewall:Firewall", {**FIREWALL, "denies": [{"protocol": "all"}]})) == ["denies"]

    @pytest.mark.parametrize("other", [UNKNOWN, [], [{"protocol": UNKNOWN}]])
    def test_what_may_come_to_nothing_is_no_second(self, other: object) -> None:
        assert failures("compute/firewall:Firewall", {**FIREWALL, "denies": other}) == {}

    def test_what_is_unknown_may_be_the_one(self) -> None:
        assert failures("compute/firewall:Firewall", {"network": NETWORK, "name": "in", "allows": UNKNOWN}) == {}

    def test_one_inside_of_an_object_is_asked_for_where_the_object_is(self) -> None:
        given = {"secretId": "s", "replication": {}}

        assert list(failures("secretmanager/secret:Secret", given)) == ["replication"]
        assert failures("secretmanager/secret:Secret", {"secretId": "s", "replication": {"auto": {}}}) == {}
        assert failures("secretmanager/secret:Secret", {"secretId": "s", "replication": UNKNOWN}) == {}

    def test_an_object_of_nothing_has_none(self) -> None:
        instance = {"databaseVersion": "POSTGRES_17", "settings": {"tier": "db-f1-micro", "locationPreference": {}}}

        assert list(failures("sql/databaseInstance:DatabaseInstance", instance)) == ["settings.locationPreference"]

    def test_a_default_of_the_provider_is_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rule = Rule(SOME, ("host", "requestPath"), "httpHealthCheck")
        monkeypatch.setattr(exclusions, "rules_of", lambda _: (rule,))
        token = "compute/healthCheck:HealthCheck"

        assert failures(token, {"name": "up", "httpHealthCheck": {}}) == {}


class TestNeeds:
    def test_one_that_needs_another_says_so(self) -> None:
        rotating = {"secretId": "s", "replication": {"auto": {}}, "rotation": {"rotationPeriod": "3600s"}}

        found = failures("secretmanager/secret:Secret", rotating)

        assert found == {"rotation": "rotation needs topics, which is not set: set both or neither"}
        assert failures("secretmanager/secret:Secret", {**rotating, "topics": [{"name": "t"}]}) == {}
        assert failures("secretmanager/secret:Secret", {**rotating, "topics": UNKNOWN}) == {}

    def test_a_write_only_argument_needs_its_version(self) -> None:
        instance = {"databaseVersion": "POSTGRES_17", "settings": {"tier": "db-f1-micro"}, "rootPasswordWo": "x"}

        assert list(failures("sql/databaseInstance:DatabaseInstance", instance)) == ["rootPasswordWo"]


PERIMETER = {"name": "p", "parent": "accessPolicies/1", "title": "p", "useExplicitDryRunSpec": True}
ACCESS = {"datasetId": "lake", "role": "READER"}
CONNECTION = {"connectionId": "c", "location": "EU"}
GOAL = {"service": "s", "goal": 0.9, "basicSli": {"availability": {"enabled": True}}}
TRANSFER = {"description": "t", "transferSpec": {"gcsDataSink": {"bucketName": "b"}}}


@pytest.mark.parametrize(
    ("token", "given", "paths"),
    [
        ("accesscontextmanager/servicePerimeter:ServicePerimeter", {**PERIMETER, "spec": {}}, ["spec"]),
        (
            "accesscontextmanager/servicePerimeter:ServicePerimeter",
            {**PERIMETER, "spec": {"resources": ["projects/1"]}},
            [],
        ),
        ("bigquery/datasetAccess:DatasetAccess", ACCESS, [""]),
        ("bigquery/datasetAccess:DatasetAccess", {**ACCESS, "iamMember": "allUsers"}, []),
        ("bigquery/connection:Connection", CONNECTION, [""]),
        ("bigquery/connection:Connection", {**CONNECTION, "cloudResource": {}}, []),
        (
            "bigquery/connection:Connection",
            {**CONNECTION, "cloudSpanner": {"database": "d", "useDataBoost": True}},
            ["cloudSpanner.useDataBoost"],
        ),
        ("monitoring/slo:Slo", GOAL, [""]),
        ("monitoring/slo:Slo", {**GOAL, "rollingPeriodDays": 30}, []),
        ("monitoring/slo:Slo", {**GOAL, "rollingPeriodDays": 30, "basicSli": {}}, ["basicSli"]),
        ("storage/transferJob:TransferJob", TRANSFER, ["transferSpec"]),
        ("vpcaccess/connector:Connector", {"ipCidrRange": "10.8.0.0/28"}, ["", "ipCidrRange"]),
        ("vpcaccess/connector:Connector", {"subnet": {"name": "s"}}, []),
        (
            "container/cluster:Cluster",
            {
                "maintenancePolicy": {
                    "dailyMaintenanceWindow": {"startTime": "03:00"},
                    "recurringWindow": {"startTime": "a", "endTime": "b", "recurrence": "FREQ=DAILY"},
                }
            },
            ["maintenancePolicy.recurringWindow"],
        ),
        # As the provider has it, a cluster that is said not to be an Autopilot takes no node pools either.
        (
            "container/cluster:Cluster",
            {"enableAutopilot": False, "removeDefaultNodePool": True},
            ["removeDefaultNodePool"],
        ),
        ("dns/responsePolicyRule:ResponsePolicyRule", {"responsePolicy": "p", "ruleName": "r", "dnsName": "a."}, []),
    ],
)
def test_what_the_definitions_say_of_a_type(token: str, given: dict[str, Any], paths: list[str]) -> None:
    assert list(failures(token, given)) == paths


@pytest.mark.parametrize(
    ("authorization", "refused"),
    [
        ({"useDefault": False, "policy": "projects/p/platforms/cloudRun/x"}, False),
        ({"useDefault": True, "policy": "projects/p/platforms/cloudRun/x"}, True),
    ],
)
def test_what_google_refuses_is_refused_as_it_does(authorization: dict[str, Any], *, refused: bool) -> None:
    given = {"location": "europe-west4", "template": {"containers": [{"image": "i"}]}}

    found = failures("cloudrunv2/service:Service", {**given, "binaryAuthorization": authorization})

    assert list(found) == ["binaryAuthorization.useDefault"] * refused


def test_at_least_one_may_be_more() -> None:
    perimeter = {"name": "p", "parent": "accessPolicies/1", "title": "p"}
    token = "accesscontextmanager/servicePerimeter:ServicePerimeter"

    assert list(failures(token, {**perimeter, "status": {}})) == ["status"]
    assert failures(token, {**perimeter, "status": {"resources": ["projects/1"], "restrictedServices": ["a"]}}) == {}
    assert failures(token, perimeter) == {}
    assert any(rule.kind == SOME for rule in rules_of(f"gcp:{token}"))
