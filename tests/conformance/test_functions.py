"""Functions of the provider on the real engine: what they take, what they give, and what of it is secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_gcp as gcp
import pytest

from mockcloud.simulator import new_cloud
from tests.conformance.offline import needs_pulumi, project_on

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [needs_pulumi, pytest.mark.pulumi_cli]


def program() -> None:
    """Read what was made, what Google offers, a secret, and what the mock cloud does not have."""
    bucket = gcp.storage.Bucket("data", name="acme-data", location="EU")
    made = gcp.storage.BucketObject("note", bucket=bucket.name, name="note.txt", content="one")
    secret = gcp.secretmanager.Secret("s", secret_id="s", replication={"auto": {}})
    version = gcp.secretmanager.SecretVersion("v", secret=secret.id, secret_data="hush")
    content = gcp.storage.get_bucket_object_content_output(bucket=made.bucket, name=made.name)
    told = gcp.secretmanager.get_secret_version_output(secret=secret.secret_id, version=version.version)
    types = gcp.compute.get_machine_types(zone="europe-west4-a", filter="name=n1-standard-4")
    pulumi.export("content", content.content)
    pulumi.export("secret", told.secret_data)
    pulumi.export("memory", types.machine_types[0].memory_mb)
    servers = gcp.oracledatabase.get_db_servers(location="l", cloud_exadata_infrastructure="x")
    pulumi.export("servers", servers.db_servers)


def test_functions_answer_the_real_engine(tmp_path: Path) -> None:
    with project_on(new_cloud(waits="poll"), tmp_path, program) as project:
        project.up().expect()
        project.unchanged()
        outputs = next(each for each in project.state().values() if each["type"] == "pulumi:pulumi:Stack")["outputs"]

    assert (outputs["content"], outputs["memory"], outputs["servers"]) == ("one", 15360, [])
    assert "hush" not in str(outputs["secret"])
    assert "ciphertext" in outputs["secret"]
