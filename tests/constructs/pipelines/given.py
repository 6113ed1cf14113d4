"""What the tests of pipelines are given: things that are there, and a small environment to change."""

from __future__ import annotations

from typing import Any

import pytest

import groundplan as gp
from groundplan.core.references import (
    ExistingImageRepository,
    ExistingNetwork,
    ExistingNetworkAttachment,
    RepositoryFormat,
)
from tests.constructs.plan import Plan, environment, plan

KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/data"
OURS = gp.Project(id="acme-ml-dev", number="123456789012")
SHARED = gp.Project(id="acme-shared", number="210987654321")
DIGEST = f"churn/sha256:{'0a' * 32}"
SPEC = {
    "pipelineInfo": {"name": "churn"},
    "root": {
        "dag": {"tasks": {}},
        "inputDefinitions": {
            "parameters": {
                "table": {"parameterType": "STRING"},
                "rows": {"parameterType": "NUMBER_INTEGER", "defaultValue": 1000},
                "share": {"parameterType": "NUMBER_DOUBLE", "isOptional": True},
                "full": {"parameterType": "BOOLEAN", "defaultValue": False},
                "groups": {"parameterType": "LIST", "isOptional": True},
                "limits": {"parameterType": "STRUCT", "isOptional": True},
            }
        },
    },
    "schemaVersion": "2.1.0",
    "sdkVersion": "kfp-2.17.0",
}


def central_keys(key: str = KEY, *, managed: bool = True) -> gp.KeyRingRef:
    project = gp.Project(id="acme-keys", managed=managed)
    return gp.KeyRing.from_existing(dict.fromkeys(gp.DataClass, key), project=project)


def bucket(data_class: gp.DataClass = gp.DataClass.CONFIDENTIAL) -> gp.BucketRef:
    return gp.DataBucket.from_existing("acme-root", project=OURS, location="europe-west4", data_class=data_class)


def account(*, managed: bool = True) -> gp.AccountRef:
    project = gp.Project(id="acme-accounts", managed=managed)
    return gp.ServiceIdentity.from_existing("pipelines@acme-accounts.iam.gserviceaccount.com", project=project)


def repository(kind: RepositoryFormat = RepositoryFormat.KFP) -> gp.ImageRepositoryRef:
    return ExistingImageRepository(
        label="shared-templates", project=SHARED, repository_id="templates", location="europe-west4", format=kind
    )


def network() -> gp.NetworkRef:
    return ExistingNetwork(
        label="shared",
        project=SHARED,
        region="europe-west4",
        network_id="projects/acme-shared/global/networks/core",
        subnetwork_id="projects/acme-shared/regions/europe-west4/subnetworks/ml",
        subnetwork_name="ml",
    )


def attachment(region: str = "europe-west4") -> gp.NetworkAttachmentRef:
    full = f"projects/acme-shared/regions/{region}/networkAttachments/ml"
    return ExistingNetworkAttachment(label="ml", project=SHARED, attachment_id=full, region=region)


def schedule(**more: Any) -> gp.PipelineSchedule:
    given: dict[str, Any] = {"name": "weekly", "cron": "0 4 * * MON", "spec": SPEC, "parameters": {"table": "people"}}
    return gp.PipelineSchedule(**{**given, **more})


def template(**more: Any) -> gp.PipelineSchedule:
    return schedule(**{"spec": None, "template": DIGEST, "parameters": {}, **more})


def pipelines(tier: gp.Tier = gp.Tier.TEAM, name: str = "churn", **more: Any) -> gp.PipelineEnvironment:
    given: dict[str, Any] = {
        "env": environment(tier),
        "data_class": gp.DataClass.CONFIDENTIAL,
        "owner": "group:ml-data@acme.test",
        "keys": central_keys() if tier.defaults.customer_managed_keys else None,
    }
    return gp.PipelineEnvironment(name, gp.PipelineEnvironmentArgs(**{**given, **more}))


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: pipelines(tier, **more))


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)
