"""NET-26: buckets of a restricted class filter the networks that they are read from."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_26 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, put, stated_verdicts, urn, verdict

ASKED = replace(
    PARAMETERS,
    bucket_network_filter=True,
    restricted_classes=("restricted", "personal"),
    classifications=("internal", "restricted", "personal"),
)
SOURCE = {"network": "projects/acme-ml/global/networks/core", "allowedIpCidrRanges": ["0.0.0.0/0"]}
FILTER = {
    "mode": "Enabled",
    "allowAllServiceAgentAccess": True,
    "allowCrossOrgVpcs": False,
    "vpcNetworkSources": [SOURCE],
    "publicNetworkSource": {"allowedIpCidrRanges": ["203.0.113.0/24"]},
}


def bucket(class_: object = "personal", filter_: object = FILTER) -> R:
    return R("storage.Bucket", {"labels": {"classification": class_}, "ipFilter": filter_})


test_stated_verdicts = stated_verdicts(CONTROL, [bucket()], parameters=ASKED)


def with_(path: str, value: object) -> R:
    return replace(bucket(), inputs=put(bucket().inputs, path, value))


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("ipFilter.mode", "Disabled", "Disabled"),
        ("ipFilter.mode", "enabled", "enabled"),
        ("ipFilter.allowCrossOrgVpcs", True, "true"),
        ("ipFilter.vpcNetworkSources.network", ..., ""),
        ("ipFilter.vpcNetworkSources", [], ""),
        ("ipFilter.vpcNetworkSources", ..., ""),
    ],
)
def test_a_filter_that_lets_in_others_fails(path: str, value: object, shown: str) -> None:
    found = outcome(CONTROL, with_(path, value), parameters=ASKED)
    assert (found.verdict, found.reasons[0].shown) == (Verdict.FAIL, shown)
    assert found.reasons[0].path.replace("[0]", "").startswith(path)


@pytest.mark.parametrize("ranges", [["203.0.113.0/24", "0.0.0.0/0"], ["::/0"], ["0.0.0.0/2", "64.0.0.0/2"]])
def test_public_ranges_may_not_be_the_internet(ranges: list[str]) -> None:
    place = "ipFilter.publicNetworkSource.allowedIpCidrRanges"
    assert verdict(CONTROL, with_(place, ranges), parameters=ASKED) is Verdict.FAIL


def test_every_network_must_be_named() -> None:
    sources = [SOURCE, {"allowedIpCidrRanges": ["10.0.0.0/8"]}]
    found = outcome(CONTROL, with_("ipFilter.vpcNetworkSources", sources), parameters=ASKED)
    assert [each.path for each in found.reasons] == ["ipFilter.vpcNetworkSources[1].network"]


@pytest.mark.parametrize(
    ("class_", "expected"),
    [
        ("personal", Verdict.FAIL),
        ("restricted", Verdict.FAIL),
        ("internal", Verdict.NOT_APPLICABLE),
        (None, Verdict.FAIL),
        (UNKNOWN, Verdict.FAIL),
        ("persnal", Verdict.FAIL),
    ],
)
def test_the_class_decides(class_: object, expected: Verdict) -> None:
    assert verdict(CONTROL, bucket(class_, None), parameters=ASKED) is expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (replace(ASKED, bucket_network_filter=False), Verdict.NOT_APPLICABLE),
        (replace(ASKED, bucket_network_filter=None), Verdict.INDETERMINATE),
        (replace(ASKED, restricted_classes=None), Verdict.INDETERMINATE),
        (Parameters(), Verdict.INDETERMINATE),
        (Parameters(bucket_network_filter=False), Verdict.NOT_APPLICABLE),
    ],
)
def test_the_settings_decide(parameters: Parameters, expected: Verdict) -> None:
    assert verdict(CONTROL, bucket(), parameters=parameters) is expected


def test_a_network_of_this_document_may_be_unknown() -> None:
    unknown = with_("ipFilter.vpcNetworkSources.network", UNKNOWN)
    origins = {"ipFilter.vpcNetworkSources[0].network": urn("compute.Network", "core")}
    network = R("compute.Network", {}, "core")
    assert verdict(CONTROL, replace(unknown, origins=origins), network, parameters=ASKED) is Verdict.PASS
