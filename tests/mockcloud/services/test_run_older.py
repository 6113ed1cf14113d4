"""Cloud Run's first API shows and changes the services of its second one."""

import json
from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "projects/acme/locations/europe-west4"
HOST = "europe-west4-run.googleapis.com"
SERVING = "/apis/serving.knative.dev/v1/namespaces/acme"
SQL = "run.googleapis.com/cloudsql-instances"


class World:
    """A cloud asked in both forms."""

    def __init__(self, *on: str) -> None:
        self.cloud = new_cloud(on=list(on))
        self.older = Asking(self.cloud, HOST, SERVING)
        self.everywhere = Asking(self.cloud, "run.googleapis.com", SERVING)
        self.domains = Asking(self.cloud, HOST, "/apis/domains.cloudrun.com/v1/namespaces/acme")
        self.today = Asking(self.cloud, "run.googleapis.com", "/v2")
        secrets = Asking(self.cloud, "secretmanager.googleapis.com", "/v1/projects/acme")
        secrets.done("POST", "secrets", {"replication": {"automatic": {}}}, "secretId=token")


def service(name: str = "app", notes: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    template = {"spec": {"containers": [{"image": "img"}], **spec}}
    metadata = {"name": name, "annotations": notes or {}}
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {"template": template},
    }


def of_template(notes: dict[str, str], of_service: dict[str, str] | None = None) -> dict[str, Any]:
    body = service(notes=of_service)
    body["spec"]["template"]["metadata"] = {"annotations": notes}
    return body


def mapping(domain: str, route: str = "app") -> dict[str, Any]:
    about = {"apiVersion": "domains.cloudrun.com/v1", "kind": "DomainMapping"}
    return {**about, "metadata": {"name": domain}, "spec": {"routeName": route}}


def test_what_the_first_api_makes_the_second_one_reads() -> None:
    here = World()
    notes = {"run.googleapis.com/ingress": "internal", "run.googleapis.com/custom-audiences": '["a", "b"]', "own": "x"}
    body = service(
        notes=notes,
        containerConcurrency=10,
        timeoutSeconds=60,
        volumes=[
            {"name": "s", "secret": {"secretName": "token", "items": [{"key": "1", "path": "p"}]}},
            {
                "name": "b",
                "csi": {
                    "driver": "gcsfuse.run.googleapis.com",
                    "volumeAttributes": {"bucketName": "data", "mountOptions": "a,b"},
                },
            },
            {"name": "m", "emptyDir": {"medium": "Memory"}},
            {"name": "n", "nfs": {"server": "10.0.0.2", "path": "/"}},
        ],
    )
    made = here.older.done("POST", "services", body)
    found = here.today.get(f"{PLACE}/services/app")
    assert (found["ingress"], found["customAudiences"]) == ("INGRESS_TRAFFIC_INTERNAL_ONLY", ["a", "b"])
    assert found["annotations"] == {"own": "x"}
    template = found["template"]
    assert (template["maxInstanceRequestConcurrency"], template["timeout"]) == (10, "60s")
    secret, bucket, memory, share = template["volumes"]
    assert secret["secret"] == {"secret": "token", "items": [{"version": "1", "path": "p"}]}
    assert bucket["gcs"] == {"bucket": "data", "readOnly": False, "mountOptions": ["a", "b"]}
    assert (memory["emptyDir"]["medium"], share["nfs"]["server"]) == ("MEMORY", "10.0.0.2")
    assert made["spec"]["template"]["spec"]["volumes"][1]["csi"]["volumeAttributes"]["mountOptions"] == "a,b"
    assert made["spec"]["template"]["spec"]["volumes"][2]["emptyDir"]["medium"] == "Memory"
    assert made["metadata"]["annotations"]["run.googleapis.com/custom-audiences"] == '["a", "b"]'
    assert made["status"]["url"] == found["uri"]
    assert made["status"]["latestReadyRevisionName"] == found["latestReadyRevision"].rpartition("/")[2]


