"""The table of service agents: addresses, origins, and errors for what it does not have."""

from __future__ import annotations

import importlib

import pytest

from groundplan.core import tables
from groundplan.core.errors import ArgumentError, LookupFailure
from groundplan.core.service_agents import agent_for

SERVICES = tables.load("service_agents")["services"]
LOOKUPS = sorted({row["lookup"] for rows in SERVICES.values() for row in rows.values() if "lookup" in row})
# The APIs that the constructs use; each must have an agent, or be known to have none.
NEEDED = [
    "aiplatform",
    "artifactregistry",
    "bigquery",
    "binaryauthorization",
    "cloudbuild",
    "clouddeploy",
    "cloudfunctions",
    "cloudkms",
    "cloudscheduler",
    "composer",
    "compute",
    "container",
    "dataflow",
    "dataform",
    "dataplex",
    "dataproc",
    "developerconnect",
    "dlp",
    "eventarc",
    "gkehub",
    "logging",
    "monitoring",
    "networkconnectivity",
    "networksecurity",
    "networkservices",
    "notebooks",
    "pubsub",
    "run",
    "secretmanager",
    "securesourcemanager",
    "servicenetworking",
    "spanner",
    "sqladmin",
    "storage",
    "tpu",
    "vpcaccess",
    "workflows",
]


@pytest.mark.parametrize(
    ("service", "agent", "email"),
    [
        ("aiplatform", "main", "service-123@gcp-sa-aiplatform.iam.gserviceaccount.com"),
        ("aiplatform", "custom_code", "service-123@gcp-sa-aiplatform-cc.iam.gserviceaccount.com"),
        ("bigquery", "main", "bq-123@bigquery-encryption.iam.gserviceaccount.com"),
        ("compute", "main", "service-123@compute-system.iam.gserviceaccount.com"),
        ("container", "main", "service-123@container-engine-robot.iam.gserviceaccount.com"),
        ("cloudbuild", "legacy_builder", "123@cloudbuild.gserviceaccount.com"),
        ("run", "main", "service-123@serverless-robot-prod.iam.gserviceaccount.com"),
        ("securesourcemanager", "main", "service-123@gcp-sa-sourcemanager.iam.gserviceaccount.com"),
        ("storage", "main", "service-123@gs-project-accounts.iam.gserviceaccount.com"),
    ],
)
def test_addresses(service: str, agent: str, email: str) -> None:
    assert agent_for(f"{service}.googleapis.com", agent).email("123") == email


@pytest.mark.parametrize("service", NEEDED)
def test_every_api_that_the_constructs_use_has_an_agent(service: str) -> None:
    assert agent_for(f"{service}.googleapis.com").agent == "main"


def test_origins() -> None:
    assert agent_for("pubsub.googleapis.com").origin == "identity"
    assert agent_for("storage.googleapis.com").origin == "lookup"
    assert agent_for("compute.googleapis.com").origin == "first_use"


def test_one_agent_of_a_service_is_made_on_request() -> None:
    for service, rows in SERVICES.items():
        assert sum(row["origin"] == "identity" for row in rows.values()) <= 1, service


def test_addresses_are_told_apart() -> None:
    addresses = [row["address"] for rows in SERVICES.values() for row in rows.values() if "address" in row]
    assert len(set(addresses)) == len(addresses)


def test_who_encrypts() -> None:
    assert agent_for("notebooks.googleapis.com").uses_keys
    assert agent_for("logging.googleapis.com", "keys").uses_keys
    assert not agent_for("logging.googleapis.com").uses_keys
    assert not agent_for("monitoring.googleapis.com").uses_keys


def test_an_agent_made_on_request_says_which_role_it_must_be_given() -> None:
    assert agent_for("securesourcemanager.googleapis.com").role == "roles/securesourcemanager.serviceAgent"
    assert agent_for("secretmanager.googleapis.com").role is None


def test_an_address_with_an_identifier_is_not_guessed() -> None:
    with pytest.raises(ArgumentError, match="ask for it with gcp:logging/getProjectCmekSettings"):
        agent_for("logging.googleapis.com", "keys").email("123")


@pytest.mark.parametrize("given", ["acme-ml-dev", "", "12 3", "123\n"])
def test_a_project_id_is_no_number(given: str) -> None:
    with pytest.raises(ArgumentError, match="digits only"):
        agent_for("run.googleapis.com").email(given)


def test_an_unknown_service_names_the_nearest() -> None:
    with pytest.raises(LookupFailure, match=r"nearest: aiplatform\.googleapis\.com"):
        agent_for("aiplatfrom.googleapis.com")


def test_an_unknown_agent_names_the_nearest() -> None:
    with pytest.raises(LookupFailure, match="nearest: custom_code"):
        agent_for("aiplatform.googleapis.com", "custom-code")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_gcp")
@pytest.mark.parametrize("token", LOOKUPS)
def test_the_look_ups_exist(token: str) -> None:
    area, function = token.removeprefix("gcp:").split("/")
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in function.split(":")[1])
    assert callable(getattr(importlib.import_module(f"pulumi_gcp.{area}"), name))
