"""MON-11: load balancers log their requests."""

from typing import Any

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_11 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

GLOBAL, REGIONAL = "compute.BackendService", "compute.RegionBackendService"
LOG = {"enable": True, "sampleRate": 1.0}
GOOD = R(GLOBAL, {"protocol": "HTTPS", "logConfig": LOG})
HERE = R(REGIONAL, {"protocol": "HTTP", "loadBalancingScheme": "EXTERNAL_MANAGED", "logConfig": LOG})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD, HERE])


@pytest.mark.parametrize("protocol", ["HTTP", "HTTPS", "HTTP2", "H2C", "GRPC", "grpc", "QUIC"])
@pytest.mark.parametrize(
    ("log", "path"),
    [({"enable": False}, "logConfig.enable"), ({"enable": True, "sampleRate": 0.99}, "logConfig.sampleRate")],
)
def test_what_sees_requests_logs_all_of_them(protocol: str, log: dict[str, Any], path: str) -> None:
    for type_, scheme in ((GLOBAL, "EXTERNAL"), (REGIONAL, "INTERNAL_MANAGED"), (REGIONAL, "internal_self_managed")):
        found = outcome(CONTROL, R(type_, {"protocol": protocol, "loadBalancingScheme": scheme, "logConfig": log}))
        assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])


@pytest.mark.parametrize("protocol", ["TCP", "SSL", "UDP", "UNSPECIFIED", "tcp"])
def test_what_sees_none_has_nothing_to_log(protocol: str) -> None:
    assert verdict(CONTROL, R(GLOBAL, {"protocol": protocol})) is Verdict.NOT_APPLICABLE
    managed = {"protocol": protocol, "loadBalancingScheme": "EXTERNAL_MANAGED"}
    assert verdict(CONTROL, R(REGIONAL, managed)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("scheme", [None, "INTERNAL", "EXTERNAL", "internal"])
def test_regional_backends_that_pass_packets_on_see_no_requests(scheme: str | None) -> None:
    assert verdict(CONTROL, R(REGIONAL, {"loadBalancingScheme": scheme})) is Verdict.NOT_APPLICABLE


def test_a_backend_that_says_nothing_has_http_and_no_log() -> None:
    found = outcome(CONTROL, R(GLOBAL, {}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["logConfig.enable"])
    assert verdict(CONTROL, R(GLOBAL, {"logConfig": {"enable": True}})) is Verdict.PASS
