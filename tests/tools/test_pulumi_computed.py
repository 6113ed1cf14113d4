"""Which properties the provider fills is what its packages, and the definitions behind them, say."""

from pathlib import Path

import pytest

from mockcloud.pulumi.properties import Property, properties_of
from tools.pulumi_computed import NODE, always_there, inside, read

TYPES = """\
import * as outputs from "../types/output";
export declare namespace compute {
    interface InstanceBootDisk {
        /**
         * Whether: a note.
         */
        autoDelete?: boolean;
        deviceName: string;
        labels: {
            [key: string]: string;
        };
    }
    interface Empty {
    }
}
export declare namespace sql {
    interface InstanceBootDisk {
        size: number;
    }
}
"""


def test_members_without_a_question_mark_are_there_in_any_case() -> None:
    assert read(TYPES) == {
        ("compute", "InstanceBootDisk"): {"deviceName", "labels"},
        ("compute", "Empty"): frozenset(),
        ("sql", "InstanceBootDisk"): {"size"},
    }


def test_what_has_to_be_given_is_not_filled(tmp_path: Path) -> None:
    (tmp_path / "types").mkdir()
    (tmp_path / "types/output.d.ts").write_text(TYPES, encoding="utf-8")
    given = TYPES.replace("deviceName:", "deviceName?:").replace("export declare namespace sql", "// ")
    (tmp_path / "types/input.d.ts").write_text(given, encoding="utf-8")

    found = inside(tmp_path)

    assert found["compute", "InstanceBootDisk"] == {"deviceName"}
    assert found["sql", "InstanceBootDisk"] == {"size"}


def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"tools/pulumi-node"):
        inside(tmp_path)


@pytest.mark.skipif(not NODE.is_dir(), reason="the packages of Node are not installed: run tools/pulumi-node")
def test_the_installed_package_tells() -> None:
    found = inside()

    assert found["compute", "InstanceBootDisk"] >= {"deviceName", "initializeParams"}
    assert "autoDelete" not in found["compute", "InstanceBootDisk"]


def test_getters_of_a_resource_tell() -> None:
    from pulumi_gcp.storage import Bucket, BucketArgs

    found = always_there(Bucket, BucketArgs)

    assert {"project", "rpo", "versioning", "uniformBucketLevelAccess"} <= found
    assert not {"requesterPays", "storageClass", "cors", "labels"} & found


@pytest.mark.parametrize(
    ("token", "path", "filled"),
    [
        # hashicorp/terraform-provider-google google/services/storage/resource_storage_bucket.go
        ("storage/bucket:Bucket", "versioning", True),
        ("storage/bucket:Bucket", "website", True),
        ("storage/bucket:Bucket", "website.mainPageSuffix", False),
        ("storage/bucket:Bucket", "autoclass.terminalStorageClass", True),
        ("storage/bucket:Bucket", "lifecycleRules.condition.withState", True),
        ("storage/bucket:Bucket", "lifecycleRules.action.storageClass", False),
        ("storage/bucket:Bucket", "requesterPays", False),
        ("storage/bucket:Bucket", "storageClass", False),
        # GoogleCloudPlatform/magic-modules mmv1/products/redis/Instance.yaml
        ("redis/instance:Instance", "alternativeLocationId", True),
        ("redis/instance:Instance", "authorizedNetwork", True),
        ("redis/instance:Instance", "persistenceConfig", True),
        ("redis/instance:Instance", "persistenceConfig.rdbSnapshotStartTime", True),
        ("redis/instance:Instance", "persistenceConfig.rdbSnapshotPeriod", False),
        ("redis/instance:Instance", "connectMode", False),
        ("redis/instance:Instance", "displayName", False),
        # GoogleCloudPlatform/magic-modules mmv1/products/cloudrunv2/Service.yaml
        ("cloudrunv2/service:Service", "template.timeout", True),
        ("cloudrunv2/service:Service", "template.vpcAccess", False),
        ("cloudrunv2/service:Service", "template.vpcAccess.egress", True),
        ("cloudrunv2/service:Service", "template.vpcAccess.networkInterfaces.subnetwork", True),
        ("cloudrunv2/service:Service", "template.containers.resources.limits", True),
        ("cloudrunv2/service:Service", "template.containers.resources.cpuIdle", False),
        # hashicorp/terraform-provider-google-beta google-beta/services/container/node_config.go, tpgresource/utils.go
        ("container/nodePool:NodePool", "nodeConfig.guestAccelerators", True),
        ("container/nodePool:NodePool", "nodeConfig.diskType", True),
        ("container/nodePool:NodePool", "deletionPolicy", False),
        # What names are made up for, and what has a default, is always set.
        ("storage/bucket:Bucket", "name", False),
        ("dns/managedZone:ManagedZone", "description", False),
    ],
)
def test_the_tables_have_what_the_definitions_say(token: str, path: str, *, filled: bool) -> None:
    first, *below = path.split(".")
    found: Property = (properties_of(f"gcp:{token}") or {})[first]
    for name in below:
        found = found.fields[name]

    assert found.computed is filled
