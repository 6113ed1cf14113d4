from groundplan_cli.graph.model import Graph, build_graph
from groundplan_policies.engine import Document
from tests.cli.documents import Builder, shop
from tests.cli.graph.small_platform import platform


def picture(builder: Builder) -> Graph:
    return build_graph(Document.read(builder.document()))


def test_components_and_loose_resources_are_cards() -> None:
    graph = picture(shop())

    assert [(card.name, card.zone.id, len(card.members)) for card in graph.cards] == [
        ("net", "network", 1),
        ("subnet", "network", 1),
        ("key", "keys", 1),
        ("store", "data", 1),
    ]


def test_flows_know_the_inputs_that_use_them() -> None:
    flows = {
        (flow.source.rpartition("::")[2], flow.target.rpartition("::")[2]): flow.paths for flow in picture(shop()).flows
    }

    assert flows == {("net", "subnet"): ("network",), ("key", "logs"): ("defaultKmsKeyName",)}


def test_an_order_without_a_value_is_a_flow_without_paths() -> None:
    build = Builder()
    first = build.add("gcp:projects/service:Service", "api")
    build.add("gcp:storage/bucket:Bucket", "b", dependencies=[first])

    [flow] = picture(build).flows
    assert flow.paths == ()


def test_flows_between_cards_are_counted_and_those_inside_are_not() -> None:
    build = Builder()
    key = build.add("gcp:kms/cryptoKey:CryptoKey", "key")
    store = build.add("shop:index:Store", "store")
    one = build.add("gcp:storage/bucket:Bucket", "one", parent=store, uses={"key": key})
    build.add("gcp:storage/bucket:Bucket", "two", parent=store, uses={"key": key, "other": one})

    assert picture(build).card_flows() == {("c0", "c1"): 2}


def test_nested_components_are_cards_with_the_names_around_them() -> None:
    build = Builder()
    platform = build.add("shop:index:Platform", "platform")
    store = build.add("shop:index:Store", "store", parent=platform)
    bucket = build.add("gcp:storage/bucket:Bucket", "b", parent=store)
    build.add("gcp:storage/bucketObject:BucketObject", "note", parent=bucket)

    [card] = picture(build).cards
    assert card.path == ("platform",)
    assert [member.name for member in card.members] == ["b", "note"]


def test_providers_are_left_out_and_what_is_below_them_is_not() -> None:
    build = Builder()
    provider = build.add("pulumi:providers:gcp", "explicit")
    build.add("pulumi:providers:gcp", "default_10_2_0")
    build.add("gcp:storage/bucket:Bucket", "b", parent=provider)

    assert [card.name for card in picture(build).cards] == ["b"]


def test_lanes_are_in_the_order_of_trust_and_none_is_empty() -> None:
    assert [(zone.id, len(cards)) for zone, cards in picture(shop()).lanes()] == [
        ("network", 2),
        ("data", 1),
        ("keys", 1),
    ]


def test_every_managed_resource_is_in_exactly_one_card() -> None:
    document = Document.read(shop().document())
    drawn = [member.urn for card in build_graph(document).cards for member in card.members]

    assert sorted(drawn) == sorted(resource.urn for resource in document if resource.custom)


def test_many_loose_resources_of_one_type_share_a_card() -> None:
    build = Builder()
    for number in range(4):
        build.add("gcp:projects/service:Service", f"api-{number}")
    for number in range(3):
        build.add("gcp:storage/bucket:Bucket", f"bucket-{number}")

    cards = picture(build).cards

    assert [(card.name, card.kind, len(card.members)) for card in cards] == [
        ("projects.Service", "in no component", 4),
        ("bucket-0", "storage.Bucket", 1),
        ("bucket-1", "storage.Bucket", 1),
        ("bucket-2", "storage.Bucket", 1),
    ]
    assert cards[0].zone.id == "apis"
    assert cards[0].owner is None


def test_an_order_is_no_flow_between_cards() -> None:
    build = Builder()
    first = build.add("gcp:projects/service:Service", "api")
    build.add("gcp:storage/bucket:Bucket", "b", dependencies=[first])

    assert picture(build).card_flows() == {}


def test_what_faces_the_internet_is_shown_there_even_inside_a_network() -> None:
    build = Builder()
    core = build.add("shop:index:Network", "core")
    build.add("gcp:compute/network:Network", "vpc", parent=core)
    build.add("gcp:compute/subnetwork:Subnetwork", "subnet", parent=core)
    build.add("gcp:compute/routerNat:RouterNat", "nat", parent=core)

    lanes = {
        zone.id: [(card.name, card.kind, len(card.members)) for card in cards] for zone, cards in picture(build).lanes()
    }
    assert lanes == {"internet": [("nat", "Cloud NAT", 1)], "network": [("core", "shop.Network", 2)]}


def test_rights_between_boxes_are_apart_from_flows() -> None:
    graph = picture(platform())
    ids = {card.name: card.id for card in graph.cards}

    assert graph.card_grants() == {
        (ids["trainer"], ids["datasets"]): ("may read",),
        (ids["jobs"], ids["trainer"]): ("runs as",),
    }
    assert graph.card_flows() == {(ids["main"], ids["datasets"]): 1}


def test_a_box_knows_the_keys_that_others_keep_for_it() -> None:
    graph = picture(platform())
    keys = {card.name: [key.name for key in graph.keys_of(card)] for card in graph.cards}

    assert keys["datasets"] == ["main-key-personal"]
    assert keys["main"] == []
    assert keys["trainer"] == []


def test_components_have_homes_as_resources_do() -> None:
    graph = picture(platform())
    [account] = [each for each in graph.document if each.name == "alice-account" and each.is_component]

    assert graph.homes[account.urn].name == "alice"
