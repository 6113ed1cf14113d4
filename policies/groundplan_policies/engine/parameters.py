"""The parameters by which a tier, or a team, tunes controls: each with its type, its meaning, and what loosens it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any


class Looser(StrEnum):
    """Which change of a parameter asks less."""

    HIGHER = "higher"
    LOWER = "lower"
    MORE = "more entries"
    FEWER = "fewer entries"
    TRUE = "true"
    FALSE = "false"
    ANY = "any change"


def _parameter(description: str, looser: Looser) -> Any:  # noqa: ANN401 - as `dataclasses.field` itself
    return field(default=None, metadata={"description": description, "looser": looser})


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Parameters. None is "nobody has said": a control whose verdict hangs on such a one answers indeterminate.

    A value where there was none is no loosening; it is how a team says what its platform is.
    """

    allowed_regions: tuple[str, ...] | None = _parameter(
        "Regions, zones' regions and multi-regions where data may be, in lower case.", Looser.MORE
    )
    residency: bool | None = _parameter("Whether data must stay in the allowed regions.", Looser.FALSE)
    allowed_domains: tuple[str, ...] | None = _parameter(
        "Domains of people and groups that may get access, such as acme.test.", Looser.MORE
    )
    allowed_projects: tuple[str, ...] | None = _parameter(
        "Ids of projects whose service accounts may get access, beside those of this document.", Looser.MORE
    )
    allowed_pools: tuple[str, ...] | None = _parameter(
        "Workload and workforce identity pools of other documents that may get access, as full names.", Looser.MORE
    )
    service_agent_projects: tuple[str, ...] | None = _parameter(
        "Numbers of projects whose Google service agents may get access, beside those of this document.", Looser.MORE
    )
    key_projects: tuple[str, ...] | None = _parameter(
        "Ids of projects whose keys may be used, beside the keys of this document.", Looser.MORE
    )
    customer_managed_keys: bool | None = _parameter("Whether data must be encrypted with own keys.", Looser.FALSE)
    key_rotation_days: int | None = _parameter("Days after which keys rotate at the latest.", Looser.HIGHER)
    key_protection: tuple[str, ...] | None = _parameter(
        "Protection levels that keys may have: SOFTWARE, HSM, EXTERNAL, EXTERNAL_VPC.", Looser.MORE
    )
    signing_algorithms: tuple[str, ...] | None = _parameter("Algorithms that signing keys may have.", Looser.MORE)
    required_perimeter_services: tuple[str, ...] | None = _parameter(
        "Services that an enforced perimeter restricts; an empty list where the tier asks for no perimeter.",
        Looser.FEWER,
    )
    perimeter_external_resources: tuple[str, ...] | None = _parameter(
        "Projects and resources outside of the perimeter that egress rules may name.", Looser.MORE
    )
    closed_network: bool | None = _parameter("Whether no route may lead to the internet.", Looser.FALSE)
    bucket_network_filter: bool | None = _parameter(
        "Whether buckets of a restricted class must filter client networks.", Looser.FALSE
    )
    bucket_key_enforcement: bool | None = _parameter(
        "Whether buckets of a restricted class must refuse objects that are encrypted in another way.", Looser.FALSE
    )
    confidential_computing: bool | None = _parameter(
        "Whether restricted data must be processed on confidential machines.", Looser.FALSE
    )
    classifications: tuple[str, ...] | None = _parameter("Values of the label `classification`.", Looser.MORE)
    restricted_classes: tuple[str, ...] | None = _parameter("The classes that count as restricted.", Looser.FEWER)
    personal_classes: tuple[str, ...] | None = _parameter("The classes that are about people.", Looser.FEWER)
    owner_pattern: str | None = _parameter("Regular expression for the label `owner`, matched whole.", Looser.ANY)
    audit_retention_days: int | None = _parameter(
        "Days for which buckets of logs and models keep objects.", Looser.LOWER
    )
    audit_locked: bool | None = _parameter("Whether the retention of such buckets must be locked.", Looser.FALSE)
    log_separate_project: bool | None = _parameter(
        "Whether logs must go to a project in which nothing of the platform runs.", Looser.FALSE
    )
    log_destinations: tuple[str, ...] | None = _parameter(
        "Destinations of log sinks outside of this document, as sinks name them, such as "
        "logging.googleapis.com/projects/acme-logs/locations/eu/buckets/all.",
        Looser.MORE,
    )
    notification_channels: tuple[str, ...] | None = _parameter(
        "Notification channels outside of this document that reach somebody, as projects/id/notificationChannels/1.",
        Looser.MORE,
    )
    monitoring_elsewhere: bool | None = _parameter(
        "Whether audit logs, sinks of logs, alerts on critical changes, feeds of the asset inventory and contacts are "
        "set up from outside of this document, such as by the organisation.",
        Looser.TRUE,
    )
    posture_elsewhere: bool | None = _parameter(
        "Whether a posture or a framework of Security Command Center is deployed from outside of this document, such "
        "as by the organisation.",
        Looser.TRUE,
    )
    personal_max_days: int | None = _parameter(
        "Days after which personal data is deleted at the latest.", Looser.HIGHER
    )
    erasure_days: int | None = _parameter("Days after which hidden copies of personal data are gone.", Looser.HIGHER)
    personal_info_types: tuple[str, ...] | None = _parameter(
        "Info types that de-identification must transform, such as EMAIL_ADDRESS.", Looser.FEWER
    )
    personal_columns: tuple[str, ...] | None = _parameter(
        "Columns that hold personal data, as dataset.table.column; * stands for any part.", Looser.FEWER
    )
    discovery_elsewhere: bool | None = _parameter(
        "Whether sensitive data discovery runs from outside of this document, such as the organisation's.", Looser.TRUE
    )
    transfer_partners: tuple[str, ...] | None = _parameter(
        "Buckets, addresses, projects and accounts outside of this document that data may come from or go to: "
        "gs://bucket, s3://bucket, azure://account/container, bq://project.dataset, https://host/path, projects/id, "
        "a role's ARN or its account, a data source's id. What is below an address counts too.",
        Looser.MORE,
    )
    organization: bool | None = _parameter("Whether the deployment stands in an organisation.", Looser.FALSE)
    notebook_constraints: tuple[str, ...] | None = _parameter(
        "Organisation policy constraints on notebooks that must be set.", Looser.FEWER
    )
    organization_constraints: tuple[str, ...] | None = _parameter(
        "Organisation policy constraints that must be set.", Looser.FEWER
    )
    allowed_registries: tuple[str, ...] | None = _parameter(
        "Registries and repositories of images outside of this document that images may come from, such as "
        "europe-west4-docker.pkg.dev/acme-build/images. What is below an address counts too.",
        Looser.MORE,
    )
    allowed_upstreams: tuple[str, ...] | None = _parameter(
        "What remote repositories may fetch from: Google's presets, such as PYPI or DOCKER_HUB, and addresses.",
        Looser.MORE,
    )
    production_words: tuple[str, ...] | None = _parameter(
        "Words in names, tags and labels that mark what builds for or deploys to production.", Looser.FEWER
    )
    build_accounts: tuple[str, ...] | None = _parameter(
        "Service accounts and pool identities, as members of IAM, that build outside of this document.", Looser.MORE
    )
    code_buckets: tuple[str, ...] | None = _parameter(
        "Names of buckets whose objects may run as code: scripts of machines, serialised agents.", Looser.MORE
    )
    allowed_models: tuple[str, ...] | None = _parameter(
        "Models of others that may be used: publishers/google/models/gemma@version, or a Hugging Face id.", Looser.MORE
    )
    accepted_licences: tuple[str, ...] | None = _parameter(
        "Models whose licence somebody accepted, and who: publishers/meta/models/llama@version=legal@acme.test.",
        Looser.MORE,
    )
    secret_rotation_days: int | None = _parameter("Days after which secrets rotate at the latest.", Looser.HIGHER)
    branch_approvals: int | None = _parameter("Approvals that a change of the main branch needs.", Looser.LOWER)
    minimum_replicas: int | None = _parameter("Replicas that serve a model at the least.", Looser.LOWER)
    release_roles: tuple[str, ...] | None = _parameter("Custom roles that may export models.", Looser.MORE)
    custom_endpoints: tuple[str, ...] | None = _parameter(
        "Custom endpoints, universe domains and billing projects that a provider may name.", Looser.MORE
    )
    provider_variables: tuple[str, ...] | None = _parameter(
        "Environment variables that a provider may be given under another name.", Looser.MORE
    )
    provider_versions: str | None = _parameter(
        "Versions of the Google provider that the rules know, such as >=10.0,<11.", Looser.ANY
    )
    plugin_sources: tuple[str, ...] | None = _parameter("Addresses from which plugins may come.", Looser.MORE)
    allowed_packages: tuple[str, ...] | None = _parameter(
        "Pulumi packages whose resources may be used beside Google's and components, such as random.", Looser.MORE
    )
    checked_stacks: tuple[str, ...] | None = _parameter(
        "Other stacks whose own documents pass the same gate, as a StackReference names them.", Looser.MORE
    )
    pipeline_components: Mapping[str, str] | None = _parameter(
        "Digest of a component of a compiled pipeline -> its role: what it is for. The digests are those that "
        "`groundplan pipeline components FILE` prints.",
        Looser.MORE,
    )
    closed_notebooks: bool | None = _parameter("Whether notebooks have neither downloads nor terminals.", Looser.FALSE)
    notebook_images: tuple[str, ...] | None = _parameter(
        "Projects of images, and repositories of containers, that notebooks may start from.", Looser.MORE
    )
    accelerator_types: tuple[str, ...] | None = _parameter(
        "Accelerators that may be used, such as NVIDIA_L4 or nvidia-l4; an empty list for all of them.", Looser.ANY
    )
    accelerator_cap: int | None = _parameter("Accelerators that one resource may grow to at most.", Looser.HIGHER)
    replica_cap: int | None = _parameter("Replicas, nodes or workers that one resource may grow to.", Looser.HIGHER)
    idle_seconds: int | None = _parameter("Seconds without work after which a notebook stops.", Looser.HIGHER)
    quota_cap: int | None = _parameter("Units of a quota that may be asked for at most.", Looser.HIGHER)
    review_max_days: int | None = _parameter("Days after which a review of a model's use is too old.", Looser.HIGHER)
    request_sampling_percent: int | None = _parameter(
        "Of 100 requests to a model that is not of high risk, how many are logged at the least.", Looser.LOWER
    )
    agent_evaluation_percent: int | None = _parameter(
        "Of 100 traces of an agent, how many are evaluated at the least.", Looser.LOWER
    )
    alert_patterns: tuple[str, ...] | None = _parameter(
        "Regular expressions of which each must be found in what an alert about models says to whoever gets it.",
        Looser.FEWER,
    )
    session_hours: int | None = _parameter("Hours for which privileged access lasts at most.", Looser.HIGHER)

    @classmethod
    def describe(cls) -> dict[str, tuple[str, Looser]]:
        """Give, for each parameter, its description and what loosens it."""
        return {each.name: (each.metadata["description"], each.metadata["looser"]) for each in fields(cls)}
