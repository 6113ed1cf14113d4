"""Typed, versioned exports: what one stack tells the next.

A stack that runs some stages publishes its environment and its references under one output, ``groundplan``; a stack
that runs later stages reads them back as the same types. The version is refused where it is not known, by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import pulumi
from pulumi.runtime.sync_await import _sync_await

from groundplan.core.environment import Environment, Projects
from groundplan.core.errors import Error, LookupFailure
from groundplan.core.references import (
    AccessPolicyRef,
    AccountRef,
    AgreementRef,
    AttestorRef,
    BucketRef,
    BuildPoolRef,
    BuildTriggerRef,
    ClusterRef,
    DatasetRef,
    EndpointRef,
    FeatureGroupRef,
    FeatureViewRef,
    FederationRef,
    ImageRepositoryRef,
    KeyRingRef,
    LogArchiveRef,
    NetworkAttachmentRef,
    NetworkRef,
    OnlineEndpointRef,
    OnlineStoreRef,
    PerimeterRef,
    PipelineEnvironmentRef,
    Reference,
    ReservationRef,
    ReviewRef,
    ServiceAccessRef,
    SourceRepositoryRef,
    TrainingPoolRef,
)
from groundplan.core.references.base import export_project, import_project
from groundplan.core.tiers import Tier, TierDefaults

VERSION: Final = 1
OUTPUT: Final = "groundplan"
_KINDS: Final = {
    "network": NetworkRef,
    "keys": KeyRingRef,
    "access_policy": AccessPolicyRef,
    "account": AccountRef,
    "bucket": BucketRef,
    "dataset": DatasetRef,
    "endpoint": EndpointRef,
    "feature_group": FeatureGroupRef,
    "feature_view": FeatureViewRef,
    "federation": FederationRef,
    "log_archive": LogArchiveRef,
    "online_store": OnlineStoreRef,
    "network_attachment": NetworkAttachmentRef,
    "online_endpoint": OnlineEndpointRef,
    "perimeter": PerimeterRef,
    "source_repository": SourceRepositoryRef,
    "cluster": ClusterRef,
    "reservation": ReservationRef,
    "training_pool": TrainingPoolRef,
    "service_access": ServiceAccessRef,
    "attestor": AttestorRef,
    "build_pool": BuildPoolRef,
    "build_trigger": BuildTriggerRef,
    "image_repository": ImageRepositoryRef,
    "pipelines": PipelineEnvironmentRef,
    "agreement": AgreementRef,
    "review": ReviewRef,
}


class ExportsError(Error):
    """Another stack's exports cannot be used."""


def publish(env: Environment, references: Mapping[str, Reference | KeyRingRef]) -> None:
    """Export an environment and references, each under a name of the caller's, as output ``groundplan``."""
    pulumi.export(
        OUTPUT,
        {
            "version": VERSION,
            "environment": _export_environment(env),
            "references": {
                name: {"kind": _kind(reference), "value": reference.exported()}
                for name, reference in references.items()
            },
        },
    )