def test_what_the_second_api_makes_the_first_one_reads() -> None:
    here = World()
    container = {
        "image": "img",
        "env": [{"name": "A", "valueSource": {"secretKeyRef": {"secret": "token", "version": "2"}}}],
        "resources": {"cpuIdle": True, "startupCpuBoost": True},
        "volumeMounts": [{"name": "cloudsql", "mountPath": "/cloudsql"}, {"name": "b", "mountPath": "/b"}],
    }
    template = {
        "containers": [container],
        "scaling": {"minInstanceCount": 2},
        "encryptionKeyShutdownDuration": "7200s",
        "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
        "vpcAccess": {"egress": "ALL_TRAFFIC", "networkInterfaces": [{"network": "n"}]},
        "volumes": [
            {"name": "cloudsql", "cloudSqlInstance": {"instances": ["a:b:c"]}},
            {"name": "b", "gcs": {"bucket": "b"}},
        ],
        "nodeSelector": {"accelerator": "nvidia-l4"},
    }
    body = {"template": template, "binaryAuthorization": {"useDefault": True}, "launchStage": "BETA"}
    here.today.done("POST", f"{PLACE}/services", body, "serviceId=app")
    found = here.older.get("services/app")
    of_service, of_revision = found["metadata"]["annotations"], found["spec"]["template"]["metadata"]["annotations"]
    assert of_service["run.googleapis.com/binary-authorization"] == "default"
    assert of_service["run.googleapis.com/launch-stage"] == "BETA"
    assert of_service["run.googleapis.com/ingress-status"] == "all"
    assert json.loads(of_revision.pop("run.googleapis.com/network-interfaces")) == [{"network": "n"}]
    assert of_revision == {
        "autoscaling.knative.dev/minScale": "2",
        "autoscaling.knative.dev/maxScale": "100",
        "run.googleapis.com/cpu-throttling": "true",
        "run.googleapis.com/startup-cpu-boost": "true",
        "run.googleapis.com/encryption-key-shutdown-hours": "2",
        "run.googleapis.com/execution-environment": "gen2",
        "run.googleapis.com/vpc-access-egress": "all-traffic",
        SQL: "a:b:c",
    }
    spec = found["spec"]["template"]["spec"]
    assert spec["nodeSelector"] == {"run.googleapis.com/accelerator": "nvidia-l4"}
    assert [each["name"] for each in spec["volumes"]] == ["b"]
    (shown,) = spec["containers"]
    assert shown["env"] == [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "token", "key": "2"}}}]
    assert shown["volumeMounts"] == [{"name": "b", "mountPath": "/b"}]


def test_a_service_is_replaced_whole() -> None:
    here = World()
    body = of_template({SQL: "a:b:c", "own": "x"}, {"run.googleapis.com/ingress": "internal"})
    made = here.older.done("POST", "services", body)
    version = made["metadata"]["resourceVersion"]
    changed = service()
    changed["metadata"]["resourceVersion"] = version
    after = here.older.done("PUT", "services/app", changed)
    assert after["metadata"]["annotations"]["run.googleapis.com/ingress"] == "all"
    assert "own" not in after["spec"]["template"].get("metadata", {}).get("annotations", {})
    assert "volumes" not in here.today.get(f"{PLACE}/services/app")["template"]
    assert (after["metadata"]["generation"], after["status"]["observedGeneration"]) == (2, 2)
    status, refused = here.older.ask("PUT", "services/app", changed)
    assert (status, refused["error"]["status"]) == (409, "ABORTED")
    assert here.older.refused("PUT", "services/other", service("other")) == 404
    assert here.older.refused("PUT", "services/app", service("other")) == 400


def test_traffic_goes_to_revisions() -> None:
    here = World()
    first = here.older.done("POST", "services", service())["status"]["latestReadyRevisionName"]
    split = service(timeoutSeconds=90)
    split["spec"]["traffic"] = [
        {"percent": 90, "revisionName": first},
        {"percent": 10, "latestRevision": True, "tag": "new"},
    ]
    after = here.older.done("PUT", "services/app", split)
    second = after["status"]["latestReadyRevisionName"]
    assert after["status"]["traffic"] == [
        {"percent": 90, "revisionName": first},
        {"percent": 10, "tag": "new", "latestRevision": True, "revisionName": second},
    ]
    listed = here.older.get("revisions", "labelSelector=serving.knative.dev/service%3Dapp")["items"]
    assert [each["metadata"]["name"] for each in listed] == [second, first]
    assert here.older.get(f"revisions/{second}")["spec"]["timeoutSeconds"] == 90
    assert here.older.refused("GET", "revisions/none") == 404
    assert here.older.get("routes/app")["spec"]["traffic"] == after["spec"]["traffic"]
    assert here.older.get("configurations/app")["status"]["latestCreatedRevisionName"] == second
    assert here.older.refused("DELETE", f"revisions/{second}") == 400
    assert here.older.done("DELETE", f"revisions/{first}")["details"]["name"] == first


def test_a_list_is_of_a_region_or_of_all() -> None:
    here = World()
    other = Asking(here.cloud, "us-central1-run.googleapis.com", SERVING)
    for api, name, team in ((here.older, "one", "ml"), (other, "two", "ml"), (here.older, "three", "data")):
        body = service(name)
        body["metadata"]["labels"] = {"team": team}
        api.done("POST", "services", body)

    def names(api: Asking, query: str = "") -> list[str]:
        return [each["metadata"]["name"] for each in api.get("services", query)["items"]]

    assert names(here.older) == ["three", "one"]
    assert names(here.everywhere) == ["three", "two", "one"]
    assert names(here.everywhere, "labelSelector=team%3Dml,cloud.googleapis.com/location+in+(us-central1)") == ["two"]
    assert names(here.everywhere, "labelSelector=team!%3Dml") == ["three"]
    assert names(here.everywhere, "labelSelector=team+notin+(data,x)") == ["two", "one"]
    assert names(here.everywhere, "labelSelector=team,!stage") == ["three", "two", "one"]
    page = here.everywhere.get("services", "limit=2")
    assert names(here.everywhere, f"limit=2&continue={page['metadata']['continue']}") == ["one"]
    assert here.everywhere.ask("GET", "services", None, "labelSelector=a+b")[0] == 400


