"""What the page says of a whole plan: its summary, its borders, who stands outside, and the walk."""

from typing import Any

import pytest

from groundplan_cli.graph.borders import borders
from groundplan_cli.graph.environment import environment_of
from groundplan_cli.graph.model import build_graph
from groundplan_cli.graph.outside import outsiders
from groundplan_cli.graph.reader import Reader
from groundplan_cli.graph.story import story
from groundplan_cli.graph.summary import summary
from groundplan_policies.engine import Document
from tests.cli.documents import Builder, shop
from tests.cli.graph.small_platform import TRAINER, platform


def reader(build: Builder) -> Reader:
    document = Document.read(build.document())
    return Reader(build_graph(document), environment_of(document))


def told(build: Builder) -> dict[str, str]:
    return {step.title: step.text for step in story(reader(build))}


def drawn(build: Builder) -> dict[str, str]:
    return {border.id: border.text for border in borders(reader(build))}


def test_the_summary_says_what_a_platform_is_for_and_what_guards_it() -> None:
    assert summary(reader(platform())) == (
        "A platform for machine learning in 2 projects: people and programs keep data, explore in notebooks and train"
        " models. It stands on a private network and encrypts data with the customer's keys."
    )


def test_the_summary_of_another_program_says_what_there_is() -> None:
    assert summary(reader(shop())) == "4 resources, drawn as 4 boxes: Network, Data and Keys and secrets."


def test_the_walk_holds_what_the_plan_holds_and_no_more() -> None:
    assert list(told(platform())) == [
        "A person opens a notebook",
        "It reads data over private addresses",
        "A model is trained",
        "And it stays that way",
    ]
    assert story(reader(shop())) == []


def test_a_notebook_is_said_to_be_private_only_where_it_is() -> None:
    assert told(platform())["A person opens a notebook"] == (
        "It opens in the browser for `alice@acme.test`, through Google's notebook proxy. The machine has no public"
        " address. Code in it acts as the account `alice-account`, not as the person."
    )
    public = platform()
    for record in public.resources:
        if record["type"] == "gcp:workbench/instance:Instance":
            record["inputs"] = {"gceSetup": {"disablePublicIp": False}}
    assert "no public address" not in told(public)["A person opens a notebook"]


def test_training_says_as_whom_and_from_what() -> None:
    assert told(platform())["A model is trained"] == (
        "Jobs run as the account `trainer`, not as a person. They read `datasets`."
    )


def test_reading_names_addresses_classes_and_keys() -> None:
    assert told(platform())["It reads data over private addresses"] == (
        "Calls leave through the network `core` and reach Google's services inside it, at 10.255.255.254. The data are"
        " in `datasets`, of the class personal. The keys are the customer's: `main-key-personal`."
    )


def test_an_endpoint_says_whether_it_is_private_and_where_requests_go() -> None:
    build = platform()
    log = build.add("groundplan:data:Warehouse", "requests", outputs={"datasetId": "gp_requests"})
    build.add("gcp:bigquery/dataset:Dataset", "requests-dataset", parent=log)
    end = build.add(
        "groundplan:serving:OnlineEndpoint",
        "income",
        outputs={
            "deployContract": {
                "access": "private-service-connect",
                "account": TRAINER,
                "requestLog": {"table": "bq://acme-ml.gp_requests.requests_income"},
            }
        },
    )
    build.add("gcp:vertex/aiEndpoint:AiEndpoint", "income-endpoint", parent=end)

    assert told(build)["The model answers"] == (
        "Programs ask `income` for predictions, at a private address. The model runs as `trainer`."
        " Requests and answers are written to `requests`."
    )


def test_delivery_says_who_approves_and_what_is_signed() -> None:
    build = platform()
    build.add("groundplan:workbench:SourceConnection", "code", outputs={"urls": {"a": "https://git.acme.test/a.git"}})
    build.add("groundplan:cicd:MlDelivery", "delivery", outputs={"approvers": ["group:approvers@acme.test"]})
    build.add("groundplan:cicd:ImageAttestor", "built")

    assert told(build)["A change of code is delivered"] == (
        "A change in `code` starts the builds of `delivery`. Only images that `built` has signed may start."
        " A deployment waits for `approvers@acme.test`."
    )
    assert [(each.kind, each.name) for each in outsiders(reader(build))] == [
        ("Person", "alice@acme.test"),
        ("Host of code", "git.acme.test"),
        ("Names on the internet", "github.com"),
    ]


