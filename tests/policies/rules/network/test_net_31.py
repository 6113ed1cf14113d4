"""NET-31: databases are private and speak TLS only."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_31 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, urn, verdict

AT = "settings.ipConfiguration"
GOOD = R(
    "sql.DatabaseInstance",
    {
        "settings": {
            "ipConfiguration": {
                "ipv4Enabled": False,
                "privateNetwork": "projects/acme-ml/global/networks/core",
                "sslMode": "ENCRYPTED_ONLY",
                "authorizedNetworks": [{"value": "203.0.113.0/24"}],
            }
        }
    },
)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def with_(path: str, value: object) -> R:
    return replace(GOOD, inputs=put(GOOD.inputs, f"{AT}.{path}", value))


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("ipv4Enabled", True, "true"),
        ("sslMode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED", "ALLOW_UNENCRYPTED_AND_ENCRYPTED"),
        ("sslMode", "encrypted_only", "encrypted_only"),
        ("authorizedNetworks[1].value", "0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_each_way_to_be_open_fails_at_its_place(path: str, value: object, shown: str) -> None:
    changed = (
        with_("authorizedNetworks", [{"value": "203.0.113.0/24"}, {"value": value}])
        if "[" in path
        else with_(path, value)
    )
    found = outcome(CONTROL, changed)
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{AT}.{path}", shown)]


@pytest.mark.parametrize("ranges", [["::/0"], ["128.0.0.0/1"], ["0.0.0.0/2", "64.0.0.0/2"]])
def test_ranges_may_not_be_the_internet(ranges: list[str]) -> None:
    assert verdict(CONTROL, with_("authorizedNetworks", [{"value": each} for each in ranges])) is Verdict.FAIL


def test_client_certificates_are_tls_too() -> None:
    assert verdict(CONTROL, with_("sslMode", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")) is Verdict.PASS


def test_private_service_connect_is_a_way_too() -> None:
    bare = with_("privateNetwork", ...)
    assert verdict(CONTROL, bare) is Verdict.FAIL
    connect = replace(bare, inputs=put(bare.inputs, f"{AT}.pscConfigs", [{"pscEnabled": True}]))
    assert verdict(CONTROL, connect) is Verdict.PASS
    off = replace(bare, inputs=put(bare.inputs, f"{AT}.pscConfigs", [{"pscEnabled": False}]))
    assert verdict(CONTROL, off) is Verdict.FAIL


@pytest.mark.parametrize("block", [..., {}, None])
def test_an_instance_that_says_nothing_is_public(block: object) -> None:
    found = outcome(CONTROL, replace(GOOD, inputs=put(GOOD.inputs, AT, block)))
    assert found.verdict is Verdict.FAIL
    assert {each.path.removeprefix(f"{AT}.") for each in found.reasons} >= {"ipv4Enabled", "sslMode"} or block == {}
    assert verdict(CONTROL, R("sql.DatabaseInstance", {})) is Verdict.FAIL


@pytest.mark.parametrize("type_", ["compute.Network", "servicenetworking.Connection"])
def test_a_network_of_this_document_may_be_unknown(type_: str) -> None:
    unknown = with_("privateNetwork", UNKNOWN)
    origins = {f"{AT}.privateNetwork": urn(type_, "core")}
    assert verdict(CONTROL, replace(unknown, origins=origins), R(type_, {}, "core")) is Verdict.PASS
    assert verdict(CONTROL, unknown) is Verdict.INDETERMINATE
