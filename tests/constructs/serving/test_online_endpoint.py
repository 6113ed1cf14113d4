"""OnlineEndpoint: private with IAM by default; what each way of access makes, grants, warns of and refuses."""

from __future__ import annotations

from typing import Any

import pytest

import groundplan as gp
from tests.constructs.plan import UNKNOWN, environment, plan
from tests.constructs.serving.endpoints import (
    CHAMPION,
    ENDPOINT,
    TIERS,
    WORKLOAD,
    account,
    arguments,
    dataset,
    keys,
    network,
    planned,
)

HOST = gp.Project(id="acme-net-host", number="210987654321")
ATTACHMENT = "projects/abc-tp/regions/europe-west4/serviceAttachments/gkedpm-1"
BASE = {
    "gcp:compute/address:Address": 1,
    "gcp:dns/managedZone:ManagedZone": 1,
    "gcp:dns/recordSet:RecordSet": 1,
    "gcp:monitoring/alertPolicy:AlertPolicy": 2,
    "gcp:projects/iAMCustomRole:IAMCustomRole": 2,
    ENDPOINT: 1,
}
AGENT = {"gcp:projects/iAMMember:IAMMember": 1, "gcp:projects/serviceIdentity:ServiceIdentity": 1}
KEYED = {**AGENT, "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": 1}
ADDED = {
    "learner": {},
    "team": KEYED,
    "regulated": {**KEYED, "gcp:bigquery/datasetAccess:DatasetAccess": 1},
}
PEERED = gp.PrivateServiceAccess.from_existing(range_name="services", network=network(project=HOST))


@pytest.mark.parametrize("tier", TIERS, ids=lambda t: str(t.name))
def test_inventory(tier: gp.Tier) -> None:
    assert planned(tier).inventory() == dict(sorted({**BASE, **ADDED[tier.name]}.items()))


class TestPrivateConnect:
    def test_it_is_private_and_asks_iam(self) -> None:
        made = planned().one(ENDPOINT)
        assert made.inputs["privateServiceConnectConfig"] == {
            "enablePrivateServiceConnect": True,
            "enableSecurePrivateServiceConnect": True,
            "projectAllowlists": ["acme-ml-dev"],
        }
        assert "network" not in made.inputs
        assert "dedicatedEndpointEnabled" not in made.inputs
        assert made.options["ignoreChanges"] == ["trafficSplit"]
        assert made.options["protect"] is True

    def test_its_number_is_stable_and_changes_with_the_generation(self) -> None:
        first, again = (planned().one(ENDPOINT).inputs["name"] for _ in range(2))
        later = planned(env=environment(generation=2)).one(ENDPOINT).inputs["name"]
        other = planned(name="prices").one(ENDPOINT).inputs["name"]
        assert first == again
        assert len({first, later, other}) == 3
        assert first.isdigit()
        assert len(planned(name="a" * 90).one(ENDPOINT).inputs["name"]) == 10

    def test_its_name_leads_to_its_address(self) -> None:
        found = planned(access=gp.PrivateConnect(network=network(), address="10.0.0.9"))
        number = found.one(ENDPOINT).inputs["name"]
        host = f"{number}-europe-west4-123456789012.prediction.p.vertexai.goog"
        assert found.outputs["host"] == host
        assert found.one("ManagedZone").inputs["dnsName"] == f"{host}."
        record = found.one("RecordSet").inputs
        assert (record["name"], record["rrdatas"]) == (f"{host}.", ["10.0.0.9"])
        assert found.one("Address").inputs["address"] == "10.0.0.9"

    def test_google_picks_the_address_where_none_is_given(self) -> None:
        assert planned().one("RecordSet").inputs["rrdatas"] == [UNKNOWN]

    def test_the_project_number_is_looked_up_where_it_is_not_given(self) -> None:
        env = gp.Environment(project="acme-other", region="europe-west4", tier=gp.Tier.LEARNER)
        found = plan(
            lambda: gp.OnlineEndpoint("scores", arguments(gp.Tier.LEARNER, env=env)),
            invokes={"gcp:organizations/getProject:getProject": {"number": "500000000005", "projectId": "acme-other"}},
        )
        assert "-europe-west4-500000000005.prediction.p" in found.one("ManagedZone").inputs["dnsName"]

    def test_it_is_connected_once_the_attachment_is_known(self) -> None:
        assert not planned().of("ForwardingRule")
        found = planned(access=gp.PrivateConnect(network=network(), service_attachment=ATTACHMENT))
        assert found.one("ForwardingRule").inputs["target"] == ATTACHMENT

    def test_consumers_are_listed_beside_the_environments_own(self) -> None:
        access = gp.PrivateConnect(network=network(project=HOST), consumers=("acme-shop",))
        made = planned(access=access).one(ENDPOINT).inputs
        assert made["privateServiceConnectConfig"]["projectAllowlists"] == ["acme-ml-dev", HOST.id, "acme-shop"]

    def test_in_a_network_of_somebody_else_only_what_is_ours_is_made(self) -> None:
        found = planned(access=gp.PrivateConnect(network=network(project=HOST, managed=False)))
        assert found.one("Address").inputs["project"] == "acme-ml-dev"
        assert not found.of("ManagedZone")
        assert found.outputs["requests"][0]["project"] == HOST.id

    def test_without_iam_it_can_be_written_outside_the_strictest_tier(self) -> None:
        open_to_all = gp.PrivateConnect(network=network(), authorised=False)
        config = planned(access=open_to_all).one(ENDPOINT).inputs["privateServiceConnectConfig"]
        assert config["enableSecurePrivateServiceConnect"] is False


