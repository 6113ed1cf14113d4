"""What the tests of endpoints share: an environment, a network, keys, an account, and an endpoint on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

import groundplan as gp
from tests.constructs.plan import Plan, environment, plan

WORKLOAD = gp.Project(id="acme-ml-dev", number="123456789012")
TIERS = [gp.Tier.LEARNER, gp.Tier.TEAM, gp.Tier.REGULATED]
ENDPOINT = "gcp:vertex/aiEndpoint:AiEndpoint"
CHAMPION = gp.ModelDeployment(name="champion", model="income", version="3", traffic=100)


def network(*, managed: bool = True, project: gp.Project = WORKLOAD, region: str = "europe-west4") -> gp.NetworkRef:
    home = gp.Project(id=project.id, number=project.number, managed=managed)
    return gp.Network.from_existing(
        network=f"projects/{home.id}/global/networks/shared",
        subnetwork=f"projects/{home.id}/regions/{region}/subnetworks/ml",
        project=home,
    )


def keys(*, managed: bool = True, location: str = "europe-west4") -> gp.KeyRingRef:
    ring = f"projects/acme-keys/locations/{location}/keyRings/ml/cryptoKeys"
    project = gp.Project(id="acme-keys", number="300000000003", managed=managed)
    return gp.KeyRing.from_existing({c: f"{ring}/{c.value}" for c in gp.DataClass}, project=project)


def account(*, managed: bool = True) -> gp.AccountRef:
    project = WORKLOAD if managed else gp.Project(id="acme-shared", number="400000000004", managed=False)
    return gp.ServiceIdentity.from_existing(f"serving@{project.id}.iam.gserviceaccount.com", project=project)


def dataset(data_class: gp.DataClass = gp.DataClass.CONFIDENTIAL) -> gp.DatasetRef:
    return gp.Warehouse.from_existing("requests", project=WORKLOAD, location="europe-west4", data_class=data_class)


def arguments(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> gp.OnlineEndpointArgs:
    """Return the fewest arguments that a tier takes, and ``more``."""
    fewest: dict[str, Any] = {
        "env": environment(tier),
        "access": gp.PrivateConnect(network=network()),
        "account": account(),
        "owner": "group:ml@acme.test",
    }
    if tier.defaults.customer_managed_keys:
        fewest["keys"] = keys()
    if tier.defaults.endpoint_request_log:
        fewest["request_log"] = gp.RequestLog(dataset=dataset())
    return gp.OnlineEndpointArgs(**{**fewest, **more})


def planned(
    tier: gp.Tier = gp.Tier.TEAM,
    then: Callable[[gp.OnlineEndpoint], object] | None = None,
    name: str = "scores",
    **more: Any,
) -> Plan:
    def program() -> None:
        made = gp.OnlineEndpoint(name, arguments(tier, **more))
        if then is not None:
            then(made)
        pulumi.export("contract", made.contract.exported())
        pulumi.export("host", made.host)
        pulumi.export("requests", gp.requests())

    return plan(program)
