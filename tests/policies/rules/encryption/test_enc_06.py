"""ENC-06: data processing uses customer-managed keys."""

from typing import Any

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.encryption.enc_06 import CONTROL
from groundplan_policies.rules.encryption.uses import PROCESSING
from tests.policies.rules.encryption.samples import FOREIGN, NAME, keyed
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

test_stated_verdicts = stated_verdicts(CONTROL, keyed(PROCESSING))


@pytest.mark.parametrize(("type_", "path"), PROCESSING.items())
def test_every_type_is_held_to_its_key(type_: str, path: str) -> None:
    found = outcome(CONTROL, R(type_, put({}, path, FOREIGN)))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, path)


def test_a_cluster_on_kubernetes_has_no_disks() -> None:
    virtual: dict[str, Any] = {"virtualClusterConfig": {"kubernetesClusterConfig": {}}}
    assert verdict(CONTROL, R("dataproc.Cluster", virtual)) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R("dataproc.Cluster", {**virtual, "clusterConfig": {}})) is Verdict.NOT_APPLICABLE
    assert (
        verdict(CONTROL, R("dataproc.Cluster", {**virtual, "clusterConfig": {"gceClusterConfig": {}}})) is Verdict.FAIL
    )
    others: list[Any] = [{}, None, "yes"]
    for other in others:
        assert verdict(CONTROL, R("dataproc.Cluster", {"virtualClusterConfig": other})) is Verdict.FAIL
    machines = {"encryptionConfig": {"kmsKeyName": NAME}}
    assert verdict(CONTROL, R("dataproc.Cluster", {**virtual, "clusterConfig": machines})) is Verdict.PASS
    assert verdict(CONTROL, R("dataproc.Batch", virtual)) is Verdict.FAIL