def test_features_say_where_they_come_from_and_how_fresh_they_are() -> None:
    build = platform()
    build.add("groundplan:features:FeatureGroup", "people", outputs={"source": "bq://acme.census.income"})
    build.add("groundplan:features:FeatureView", "fresh", outputs={"sync": "0 4 * * *"})
    build.add("groundplan:features:OnlineStore", "main")

    assert told(build)["Columns become features"] == (
        "Models learn from columns of `acme.census.income`, named in `people`."
        " `fresh` keeps them fresh in the store `main`, every day at 04:00."
    )


def test_an_archive_says_how_long_it_keeps_and_who_reads() -> None:
    build = platform()
    archive = build.add("groundplan:security:LogArchive", "archive")
    build.add(
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        "archive-bucket",
        parent=archive,
        inputs={"retentionDays": 400, "locked": True},
    )
    view = build.add("gcp:logging/logView:LogView", "archive-view", parent=archive)
    build.add(
        "gcp:logging/logViewIamMember:LogViewIamMember",
        "archive-read",
        parent=archive,
        inputs={"member": "group:auditors@acme.test", "role": "roles/logging.viewAccessor"},
        uses={"name": view},
    )

    assert told(build)["Somebody can see what happened"] == (
        "Logs are kept in `archive` for 400 days, locked so that nobody can shorten that."
        " `auditors@acme.test` may read them."
    )


def test_the_border_to_the_internet_names_each_way() -> None:
    assert drawn(platform())["internet"] == (
        "Out: through address translation (Cloud NAT), to `github.com` only. In: no public load balancer."
    )
    opened = platform()
    opened.add(
        "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        "front",
        inputs={"loadBalancingScheme": "EXTERNAL_MANAGED"},
    )
    assert "In: 1 public load balancer (`front`)." in drawn(opened)["internet"]


def test_a_network_without_a_way_out_says_so() -> None:
    build = Builder()
    network = build.add("groundplan:network:Network", "core", outputs={"range": "10.0.0.0/20"})
    build.add("gcp:compute/network:Network", "core-vpc", parent=network)

    assert drawn(build) == {"internet": "Out: no way. In: no public load balancer.", "network": "`core`, 10.0.0.0/20."}


@pytest.mark.parametrize(("enforced", "words"), [(True, "what crosses it is blocked"), (False, "blocks nothing yet")])
def test_a_perimeter_says_whether_it_blocks(enforced: bool, words: str) -> None:
    build = platform()
    build.add("groundplan:network:ServicePerimeter", "wall", outputs={"enforced": enforced, "projects": ["acme-ml"]})

    assert "`wall` is drawn around 1 of 2 projects." in drawn(build)["perimeter"]
    assert words in drawn(build)["perimeter"]
    assert [each.dry_run for each in borders(reader(build)) if each.id == "perimeter"] == [not enforced]
    assert not any(each.dry_run for each in borders(reader(build)) if each.id != "perimeter")


RULE = [{"title": "deploy"}]
LEVEL = ["accessPolicies/1/accessLevels/company"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, "is blocked."),
        ({"accessLevels": LEVEL}, "is blocked, but for callers who meet the access level `company`."),
        (
            {"accessLevels": [*LEVEL, "accessPolicies/1/accessLevels/runners"]},
            "is blocked, but for callers who meet the access levels `company` and `runners`.",
        ),
        ({"egressPolicies": RULE}, "is blocked, but for what its rules name."),
        (
            {"accessLevels": LEVEL, "ingressPolicies": RULE},
            "is blocked, but for callers who meet the access level `company` and what its rules name.",
        ),
    ],
)
def test_a_perimeter_says_what_it_lets_through(content: dict[str, Any], words: str) -> None:
    build = platform()
    wall = build.add("groundplan:network:ServicePerimeter", "wall", outputs={"enforced": True, "projects": ["acme-ml"]})
    perimeter = "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter"
    build.add(perimeter, "wall-perimeter", inputs={"status": content}, parent=wall)

    assert drawn(build)["perimeter"].endswith(words)


def test_people_outside_are_told_with_all_that_they_may_do() -> None:
    alice = outsiders(reader(platform()))[0]

    assert (alice.name, alice.about) == ("alice@acme.test", "May start programs that run as alice-account")
    assert [grant.verb for grant in alice.grants] == ["act as"]


def test_another_program_has_no_borders_but_its_projects() -> None:
    build = Builder()
    build.add("gcp:storage/bucket:Bucket", "b", inputs={"project": "acme"})

    assert list(drawn(build)) == ["projects"]
    assert drawn(shop()) == {}
