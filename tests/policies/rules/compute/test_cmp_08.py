from __future__ import annotations

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_08 import CONTROL
from tests.policies.rules.harness import R, put, stated_verdicts, verdict

CLUSTER = R(
    "container.Cluster",
    {
        "enableLegacyAbac": False,
        "masterAuth": {"clientCertificateConfig": {"issueClientCertificate": False}},
        "enableKubernetesAlpha": False,
        "anonymousAuthenticationConfig": {"mode": "LIMITED"},
        "rbacBindingConfig": {
            "enableInsecureBindingSystemAuthenticated": False,
            "enableInsecureBindingSystemUnauthenticated": False,
        },
    },
)
test_stated = stated_verdicts(CONTROL, [CLUSTER])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("enableLegacyAbac", True),
        ("masterAuth.clientCertificateConfig.issueClientCertificate", True),
        ("enableKubernetesAlpha", True),
        ("anonymousAuthenticationConfig.mode", "ENABLED"),
        ("rbacBindingConfig.enableInsecureBindingSystemAuthenticated", True),
        ("rbacBindingConfig.enableInsecureBindingSystemUnauthenticated", True),
    ],
)
def test_each_way_in_is_closed(path: str, value: object) -> None:
    assert verdict(CONTROL, R(CLUSTER.type, put(CLUSTER.inputs, path, value))) is Verdict.FAIL
