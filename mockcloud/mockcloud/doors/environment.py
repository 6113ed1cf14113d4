"""The environment in which an unchanged program meets the mock cloud: one row a variable, with who reads it.

Sources: the clients themselves, as a recording proxy saw them; google.auth.environment_vars; the emulator variables of
the storage, BigQuery, Pub/Sub and Spanner clients; `gcloud topic configurations` for CLOUDSDK_*; the reference of
Terraform's Google provider and of its gcs backend. Read 2026-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mockcloud.errors import Error

ATTACHED: Final = "PULUMI_DEBUG_PROVIDERS"
"""Variable with the providers that Pulumi's engine attaches to, rather than to start a plugin."""

DEFAULT_PROJECT: Final = "mock-project"
"""Project of programs that name none."""


class Client(StrEnum):
    """Who reads a variable."""

    PYTHON = "python"
    GO = "go"
    JAVA = "java"
    NODE = "node"
    GCLOUD = "gcloud"
    TERRAFORM = "terraform"
    PULUMI = "pulumi"


_P, _G, _J, _N = Client.PYTHON, Client.GO, Client.JAVA, Client.NODE
_CLOUD, _PROVIDER = Client.GCLOUD, frozenset({Client.TERRAFORM, Client.PULUMI})
_LIBRARIES: Final = frozenset({_P, _G, _J, _N})
_ALL: Final = frozenset(Client)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The doors of one server, as far as they are open.

    Attributes:
        url: REST: `http://127.0.0.1:PORT`.
        grpc: gRPC without TLS: `127.0.0.1:PORT`; "" for none.
        proxy: The HTTPS proxy: `http://127.0.0.1:PORT`; "" for none.
        authority: File with the certificate of the proxy's authority; "" for none.
        key: File with the key of the mock cloud's owner, in the form of a service account's.
        token: File with an access token of the mock cloud's owner.
        gcloud: Directory for the settings of gcloud, so that it leaves the user's alone.
        pulumi: The provider for Pulumi's engine, on this machine only: `gcp:PORT`; "" for none.
    """

    url: str
    grpc: str = ""
    proxy: str = ""
    authority: str = ""
    key: str = ""
    token: str = ""
    gcloud: str = ""
    pulumi: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable of the environment.

    Attributes:
        name: Its name.
        value: What it is set to.
        clients: Who reads it.
        purpose: What it does.
    """

    name: str
    value: str
    clients: frozenset[Client]
    purpose: str


UNSET: Final = (
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "GOOGLE_CREDENTIALS",
    "GOOGLE_CLOUD_KEYFILE_JSON",
    "GCLOUD_KEYFILE_JSON",
    "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT",
    "GOOGLE_BACKEND_CREDENTIALS",
    "GOOGLE_BACKEND_IMPERSONATE_SERVICE_ACCOUNT",
    "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE",
    "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT",
    "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
    "ALL_PROXY",
    "all_proxy",
)
"""Variables that would win over ours, some with real credentials in them."""

GOOGLE_DOMAINS: Final = (
    "googleapis.com",
    "google.com",
    "googleusercontent.com",
    "google.internal",
    "vertexai.goog",
    "pkg.dev",
    "run.app",
    "cloudfunctions.net",
    "gcr.io",
)
"""Domains of hosts that the mock cloud answers for. An entry above them (`com`) or below lets calls past it."""

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def settings(
    doors: Doors, *, project: str = DEFAULT_PROJECT, before: Mapping[str, str] | None = None
) -> tuple[Setting, ...]:
    """Give the settings for a server's doors. What needs a door that is not open is left out.

    Args:
        doors: The doors.
        project: Project of programs that name none.
        before: The environment as it is: its NO_PROXY is kept, less what would keep Google's hosts from the proxy, and
            so are the providers of other packages that the engine attaches to.
    """
    return (
        *_identity(doors, project),
        *_metadata(doors),
        *_emulators(doors),
        *_engine(doors, before or {}),
        *(_through_proxy(doors, before or {}) if doors.proxy else ()),
    )


def _identity(doors: Doors, project: str) -> tuple[Setting, ...]:
    return (
        Setting("GROUNDPLAN_CLOUD", doors.url, _ALL, "which mock cloud `groundplan cloud` means"),
        Setting("GOOGLE_CLOUD_PROJECT", project, _ALL - {_CLOUD}, "project where a program names none"),
        Setting("GOOGLE_PROJECT", project, _PROVIDER, "the same, for providers"),
        Setting("CLOUDSDK_CORE_PROJECT", project, frozenset({_CLOUD}), "the same, for gcloud"),
        Setting("CLOUDSDK_CONFIG", doors.gcloud, frozenset({_CLOUD}), "settings of gcloud that are not yours"),
        Setting(
            "GOOGLE_APPLICATION_CREDENTIALS", doors.key, _ALL - {_CLOUD}, "key of a service account of the mock cloud"
        ),
        Setting(
            "CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", doors.token, frozenset({_CLOUD}), "token of the mock cloud, for gcloud"
        ),
    )


