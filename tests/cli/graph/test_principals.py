"""Who the members of grants are."""

import pytest

from groundplan_cli.graph.principals import Accounts
from groundplan_policies.engine import Document
from tests.cli.documents import Builder

POOL = "iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/builders"


@pytest.mark.parametrize(
    ("member", "name", "outside"),
    [
        ("user:a@acme.test", "a@acme.test", "Person"),
        ("group:ml@acme.test", "ml@acme.test", "Group"),
        ("domain:acme.test", "acme.test", "Everybody of a domain"),
        ("allUsers", "everybody on the internet", "Everybody on the internet"),
        (f"principalSet://{POOL}/attribute.run/acme/shop@main", "builds of acme/shop@main", "Programs elsewhere"),
        (f"principal://{POOL}/subject/acme/shop", "builds of acme/shop", "Program elsewhere"),
        (
            "serviceAccount:service-123456789012@gcp-sa-cloudbuild.iam.gserviceaccount.com",
            "Google's account for cloudbuild",
            "",
        ),
        (
            "serviceAccount:cmek-p123456789012@gcp-sa-logging.iam.gserviceaccount.com",
            "Google's account for logging",
            "",
        ),
        (
            "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com",
            "Google's account for storage",
            "",
        ),
        ("serviceAccount:123456789012@cloudservices.gserviceaccount.com", "Google's account for Google APIs", ""),
        ("serviceAccount:app-1@acme.iam.gserviceaccount.com", "app-1@acme.iam.gserviceaccount.com", ""),
        ("", "somebody who is not known yet", ""),
    ],
)
def test_members_have_names(member: str, name: str, outside: str) -> None:
    found = Accounts.of(Document.read(Builder().document())).find(member, ())

    assert (found.name, found.outside, found.urn) == (name, outside, "")


def test_an_account_of_the_plan_is_found_by_its_address_and_named_as_its_component() -> None:
    build = Builder()
    identity = build.add("groundplan:security:ServiceIdentity", "trainer")
    account = build.add(
        "gcp:serviceaccount/account:Account",
        "trainer-account",
        parent=identity,
        inputs={"accountId": "gp-trainer", "project": "acme"},
    )
    accounts = Accounts.of(Document.read(build.document()))

    found = accounts.find("serviceAccount:gp-trainer@acme.iam.gserviceaccount.com", ())
    assert (found.name, found.urn) == ("trainer", account)


def test_an_account_whose_address_is_unknown_is_found_by_where_it_comes_from() -> None:
    build = Builder()
    agent = build.add(
        "gcp:projects/serviceIdentity:ServiceIdentity", "agent", inputs={"service": "aiplatform.googleapis.com"}
    )

    found = Accounts.of(Document.read(build.document())).find("", (agent,))
    assert (found.name, found.urn) == ("Google's account for aiplatform", agent)
