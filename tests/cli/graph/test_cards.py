"""Which boxes there are, and what is in each."""

from groundplan_cli.graph.cards import Card
from groundplan_cli.graph.model import build_graph
from groundplan_policies.engine import Document
from groundplan_policies.engine.values import Value
from tests.cli.documents import Builder

SECRET_GRANT: dict[str, Value] = {
    "member": "serviceAccount:service-123456789012@gcp-sa-cloudbuild.iam.gserviceaccount.com",
    "role": "roles/secretmanager.secretAccessor",
    "secretId": "token",
}


def cards(builder: Builder) -> list[Card]:
    return list(build_graph(Document.read(builder.document())).cards)


def test_a_construct_holds_the_components_that_it_makes() -> None:
    build = Builder()
    delivery = build.add("groundplan:cicd:MlDelivery", "delivery")
    account = build.add("groundplan:security:ServiceIdentity", "delivery-test", parent=delivery)
    build.add("gcp:serviceaccount/account:Account", "delivery-test-account", parent=account)
    trigger = build.add("groundplan:cicd:BuildTrigger", "delivery-test", parent=delivery)
    build.add("gcp:cloudbuild/trigger:Trigger", "delivery-test-trigger", parent=trigger)

    [card] = cards(build)
    assert (card.name, card.kind, len(card.members), card.zone.id) == ("delivery", "Delivery", 2, "delivery")
    assert [part.component.name for part in card.parts] == ["delivery-test", "delivery-test"]
    assert [member.name for part in card.parts for member in part.members] == [
        "delivery-test-account",
        "delivery-test-trigger",
    ]


def test_constructs_in_a_component_of_the_programs_own_have_boxes() -> None:
    build = Builder()
    shop = build.add("shop:index:Platform", "shop")
    for name in ("one", "two"):
        bucket = build.add("groundplan:data:DataBucket", name, parent=shop)
        build.add("gcp:storage/bucket:Bucket", f"{name}-bucket", parent=bucket)

    assert [(card.name, card.path, len(card.members)) for card in cards(build)] == [
        ("one", ("shop",), 1),
        ("two", ("shop",), 1),
    ]


def test_a_construct_without_resources_has_a_box_and_an_unknown_component_has_none() -> None:
    build = Builder()
    build.add("groundplan:training:TrainingPool", "jobs")
    build.add("shop:index:Empty", "empty")

    [card] = cards(build)
    assert (card.name, card.kind, card.members, card.zone.id) == ("jobs", "Training jobs", (), "training")
    assert not card.stands_alone


def test_how_google_is_reached_stands_with_googles_apis() -> None:
    build = Builder()
    network = build.add("groundplan:network:Network", "core")
    build.add("gcp:compute/network:Network", "core-vpc", parent=network)
    inner = build.add("groundplan:network:PrivateServiceConnect", "core-google-apis", parent=network)
    build.add("gcp:compute/globalAddress:GlobalAddress", "core-google-apis-address", parent=inner)

    assert [(card.name, card.zone.id) for card in cards(build)] == [("core", "network"), ("core-google-apis", "apis")]


def test_a_loose_grant_is_shown_with_what_it_is_on() -> None:
    build = Builder()
    store = build.add("shop:index:Store", "store")
    bucket = build.add("gcp:storage/bucket:Bucket", "b", parent=store)
    build.add(
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        "read",
        inputs={"member": "group:ml@acme.test", "role": "roles/storage.objectViewer"},
        uses={"bucket": bucket},
    )

    [card] = cards(build)
    assert [member.name for member in card.members] == ["b", "read"]


def test_a_loose_grant_on_a_project_is_shown_with_the_projects() -> None:
    build = Builder()
    projects = build.add("groundplan:foundation:ProjectFoundation", "projects")
    build.add("gcp:projects/service:Service", "api", parent=projects)
    build.add(
        "gcp:projects/iAMMember:IAMMember",
        "approve",
        inputs={"member": "group:ml@acme.test", "role": "roles/viewer", "project": "p"},
    )

    [card] = cards(build)
    assert [member.name for member in card.members] == ["api", "approve"]


def test_a_loose_grant_on_what_was_there_before_is_shown_with_who_needs_it() -> None:
    build = Builder()
    grant = build.add("gcp:secretmanager/secretIamMember:SecretIamMember", "token-read", inputs=SECRET_GRANT)
    code = build.add("groundplan:workbench:SourceConnection", "code")
    build.add("gcp:cloudbuildv2/connection:Connection", "code-connection", parent=code, dependencies=[grant])

    [card] = cards(build)
    assert [member.name for member in card.members] == ["code-connection", "token-read"]


def test_a_loose_grant_that_belongs_to_nothing_keeps_a_box() -> None:
    build = Builder()
    build.add("gcp:secretmanager/secretIamMember:SecretIamMember", "token-read", inputs=SECRET_GRANT)

    assert [card.name for card in cards(build)] == ["token-read"]


def test_every_resource_is_in_one_box_wherever_it_was_put() -> None:
    build = Builder()
    network = build.add("groundplan:network:Network", "core")
    build.add("gcp:compute/routerNat:RouterNat", "core-nat", parent=network)
    inner = build.add("groundplan:network:PrivateServiceConnect", "core-google-apis", parent=network)
    build.add("gcp:compute/globalAddress:GlobalAddress", "address", parent=inner)
    build.add("gcp:secretmanager/secretIamMember:SecretIamMember", "token-read", inputs=SECRET_GRANT)
    document = Document.read(build.document())

    drawn = [member.urn for card in build_graph(document).cards for member in card.members]
    assert sorted(drawn) == sorted(resource.urn for resource in document if resource.custom)
