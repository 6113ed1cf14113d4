import pytest

from groundplan_cli.graph.zones import OTHER, zone_of, zone_of_component, zones


@pytest.mark.parametrize(
    ("token", "zone"),
    [
        ("gcp:compute/routerNat:RouterNat", "internet"),
        ("gcp:projects/service:Service", "apis"),
        ("gcp:projects/iAMMember:IAMMember", "identity"),
        ("gcp:compute/network:Network", "network"),
        ("gcp:storage/bucketIAMMember:BucketIAMMember", "data"),
        ("gcp:vertex/aiFeatureGroup:AiFeatureGroup", "features"),
        ("gcp:vertex/aiEndpoint:AiEndpoint", "serving"),
        ("gcp:compute/instance:Instance", "compute"),
        ("gcp:kms/cryptoKey:CryptoKey", "keys"),
        ("groundplan:security:KeyRing", "keys"),
        ("groundplan:security:LogArchive", "logs"),
        ("groundplan:network:Network", "network"),
        ("groundplan:network:ServicePerimeter", "apis"),
        ("groundplan:workbench:Workbench", "notebooks"),
        ("groundplan:workbench:SourceConnection", "delivery"),
        ("gcp:orgpolicy/policy:Policy", "organisation"),
        ("aws:s3/bucket:Bucket", "other"),
    ],
)
def test_the_longest_listed_prefix_counts(token: str, zone: str) -> None:
    assert zone_of(token).id == zone


def test_no_name_is_listed_in_two_zones() -> None:
    names = [name for zone in zones() for name in zone.holds]

    assert len(names) == len(set(names))
    assert zones()[-1] is OTHER


def test_a_component_stands_where_its_resources_do_whatever_it_grants() -> None:
    account = "gcp:serviceaccount/account:Account"
    grants = ["gcp:projects/iAMMember:IAMMember"] * 5

    assert (
        zone_of_component("shop:index:Notebook", [account, *grants, "gcp:workbench/instance:Instance"]).id
        == "notebooks"
    )
    assert zone_of_component("shop:index:Robot", [account, *grants]).id == "identity"
    assert zone_of_component("groundplan:network:Network", grants).id == "network"
    assert zone_of_component("shop:index:Empty", []) is OTHER


def test_a_tie_goes_to_the_outer_zone() -> None:
    children = ["gcp:kms/cryptoKey:CryptoKey", "gcp:storage/bucket:Bucket"]

    assert zone_of_component("shop:index:Store", children).id == "data"


def test_every_lane_is_in_a_band() -> None:
    assert {zone.band for zone in zones()} == {"edge", "main", "aside"}