def test_the_host_of_everywhere_takes_lists_alone() -> None:
    here = World()
    for verb, path, body in (
        ("POST", "services", service()),
        ("GET", "services/app", None),
        ("DELETE", "services/app", None),
    ):
        status, answered = here.everywhere.ask(verb, path, body)
        assert (status, "us-central1-run.googleapis.com" in answered["error"]["message"]) == (400, True)
    # In a path, the host says it.
    plain = Asking(here.cloud, "", f"/{HOST}{SERVING}")
    plain.done("POST", "services", service())
    assert here.today.get(f"{PLACE}/services/app")["uid"]
    regional = Asking(here.cloud, "run.europe-west4.rep.googleapis.com", SERVING)
    assert regional.get("services/app")["metadata"]["labels"] == {"cloud.googleapis.com/location": "europe-west4"}


@pytest.mark.parametrize(
    "wrong",
    [
        {**service(), "apiVersion": "v1"},
        {**service(), "kind": "Job"},
        service(""),
        service(notes={"run.googleapis.com/ingress": "some"}),
        of_template({"autoscaling.knative.dev/maxScale": "many"}),
        of_template({"run.googleapis.com/cpu-throttling": "maybe"}),
        of_template({"run.googleapis.com/network-interfaces": "{"}),
        {**service(), "metadata": {"name": "app", "namespace": "other"}},
        service(containers=[]),
    ],
)
def test_what_is_wrong_is_refused(wrong: dict[str, Any]) -> None:
    here = World()
    status, _ = here.older.ask("POST", "services", wrong)
    assert status == 400
    assert here.older.get("services")["items"] == []


def test_nothing_is_made_where_it_is_only_asked() -> None:
    here = World()
    assert here.older.done("POST", "services", service(), "dryRun=all")["metadata"]["name"] == "app"
    assert here.older.refused("GET", "services/app") == 404
    here.older.done("POST", "services", service())
    assert here.older.refused("POST", "services", service()) == 409
    here.older.done("DELETE", "services/app", None, "dryRun=all")
    here.older.done("PUT", "services/app", service(timeoutSeconds=5), "dryRun=all")
    assert here.older.get("services/app")["spec"]["template"]["spec"]["timeoutSeconds"] == 300
    here.older.done("DELETE", "services/app")
    assert here.today.refused("GET", f"{PLACE}/services/app") == 404


def test_the_rules_are_those_of_the_second_api() -> None:
    here = World("organisation")
    policies = Asking(here.cloud, "orgpolicy.googleapis.com", "/v2")
    rules = {"rules": [{"values": {"allowedValues": ["internal"]}}]}
    policies.done(
        "POST", "projects/acme/policies", {"name": "projects/acme/policies/run.allowedIngress", "spec": rules}
    )
    assert here.older.refused("POST", "services", service()) >= 400
    here.older.done("POST", "services", service(notes={"run.googleapis.com/ingress": "internal"}))


def test_who_may_call_is_one_policy() -> None:
    here = World()
    here.older.done("POST", "services", service())
    below = Asking(here.cloud, HOST, "/v1")
    binding = {"role": "roles/run.invoker", "members": ["allUsers"]}
    below.done("POST", f"{PLACE}/services/app:setIamPolicy", {"policy": {"bindings": [binding]}})
    assert here.today.get(f"{PLACE}/services/app:getIamPolicy")["bindings"] == [binding]
    assert below.get(f"{PLACE}/services/app")["metadata"]["name"] == "app"
    assert [each["metadata"]["name"] for each in below.get(f"{PLACE}/services")["items"]] == ["app"]


def test_a_domain_leads_to_a_service() -> None:
    here = World()
    here.older.done("POST", "services", service())
    made = here.domains.done("POST", "domainmappings", mapping("app.acme.test"))
    assert made["status"]["resourceRecords"] == [{"name": "app", "type": "CNAME", "rrdata": "ghs.googlehosted.com."}]
    assert made["status"]["conditions"][0]["status"] == "True"
    assert here.domains.refused("POST", "domainmappings", mapping("app.acme.test")) == 409
    assert here.domains.refused("POST", "domainmappings", mapping("b.acme.test", "")) == 400
    apex = here.domains.done("POST", "domainmappings", mapping("acme.test"))
    assert {each["type"] for each in apex["status"]["resourceRecords"]} == {"A", "AAAA"}
    assert [each["metadata"]["name"] for each in here.domains.get("domainmappings")["items"]] == [
        "acme.test",
        "app.acme.test",
    ]
    here.older.done("DELETE", "services/app")
    lost = here.domains.get("domainmappings/app.acme.test")["status"]["conditions"][0]
    assert (lost["status"], lost["message"]) == ("False", "Route 'app' does not exist.")
    here.domains.done("DELETE", "domainmappings/app.acme.test")
    assert here.domains.refused("GET", "domainmappings/app.acme.test") == 404