class TestServiceAccess:
    def test_the_network_is_named_by_its_projects_number(self) -> None:
        found = planned(access=gp.ServiceAccess(access=PEERED))
        made = found.one(ENDPOINT).inputs
        assert made["network"] == "projects/210987654321/global/networks/shared"
        assert "privateServiceConnectConfig" not in made
        assert not found.of("Address")
        assert "host" not in found.outputs or found.outputs["host"] is None

    def test_it_waits_for_the_peering(self) -> None:
        def program() -> None:
            core = network()
            peering = gp.PrivateServiceAccess(
                "services", gp.PrivateServiceAccessArgs(env=environment(), network=core, cidr="10.64.0.0/20")
            )
            gp.OnlineEndpoint("scores", arguments(access=gp.ServiceAccess(access=peering)))

        waits = plan(program).one(ENDPOINT).options["dependencies"]
        assert any("servicenetworking/connection" in urn for urn in waits)

    def test_it_warns(self, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        said: list[str] = []
        monkeypatch.setattr("pulumi.log.warn", lambda text, *_: said.append(text))
        planned(access=gp.ServiceAccess(access=PEERED))
        assert any("have no TLS" in text for text in said)


class TestPublicDedicated:
    def test_it_has_a_name_of_its_own(self) -> None:
        found = planned(access=gp.PublicDedicated())
        assert found.one(ENDPOINT).inputs["dedicatedEndpointEnabled"] is True
        assert found.outputs["host"] == UNKNOWN
        assert found.outputs["contract"]["access"] == "public"

    @pytest.mark.parametrize("perimeter_first", [True, False])
    def test_inside_a_perimeter_it_is_refused(self, *, perimeter_first: bool) -> None:
        def perimeter() -> None:
            policy = gp.AccessPolicyRef.from_existing("accessPolicies/42", project=WORKLOAD)
            gp.ServicePerimeter("ml", gp.ServicePerimeterArgs(env=environment(), access_policy=policy))

        def endpoint() -> None:
            gp.OnlineEndpoint("scores", arguments(access=gp.PublicDedicated()))

        def program() -> None:
            for make in (perimeter, endpoint) if perimeter_first else (endpoint, perimeter):
                make()

        with pytest.raises(gp.ArgumentError) as caught:
            plan(program)
        assert "is inside a service perimeter" in str(caught.value)
        assert "use PrivateConnect" in str(caught.value)

    def test_a_private_one_is_inside_without_ado(self) -> None:
        def program() -> None:
            policy = gp.AccessPolicyRef.from_existing("accessPolicies/42", project=WORKLOAD)
            gp.ServicePerimeter("ml", gp.ServicePerimeterArgs(env=environment(), access_policy=policy))
            gp.OnlineEndpoint("scores", arguments())

        assert len(plan(program).of(ENDPOINT)) == 1


class TestEncryptionAndLog:
    def test_the_key_is_granted_first(self) -> None:
        made = planned().one(ENDPOINT)
        key = "projects/acme-keys/locations/europe-west4/keyRings/ml/cryptoKeys/confidential"
        assert made.inputs["encryptionSpec"] == {"kmsKeyName": key}
        assert any("CryptoKeyIAMMember" in urn for urn in made.options["dependencies"])

    def test_a_key_of_a_central_project_is_asked_for(self) -> None:
        found = planned(keys=keys(managed=False))
        assert not found.of("CryptoKeyIAMMember")
        assert found.outputs["requests"][0]["grant"] == "roles/cloudkms.cryptoKeyEncrypterDecrypter"

    def test_a_key_elsewhere_is_refused(self) -> None:
        with pytest.raises(gp.ArgumentError, match="key: is not where the data is"):
            planned(keys=keys(location="europe-west1"))

    def test_a_learner_may_give_a_key(self) -> None:
        assert "encryptionSpec" not in planned(gp.Tier.LEARNER).one(ENDPOINT).inputs
        assert "encryptionSpec" in planned(gp.Tier.LEARNER, keys=keys()).one(ENDPOINT).inputs

    def test_requests_are_logged_to_the_dataset(self) -> None:
        log = gp.RequestLog(dataset=dataset(), sampling=0.5)
        found = planned(request_log=log)
        made = found.one(ENDPOINT)
        assert made.inputs["predictRequestResponseLoggingConfig"] == {
            "enabled": True,
            "samplingRate": 0.5,
            "bigqueryDestination": {"outputUri": "bq://acme-ml-dev.requests.requests_scores"},
        }
        assert any("DatasetAccess" in urn for urn in made.options["dependencies"])
        assert found.outputs["contract"]["requestLog"]["table"] == "bq://acme-ml-dev.requests.requests_scores"
        assert [column["name"] for column in found.outputs["contract"]["requestLog"]["schema"]] == [
            "endpoint",
            "deployed_model_id",
            "logging_time",
            "request_id",
            "request_payload",
            "response_payload",
        ]

    def test_the_table_can_be_named(self) -> None:
        log = gp.RequestLog(dataset=dataset(), table="mine")
        config = planned(request_log=log).one(ENDPOINT).inputs["predictRequestResponseLoggingConfig"]
        assert config["bigqueryDestination"]["outputUri"].endswith(".mine")


class TestGrants:
    def test_who_calls_gets_this_endpoint_and_nothing_else(self) -> None:
        found = planned(then=lambda made: made.grant_predict("group:shop@acme.test"))
        role = next(r for r in found.of("IAMCustomRole") if r.name == "scores-caller-role").inputs
        assert role["permissions"] == ["aiplatform.endpoints.get", "aiplatform.endpoints.predict"]
        given = found.one("AiEndpointIamMember").inputs
        assert given["endpoint"] == found.one(ENDPOINT).inputs["name"]
        assert (given["location"], given["member"]) == ("europe-west4", "group:shop@acme.test")
        assert given["role"] == f"projects/acme-ml-dev/roles/{role['roleId']}"
        waits = found.one("AiEndpointIamMember").options["dependencies"]
        assert any("IAMCustomRole" in urn for urn in waits)
        assert any("aiEndpoint:AiEndpoint" in urn for urn in waits)

    def test_who_deploys_acts_as_the_account_and_sees_models(self) -> None:
        deployer = "serviceAccount:deploy@acme-ml-dev.iam.gserviceaccount.com"
        found = planned(gp.Tier.LEARNER, then=lambda made: made.grant_deploy(deployer))
        role = next(r for r in found.of("IAMCustomRole") if r.name == "scores-deployer-role").inputs
        assert "aiplatform.endpoints.deploy" in role["permissions"]
        assert found.one("AiEndpointIamMember").inputs["role"].endswith(role["roleId"])
        assert found.one("gcp:projects/iAMMember:IAMMember").inputs["role"] == "roles/aiplatform.viewer"
        acts = found.one("gcp:serviceaccount/iAMMember:IAMMember").inputs
        assert (acts["role"], acts["member"]) == ("roles/iam.serviceAccountUser", deployer)

    def test_the_use_of_an_account_of_somebody_else_is_asked_for(self) -> None:
        found = planned(account=account(managed=False), then=lambda made: made.grant_deploy("group:ml@acme.test"))
        assert [r["grant"] for r in found.outputs["requests"]] == ["roles/iam.serviceAccountUser"]

    def test_nobody_public_is_let_in(self) -> None:
        with pytest.raises(gp.ArgumentError, match="never the public"):
            planned(then=lambda made: made.grant_predict("allUsers"))


class TestAlerts:
    def test_contacts_get_a_channel_each_and_every_alert_tells_them(self) -> None:
        found = planned(alerts=gp.EndpointAlerts(contacts=("ml-oncall@acme.test",)), access=gp.PublicDedicated())
        channel = found.one("gcp:monitoring/notificationChannel:NotificationChannel")
        assert channel.inputs["type"] == "email"
        assert channel.inputs["labels"] == {"email_address": "ml-oncall@acme.test"}
        for alert in found.of("AlertPolicy"):
            said = alert.inputs["documentation"]["content"]
            assert "- Contact: ml-oncall@acme.test\n- Severity: error\n- First step: " in said
            assert alert.inputs["notificationChannels"] == [UNKNOWN]
            assert any(urn.endswith(f"::{channel.name}") for urn in alert.options["dependencies"])

    def test_an_alert_that_nobody_is_named_for_says_so(self) -> None:
        for alert in planned().of("AlertPolicy"):
            assert "- Contact: nobody is named\n" in alert.inputs["documentation"]["content"]

    def test_latency_and_errors_of_this_endpoint(self) -> None:
        channel = "projects/acme-ml-dev/notificationChannels/1"
        alerts = gp.EndpointAlerts(channels=(channel,), latency_ms=200, error_share=0.02, minutes=10)
        found = planned(alerts=alerts, access=gp.PublicDedicated())
        number = found.one(ENDPOINT).inputs["name"]
        latency = found.one("AlertPolicy", "scores-alert-latency").inputs
        (condition,) = latency["conditions"]
        threshold = condition["conditionThreshold"]
        assert threshold["thresholdValue"] == 200
        assert threshold["duration"] == "600s"
        assert "prediction/online/prediction_latencies" in threshold["filter"]
        assert f'resource.labels.endpoint_id="{number}"' in threshold["filter"]
        assert 'metric.labels.latency_type="total"' in threshold["filter"]
        assert latency["notificationChannels"] == [channel]
        assert latency["userLabels"] == {"managed-by": "groundplan", "tier": "team"}
        errors = found.one("AlertPolicy", "scores-alert-errors").inputs["conditions"][0]["conditionThreshold"]
        assert errors["thresholdValue"] == 0.02
        assert 'metric.labels.response_code="5xx"' in errors["filter"]
        assert "response_code=" not in errors["denominatorFilter"]

    @pytest.mark.parametrize(
        ("access", "private", "common"),
        [
            (gp.PublicDedicated(), False, True),
            (gp.ServiceAccess(access=PEERED), True, False),
            (gp.PrivateConnect(network=network()), True, True),
        ],
    )
    def test_each_way_of_access_reports_to_its_own_metrics(self, access: Any, *, private: bool, common: bool) -> None:
        conditions = planned(access=access).one("AlertPolicy", "scores-alert-errors").inputs["conditions"]
        filters = [c["conditionThreshold"]["filter"] for c in conditions]
        assert any("/private/response_count" in f and "response_code>=500" in f for f in filters) is private
        assert any("online/response_count" in f for f in filters) is common

    def test_saturation_is_the_wish_for_more_replicas_than_there_may_be(self) -> None:
        found = planned(deployments=(CHAMPION,))
        (condition,) = found.one("AlertPolicy", "scores-alert-saturation").inputs["conditions"]
        threshold = condition["conditionThreshold"]
        deployed = found.outputs["contract"]["deployedModels"][0]["id"]
        assert "prediction/online/target_replicas" in threshold["filter"]
        assert f'metric.labels.deployed_model_id="{deployed}"' in threshold["filter"]
        assert threshold["thresholdValue"] == 3.5

    @pytest.mark.parametrize(
        ("machine", "metric", "limit"),
        [
            ({"machine_type": "n2-standard-8"}, "cpu/utilization", 4.8),
            (
                {"machine_type": "g2-standard-4", "accelerator": "NVIDIA_L4", "utilisation": 80},
                "accelerator/duty_cycle",
                0.8,
            ),
        ],
    )
    def test_where_no_replica_is_added_it_is_the_use(self, machine: dict[str, Any], metric: str, limit: float) -> None:
        fixed = gp.ServingMachine(min_replicas=2, max_replicas=2, **machine)
        deployment = gp.ModelDeployment(name="champion", model="income", version="3", traffic=100, machine=fixed)
        found = planned(deployments=(deployment,)).one("AlertPolicy", "scores-alert-saturation")
        threshold = found.inputs["conditions"][0]["conditionThreshold"]
        assert f"prediction/online/{metric}" in threshold["filter"]
        assert threshold["thresholdValue"] == pytest.approx(limit)


def test_labels_say_how_sensitive_and_whose() -> None:
    assert planned(labels={"team": "ml"}).one(ENDPOINT).inputs["labels"] == {
        "team": "ml",
        "managed-by": "groundplan",
        "tier": "team",
        "classification": "confidential",
        "owner": "ml",
    }


def test_overrides() -> None:
    psc = {"pscAutomationConfigs": [{"projectId": "acme-ml-dev", "network": "n"}]}
    made = planned(overrides={"endpoint": {"privateServiceConnectConfig": psc}}).one(ENDPOINT).inputs
    assert made["privateServiceConnectConfig"]["pscAutomationConfigs"] == [{"projectId": "acme-ml-dev", "network": "n"}]
    assert made["privateServiceConnectConfig"]["enableSecurePrivateServiceConnect"] is True


REFUSED: list[tuple[gp.Tier, dict[str, Any], str]] = [
    (gp.Tier.TEAM, {"access": "private"}, "access: is of the wrong type"),
    (gp.Tier.TEAM, {"access": (gp.PublicDedicated(), gp.PrivateConnect(network=network()))}, "one PrivateConnect"),
    (gp.Tier.TEAM, {"access": gp.PrivateConnect(network=network(), consumers=("*",))}, "access.consumers[0]"),
    (gp.Tier.TEAM, {"access": gp.PrivateConnect(network=network(), consumers=("",))}, "access.consumers[0]"),
    (
        gp.Tier.TEAM,
        {"access": gp.PrivateConnect(network=network(), consumers=("acme-shop", "acme-shop"))},
        "names a project twice",
    ),
    (gp.Tier.TEAM, {"access": gp.PrivateConnect(network=network(region="us-east1"))}, "in another region"),
    (gp.Tier.TEAM, {"access": gp.PrivateConnect(network=network(), address="8.8.8.8")}, "access.address"),
    (
        gp.Tier.TEAM,
        {"access": gp.PrivateConnect(network=network(), service_attachment="gkedpm-1")},
        "access.service_attachment",
    ),
    (gp.Tier.REGULATED, {"access": gp.PrivateConnect(network=network(), authorised=False)}, "access.authorised"),
    (gp.Tier.REGULATED, {"access": gp.PublicDedicated()}, "can be reached from the internet"),
    (gp.Tier.REGULATED, {"access": gp.ServiceAccess(access=PEERED)}, "is without TLS and without IAM"),
    (gp.Tier.REGULATED, {"request_log": None}, "request_log: is missing"),
    (gp.Tier.TEAM, {"keys": None}, "keys: are missing"),
    (gp.Tier.TEAM, {"account": "default"}, "account: is of the wrong type"),
    (gp.Tier.TEAM, {"owner": "domain:acme.test"}, "owner"),
    (gp.Tier.TEAM, {"data_class": "secret"}, "data_class: is of the wrong type"),
    (
        gp.Tier.TEAM,
        {"request_log": gp.RequestLog(dataset=dataset(gp.DataClass.PUBLIC))},
        "is of a laxer class than the requests",
    ),
    (gp.Tier.TEAM, {"request_log": gp.RequestLog(dataset=dataset(), sampling=0)}, "request_log.sampling"),
    (gp.Tier.TEAM, {"request_log": gp.RequestLog(dataset=dataset(), table="a-b")}, "request_log.table"),
    (
        gp.Tier.TEAM,
        {"access": gp.ServiceAccess(access=PEERED), "request_log": gp.RequestLog(dataset=dataset())},
        "is not to be had for an endpoint on service access",
    ),
    (gp.Tier.TEAM, {"alerts": gp.EndpointAlerts(error_share=5)}, "alerts.error_share"),
    (gp.Tier.TEAM, {"alerts": gp.EndpointAlerts(contacts=("oncall",))}, "alerts.contacts[0]"),
    (gp.Tier.TEAM, {"alerts": gp.EndpointAlerts(latency_ms=0)}, "alerts.latency_ms"),
    (gp.Tier.TEAM, {"alerts": gp.EndpointAlerts(channels=("mail",))}, "alerts.channels[0]"),
    (gp.Tier.TEAM, {"monitoring": gp.MonitoringPlan(baseline="acme-ml-dev.train.income")}, "no requests to look at"),
]


@pytest.mark.parametrize(("tier", "more", "part"), REFUSED)
def test_refused(tier: gp.Tier, more: dict[str, Any], part: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    assert part in str(caught.value)
    assert all(word in str(caught.value) for word in ("given:", "allowed:", "do:"))


class TestExisting:
    ID = "projects/acme-ml-dev/locations/europe-west4/endpoints/4711"

    def test_it_is_a_reference_that_can_be_granted_on(self) -> None:
        def program() -> None:
            found = gp.OnlineEndpoint.from_existing(
                self.ID,
                project=WORKLOAD,
                data_class=gp.DataClass.INTERNAL,
                caller_role="projects/acme-ml-dev/roles/caller",
            )
            gp.OnlineEndpointRef.imported(found.exported()).grant_predict("group:shop@acme.test")

        given = plan(program).one("AiEndpointIamMember").inputs
        assert (given["endpoint"], given["role"]) == ("4711", "projects/acme-ml-dev/roles/caller")

    def test_without_a_role_nothing_is_granted(self) -> None:
        found = gp.OnlineEndpoint.from_existing(self.ID, project=WORKLOAD, data_class=gp.DataClass.INTERNAL)
        with pytest.raises(gp.ArgumentError, match="caller_role: is missing"):
            plan(lambda: found.grant_predict("group:shop@acme.test"))

    def test_in_a_project_of_somebody_else_it_is_asked_for(self) -> None:
        import pulumi

        def program() -> None:
            other = gp.Project(id="acme-ml-dev", number="123456789012", managed=False)
            found = gp.OnlineEndpoint.from_existing(
                self.ID,
                project=other,
                data_class=gp.DataClass.INTERNAL,
                caller_role="projects/acme-ml-dev/roles/caller",
            )
            found.grant_predict("group:shop@acme.test")
            pulumi.export("requests", gp.requests())

        (request,) = plan(program).outputs["requests"]
        assert f"europe-west4-aiplatform.googleapis.com/v1/{self.ID}:getIamPolicy" in request["command"]
        assert "group:shop@acme.test" in request["command"]

    def test_one_made_here_is_exported_too(self) -> None:
        def program() -> None:
            args = arguments()
            gp.publish(args.env, {"scores": gp.OnlineEndpoint("scores", args)})

        exported = plan(program).outputs["groundplan"]["references"]["scores"]
        assert exported["kind"] == "online_endpoint"
        assert exported["value"]["caller_role"] == "projects/acme-ml-dev/roles/gp_scores_caller"
        assert exported["value"]["account"]["email"] == "serving@acme-ml-dev.iam.gserviceaccount.com"

    def test_wrong_names_are_refused_together(self) -> None:
        with pytest.raises(gp.ArgumentError, match="2 arguments"):
            gp.OnlineEndpoint.from_existing(
                "4711", project=WORKLOAD, data_class=gp.DataClass.INTERNAL, caller_role="caller"
            )
