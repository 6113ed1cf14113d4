"""Types beside those that the constructs use, on the real engine: made, found unchanged, changed, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_gcp as gcp
import pytest

from mockcloud.simulator import new_cloud
from tests.conformance.offline import needs_pulumi, project_on
from tests.mockcloud.services.asking import Asking

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]

PLACE = "europe-west4"


def older_run(image: str) -> None:
    """A service of Cloud Run's first API, with a domain, and who may call it."""
    service = gcp.cloudrun.Service(
        "app",
        name="app",
        location=PLACE,
        metadata={"labels": {"team": "ml"}, "annotations": {"run.googleapis.com/ingress": "internal"}},
        template={
            "metadata": {"annotations": {"autoscaling.knative.dev/maxScale": "5"}},
            "spec": {"containers": [{"image": image, "envs": [{"name": "ENV", "value": "dev"}]}]},
        },
        traffics=[{"percent": 100, "latest_revision": True}],
        autogenerate_revision_name=True,
    )
    gcp.cloudrun.IamMember(
        "all", service=service.name, location=PLACE, role="roles/run.invoker", member="user:ada@acme.test"
    )
    found = gcp.cloudrun.get_service_output(name=service.name, location=PLACE)
    gcp.cloudrun.DomainMapping(
        "domain",
        name="app.acme.test",
        location=PLACE,
        metadata={"namespace": "acme-dev"},
        spec={"route_name": found.name.apply(str)},
    )


def test_services_of_the_first_run_api_go_up_and_down(tmp_path: Path) -> None:
    cloud = new_cloud(waits="poll")
    with project_on(cloud, tmp_path, lambda: older_run("img:1")) as project:
        project.up().expect()
        project.unchanged()
        today = Asking(cloud, "run.googleapis.com", f"/v2/projects/acme-dev/locations/{PLACE}")
        assert today.get("services/app")["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"

        project.program = lambda: older_run("img:2")
        (step,) = [each for each in project.preview() if each["op"] not in ("same", "read")]
        assert (step["op"], step["newState"]["type"]) == ("update", "gcp:cloudrun/service:Service")
        project.up().expect()
        project.unchanged()
        changed = today.get("services/app")
        assert changed["template"]["containers"][0]["image"] == "img:2"
        assert changed["labels"] == {"team": "ml", "goog-pulumi-provisioned": "true"}

        project.destroy().expect()
        assert not [each for each in cloud.store if each.api == "run" and "/operations/" not in each.name]


def further(quiet: str) -> None:
    """What other programs have: a document store, who passes a proxy, what a model is not told, an application."""
    store = gcp.firestore.Database(
        "store", name="store", location_id="eur3", type="FIRESTORE_NATIVE", deletion_policy="DELETE"
    )
    fields = ("country", "age", "__name__")
    gcp.firestore.Index(
        "index",
        database=store.name,
        collection="customers",
        fields=[gcp.firestore.IndexFieldArgs(field_path=each, order="ASCENDING") for each in fields],
    )
    gcp.firestore.Field("field", database=store.name, collection="customers", field="gone", ttl_config={})
    gcp.iap.WebIamMember("passing", role="roles/iap.httpsResourceAccessor", member="user:ada@acme.test")
    gcp.modelarmor.Template(
        "prompts",
        location=PLACE,
        template_id="prompts",
        filter_config={"malicious_uri_filter_settings": {"filter_enforcement": quiet}},
    )
    application = gcp.appengine.Application("application", location_id="europe-west")
    gcp.appengine.FirewallRule(
        "inside",
        priority=1000,
        action="ALLOW",
        source_range="10.0.0.0/8",
        opts=pulumi.ResourceOptions(depends_on=[application]),
    )
    gcp.healthcare.Dataset("clinic", name="clinic", location=PLACE)


def test_types_that_constructs_do_not_use_go_up_and_down(tmp_path: Path) -> None:
    cloud = new_cloud(waits="poll")
    with project_on(cloud, tmp_path, lambda: further("ENABLED")) as project:
        project.up().expect()
        project.unchanged()
        armour = Asking(cloud, "modelarmor.europe-west4.rep.googleapis.com", f"/v1/projects/acme-dev/locations/{PLACE}")
        kept = armour.get("templates/prompts")["filterConfig"]["maliciousUriFilterSettings"]
        assert kept == {"filterEnforcement": "ENABLED"}

        project.program = lambda: further("DISABLED")
        project.up().expect()
        project.unchanged()
        assert armour.get("templates/prompts")["filterConfig"]["maliciousUriFilterSettings"] == {
            "filterEnforcement": "DISABLED"
        }

        project.destroy().expect()
        apis = {"firestore", "modelarmor", "healthcare", "appengine"}
        left = {each.name for each in cloud.store if each.api in apis and "/operations/" not in each.name}
        assert left == {
            "apps/acme-dev",
            "apps/acme-dev/firewall/ingressRules/2147483647",
        }, "an application stays, and its default rule"