def _metadata(doors: Doors) -> tuple[Setting, ...]:
    """Give what leads to the metadata server: a machine of Google's has a real one, beside any HTTPS proxy."""
    place = doors.url.partition("://")[2]
    return (
        Setting("GCE_METADATA_HOST", place, _ALL, "the metadata server of a machine of Google's"),
        Setting("GCE_METADATA_IP", place, frozenset({_P, _N, _CLOUD}), "the same, for whoever looks if there is one"),
        Setting("GCE_METADATA_ROOT", place, frozenset({_P, _CLOUD}), "the same, by its older name"),
    )


def _emulators(doors: Doors) -> tuple[Setting, ...]:
    found = [
        Setting("STORAGE_EMULATOR_HOST", doors.url, frozenset({_P, _G, _N}), "Cloud Storage without TLS"),
        Setting("BIGQUERY_EMULATOR_HOST", doors.url, frozenset({_P, _N}), "BigQuery without TLS"),
    ]
    if doors.grpc:
        found += [
            Setting("PUBSUB_EMULATOR_HOST", doors.grpc, _LIBRARIES, "Pub/Sub, gRPC without TLS"),
            Setting("SPANNER_EMULATOR_HOST", doors.grpc, _LIBRARIES, "Spanner, gRPC without TLS"),
            # It is not modelled. Who has no proxy would call the real one; so its clients come here, and are told so.
            Setting("FIRESTORE_EMULATOR_HOST", doors.grpc, _LIBRARIES, "Firestore: every call answers UNIMPLEMENTED"),
        ]
    return tuple(found)


def _engine(doors: Doors, before: Mapping[str, str]) -> tuple[Setting, ...]:
    if not doors.pulumi:
        return ()
    who = frozenset({Client.PULUMI})
    providers = attached(doors.pulumi, before)
    return (
        Setting(ATTACHED, providers, who, "the provider that Pulumi's engine attaches to"),
        Setting("PULUMI_SKIP_UPDATE_CHECK", "true", who, "Pulumi looks for no newer version of itself"),
    )


def attached(provider: str, before: Mapping[str, str]) -> str:
    """Give the providers that an engine attaches to: the mock cloud's, and those of other packages as before.

    Args:
        provider: The mock cloud's: `gcp:PORT`.
        before: The environment as it is.
    """
    given = (each.strip() for each in before.get(ATTACHED, "").split(","))
    return ",".join([provider, *(each for each in given if each and each.partition(":")[0] != "gcp")])


def _through_proxy(doors: Doors, before: Mapping[str, str]) -> tuple[Setting, ...]:
    host, _, port = doors.proxy.removeprefix("http://").rpartition(":")
    http = frozenset({_P, _G, _N}) | _PROVIDER
    beside = ",".join([*_LOOPBACK, *_kept(before)])
    trusted = doors.authority
    return (
        Setting("HTTPS_PROXY", doors.proxy, http, "every Google host, by its own name"),
        Setting("https_proxy", doors.proxy, _LIBRARIES, "the same, for gRPC, which reads lower case only"),
        Setting("NO_PROXY", beside, http, "this machine is reached directly"),
        Setting("no_proxy", beside, _LIBRARIES, "the same, in lower case"),
        Setting("SSL_CERT_FILE", trusted, http, "certificates that Go, httpx and Python's ssl trust"),
        Setting("CURL_CA_BUNDLE", trusted, _ALL, "certificates that curl trusts"),
        Setting("REQUESTS_CA_BUNDLE", trusted, frozenset({_P}), "certificates that requests trusts"),
        Setting("HTTPLIB2_CA_CERTS", trusted, frozenset({_P}), "certificates that httplib2 trusts"),
        Setting("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", trusted, frozenset({_P, _N}), "certificates that gRPC trusts"),
        Setting("NODE_EXTRA_CA_CERTS", trusted, frozenset({_N}), "certificates that Node trusts"),
        Setting("CLOUDSDK_PROXY_TYPE", "http", frozenset({_CLOUD}), "the proxy, for gcloud"),
        Setting("CLOUDSDK_PROXY_ADDRESS", host, frozenset({_CLOUD}), "the proxy, for gcloud"),
        Setting("CLOUDSDK_PROXY_PORT", port, frozenset({_CLOUD}), "the proxy, for gcloud"),
        Setting("CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", trusted, frozenset({_CLOUD}), "certificates that gcloud trusts"),
    )


def _kept(before: Mapping[str, str]) -> list[str]:
    """Give the hosts that went past a proxy before, but for those that would let calls escape to Google."""
    given = f"{before.get('NO_PROXY', '')},{before.get('no_proxy', '')}".split(",")
    hosts = dict.fromkeys(each.strip() for each in given)
    return [each for each in hosts if each and each not in _LOOPBACK and not _is_of_google(each)]


def _is_of_google(entry: str) -> bool:
    name = entry.lower().lstrip("*.").partition(":")[0]
    return not name or any(
        f".{each}".endswith(f".{name}") or f".{name}".endswith(f".{each}") for each in GOOGLE_DOMAINS
    )


class UnknownClient(Error):
    """A kind of client is named that there is not."""


def of_client(found: tuple[Setting, ...], client: str) -> tuple[Setting, ...]:
    """Give the settings that one kind of client reads.

    Raises:
        UnknownClient: There is no such kind.
    """
    if client not in _ALL:
        raise UnknownClient(
            "There is no such client", given=repr(client), allowed=", ".join(Client), remedy="Name one of these."
        )
    return tuple(each for each in found if client in each.clients)