class Exports:
    """What another stack exported."""

    def __init__(self, stack: str, exported: Mapping[str, Any]) -> None:
        """Take the stack's name and its ``groundplan`` output."""
        self.stack = stack
        version = exported.get("version")
        if version != VERSION:
            raise ExportsError(
                f"stack {stack}: its exports cannot be read\n"
                f"  given:   version {version!r}\n"
                f"  allowed: version {VERSION}\n"
                f"  do:      run `pulumi up` on {stack} with the same release of groundplan as here"
            )
        self.environment = _import_environment(exported["environment"])
        self._references: Mapping[str, Mapping[str, Any]] = exported["references"]

    @classmethod
    def read(cls, stack: str, opts: pulumi.ResourceOptions | None = None) -> Exports:
        """Read the exports of a stack, ``organization/project/stack``.

        The values are those of its last update, so they are known here at preview. A stack that exports nothing of
        groundplan's raises ``ExportsError``.
        """
        reference = pulumi.StackReference(stack, opts=opts)
        details = _sync_await(reference.get_output_details(OUTPUT))
        if not isinstance(details.value, Mapping):
            found = "nothing" if details.value is None else type(details.value).__name__
            raise ExportsError(
                f"stack {stack}: it has no output that groundplan can read\n"
                f"  given:   {found} in output {OUTPUT!r}\n"
                "  allowed: what groundplan.publish exports\n"
                f"  do:      run `pulumi up` on {stack} first, with the stages that this stack leaves out"
            )
        return cls(stack, details.value)

    def network(self, name: str) -> NetworkRef:
        """Return an exported network."""
        return NetworkRef.imported(self._entry(name, "network"))

    def keys(self, name: str) -> KeyRingRef:
        """Return exported keys."""
        return KeyRingRef.imported(self._entry(name, "keys"))

    def access_policy(self, name: str) -> AccessPolicyRef:
        """Return an exported access policy."""
        return AccessPolicyRef.imported(self._entry(name, "access_policy"))

    def account(self, name: str) -> AccountRef:
        """Return an exported service account."""
        return AccountRef.imported(self._entry(name, "account"))

    def bucket(self, name: str) -> BucketRef:
        """Return an exported bucket."""
        return BucketRef.imported(self._entry(name, "bucket"))

    def dataset(self, name: str) -> DatasetRef:
        """Return an exported dataset."""
        return DatasetRef.imported(self._entry(name, "dataset"))

    def federation(self, name: str) -> FederationRef:
        """Return an exported workload identity pool."""
        return FederationRef.imported(self._entry(name, "federation"))

    def endpoint(self, name: str) -> EndpointRef:
        """Return an exported endpoint of Private Service Connect."""
        return EndpointRef.imported(self._entry(name, "endpoint"))

    def cluster(self, name: str) -> ClusterRef:
        """Return an exported cluster."""
        return ClusterRef.imported(self._entry(name, "cluster"))

    def reservation(self, name: str) -> ReservationRef:
        """Return an exported reservation."""
        return ReservationRef.imported(self._entry(name, "reservation"))

    def training_pool(self, name: str) -> TrainingPoolRef:
        """Return an exported training pool."""
        return TrainingPoolRef.imported(self._entry(name, "training_pool"))

    def feature_group(self, name: str) -> FeatureGroupRef:
        """Return an exported feature group."""
        return FeatureGroupRef.imported(self._entry(name, "feature_group"))

    def online_store(self, name: str) -> OnlineStoreRef:
        """Return an exported online store."""
        return OnlineStoreRef.imported(self._entry(name, "online_store"))

    def feature_view(self, name: str) -> FeatureViewRef:
        """Return an exported feature view."""
        return FeatureViewRef.imported(self._entry(name, "feature_view"))

    def log_archive(self, name: str) -> LogArchiveRef:
        """Return an exported log archive."""
        return LogArchiveRef.imported(self._entry(name, "log_archive"))

    def perimeter(self, name: str) -> PerimeterRef:
        """Return an exported service perimeter."""
        return PerimeterRef.imported(self._entry(name, "perimeter"))

    def network_attachment(self, name: str) -> NetworkAttachmentRef:
        """Return an exported network attachment."""
        return NetworkAttachmentRef.imported(self._entry(name, "network_attachment"))

    def online_endpoint(self, name: str) -> OnlineEndpointRef:
        """Return an exported endpoint that serves predictions."""
        return OnlineEndpointRef.imported(self._entry(name, "online_endpoint"))

    def service_access(self, name: str) -> ServiceAccessRef:
        """Return an exported private services access."""
        return ServiceAccessRef.imported(self._entry(name, "service_access"))

    def attestor(self, name: str) -> AttestorRef:
        """Return an exported attestor of images."""
        return AttestorRef.imported(self._entry(name, "attestor"))

    def build_pool(self, name: str) -> BuildPoolRef:
        """Return an exported build pool."""
        return BuildPoolRef.imported(self._entry(name, "build_pool"))

    def build_trigger(self, name: str) -> BuildTriggerRef:
        """Return an exported build trigger."""
        return BuildTriggerRef.imported(self._entry(name, "build_trigger"))

    def image_repository(self, name: str) -> ImageRepositoryRef:
        """Return an exported repository of images, packages or templates."""
        return ImageRepositoryRef.imported(self._entry(name, "image_repository"))

    def source_repository(self, name: str) -> SourceRepositoryRef:
        """Return an exported repository of source code."""
        return SourceRepositoryRef.imported(self._entry(name, "source_repository"))

    def pipelines(self, name: str) -> PipelineEnvironmentRef:
        """Return an exported environment of pipelines."""
        return PipelineEnvironmentRef.imported(self._entry(name, "pipelines"))

    def agreement(self, name: str) -> AgreementRef:
        """Return an exported agreement on the use of data."""
        return AgreementRef.imported(self._entry(name, "agreement"))

    def review(self, name: str) -> ReviewRef:
        """Return an exported review of models."""
        return ReviewRef.imported(self._entry(name, "review"))

    def has(self, name: str) -> bool:
        """Whether the stack exported something of that name."""
        return name in self._references

    def _entry(self, name: str, kind: str) -> Mapping[str, Any]:
        entry = self._references.get(name)
        if entry is None or entry["kind"] != kind:
            known = [f"{known} ({row['kind']})" for known, row in self._references.items()]
            raise LookupFailure(
                f"{kind} exported by stack {self.stack}", name, known, f"export it there, under the name {name!r}"
            )
        value: Mapping[str, Any] = entry["value"]
        return value


def _kind(reference: Reference | KeyRingRef) -> str:
    return next(kind for kind, base in _KINDS.items() if isinstance(reference, base))


def _export_environment(env: Environment) -> dict[str, Any]:
    return {
        "region": env.region,
        "zones": list(env.zones),
        "prefix": env.prefix,
        "generation": env.generation,
        "labels": dict(env.labels),
        "organization": env.organization,
        "domains": list(env.domains),
        "projects": {role: export_project(project) for role, project in env.projects.roles().items()},
        "tier": {
            "name": env.tier.name,
            "base": env.tier.base,
            "settings": {d.setting: _plain(d.value) for d in env.tier.deviations},
        },
    }


def _import_environment(exported: Mapping[str, Any]) -> Environment:
    tier = exported["tier"]
    settings = {key: _typed(key, value) for key, value in tier["settings"].items()}
    resolved = (
        Tier.named(tier["base"])
        if tier["name"] == tier["base"]
        else Tier.extending(tier["base"], name=tier["name"], settings=settings)
    )
    return Environment(
        region=exported["region"],
        zones=tuple(exported["zones"]),
        prefix=exported["prefix"],
        generation=int(exported["generation"]),
        labels=dict(exported["labels"]),
        organization=exported.get("organization"),  # an engine drops what is None from a stack's outputs
        domains=tuple(exported["domains"]),
        projects=Projects(**{role: import_project(project) for role, project in exported["projects"].items()}),
        tier=resolved,
    )


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _typed(setting: str, value: object) -> object:
    """Return a setting as its type has it: numbers come back from an engine as floats."""
    kinds = {field.name: str(field.type) for field in fields(TierDefaults)}
    return int(value) if kinds.get(setting) == "int" and isinstance(value, float) else value
