"""What takes several sections of the settings to see: names that they use of one another, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from blueprint.settings.monitoring import BaselineTableSettings
from blueprint.settings.notebooks import FLEET
from groundplan.core.grants import check_domain
from groundplan.core.names import LOGICAL_NAME
from groundplan.core.validation import Checks

if TYPE_CHECKING:
    from blueprint.settings.root import Settings

_NAMED = (
    "reviews",
    "agreements",
    "identities",
    "federation",
    "service_endpoints",
    "online_stores",
    "notebooks",
    "colab",
    "reservations",
    "tpus",
    "scans",
    "monitoring",
)
_OWN = ("tier", "region", "projects")
_GIVING_ACCESS = (
    "buckets",
    "warehouses",
    "sources",
    "repositories",
    "feature_groups",
    "feature_views",
    "clusters",
    "training",
    "pipelines",
    "endpoints",
)
# Section, its setting that names something, and the section that defines it.
_USES = (
    ("reviews", "bucket", "buckets"),
    ("agreements", "bucket", "buckets"),
    ("buckets", "agreements", "agreements"),
    ("warehouses", "agreements", "agreements"),
    ("online_stores", "agreements", "agreements"),
    *(
        (kind, field, made)
        for kind in ("training", "pipelines", "endpoints")
        for field, made in (("review", "reviews"), ("agreements", "agreements"))
    ),
    ("scans", "findings", "warehouses"),
    ("scans", "buckets", "buckets"),
    ("monitoring", "endpoint", "endpoints"),
    ("monitoring", "review", "reviews"),
    ("feature_groups", "warehouse", "warehouses"),
    ("feature_views", "store", "online_stores"),
    ("feature_views", "groups", "feature_groups"),
    ("training", "staging", "buckets"),
    ("training", "reservation", "reservations"),
    ("training", "account", "identities"),
    ("pipelines", "account", "identities"),
    ("pipelines", "templates", "repositories"),
    ("endpoints", "account", "identities"),
    ("endpoints", "request_log", "warehouses"),
)
_PULLING = ("notebooks", "clusters", "training", "tpus", "pipelines", "endpoints")
_RECEIVERS = ("readers", "writers", "submitters", "runners", "publishers", "callers", "deployers", "developers")


def check(settings: Settings, checks: Checks) -> None:
    """Record what takes several sections to see: names that refer to one another, and what is left out."""
    for field in _OWN:
        checks.that(
            settings.reads or getattr(settings, field) is not None,
            field,
            "is missing",
            given="nothing",
            allowed=str(type(settings).model_fields[field].description),
            do=f"add {field}, or name under `reads` the stack whose environment this one shares",
        )
    _check_keys(settings, checks)
    _check_names(settings, checks)
    for reader in settings.security_alerts.readers if settings.security_alerts is not None else ():
        _check_access(settings, checks, "security_alerts.readers", reader)
    _check_delivery(settings, checks)
    _check_reads(settings, checks)
    _check_pulls(settings, checks)
    _check_notebooks(settings, checks)


def _check_keys(settings: Settings, checks: Checks) -> None:
    """Check the names that become those of constructs."""
    for section in (*_NAMED, *_GIVING_ACCESS):
        for name in getattr(settings, section):
            form = "lower-case words joined by hyphens"
            checks.matches(f"{section}.{name}", name, LOGICAL_NAME, form, "rename it, as in team-data")


def _check_names(settings: Settings, checks: Checks) -> None:
    for name, federation in settings.federation.items():
        checks.one_of(f"federation.{name}.acts_as", federation.acts_as, settings.identities)
    for kind in _GIVING_ACCESS:
        for name, holder in getattr(settings, kind).items():
            for field in _RECEIVERS:
                for who in getattr(holder, field, ()):
                    _check_access(settings, checks, f"{kind}.{name}.{field}", who)
    for kind, field, made in _USES:
        for name, user in getattr(settings, kind).items():
            used = getattr(user, field)
            for one in used if isinstance(used, dict | list) else filter(None, [used]):
                _check_made(settings, checks, f"{kind}.{name}.{field}", one, getattr(settings, made))

    if settings.discovery is not None and settings.discovery.profiles is not None:
        _check_made(settings, checks, "discovery.profiles", settings.discovery.profiles, settings.warehouses)
    _check_trained_by(settings, checks)
    _check_agreements(settings, checks)
    _check_scans(settings, checks)
    _check_monitoring(settings, checks)
    _check_reservations(settings, checks)


def _check_agreements(settings: Settings, checks: Checks) -> None:
    for name, agreement in settings.agreements.items():
        for who in agreement.consumers:
            _check_access(settings, checks, f"agreements.{name}.consumers", who)
        keeper = settings.buckets.get(agreement.bucket)
        checks.that(
            keeper is None or not keeper.agreements,
            f"agreements.{name}.bucket",
            "answers to an agreement itself, and so would have to be there before the record that it keeps",
            given=agreement.bucket,
            allowed="a bucket without agreements",
            do="keep records of governance in a bucket of their own",
        )


def _check_trained_by(settings: Settings, checks: Checks) -> None:
    for name, endpoint in settings.endpoints.items():
        for one in endpoint.trained_by:
            field = f"endpoints.{name}.trained_by"
            _check_made(settings, checks, field, one, {**settings.pipelines, **settings.training})


def _check_scans(settings: Settings, checks: Checks) -> None:
    for name, scan in settings.scans.items():
        for bucket, gone_through in scan.buckets.items():
            if gone_through.deidentify_to is not None:
                field = f"scans.{name}.buckets.{bucket}.deidentify_to"
                _check_made(settings, checks, field, gone_through.deidentify_to, settings.buckets)
        for index, table in enumerate(scan.tables):
            field = f"scans.{name}.tables[{index}].warehouse"
            _check_made(settings, checks, field, table.warehouse, settings.warehouses)


def _check_monitoring(settings: Settings, checks: Checks) -> None:
    for name, monitoring in settings.monitoring.items():
        field, baseline = f"monitoring.{name}.baseline", monitoring.baseline
        if isinstance(baseline, BaselineTableSettings):
            _check_made(settings, checks, f"{field}.warehouse", baseline.warehouse, settings.warehouses)
        else:
            _check_made(settings, checks, f"{field}.bucket", baseline.bucket, settings.buckets)


def _check_reservations(settings: Settings, checks: Checks) -> None:
    for name, cluster in settings.clusters.items():
        for pool, nodes in cluster.pools.items():
            if nodes.reservation is not None:
                field = f"clusters.{name}.pools.{pool}.reservation"
                _check_made(settings, checks, field, nodes.reservation, settings.reservations)


def _check_delivery(settings: Settings, checks: Checks) -> None:
    delivery = settings.delivery
    if delivery is None:
        return
    _check_made(settings, checks, "delivery.code", delivery.code, settings.sources)
    if delivery.code in settings.sources:
        linked = settings.sources[delivery.code].repositories
        checks.one_of("delivery.repository", delivery.repository, linked)
    _check_made(settings, checks, "delivery.images", delivery.images, settings.repositories)
    _check_made(settings, checks, "delivery.templates", delivery.templates, settings.repositories)
    if delivery.packages is not None:
        _check_made(settings, checks, "delivery.packages", delivery.packages, settings.repositories)
    for name in delivery.builder_repositories:
        _check_made(settings, checks, "delivery.builder_repositories", name, settings.repositories)
    if delivery.infrastructure is not None:
        _check_made(settings, checks, "delivery.infrastructure.state", delivery.infrastructure.state, settings.buckets)
    if delivery.endpoint is not None:
        checks.one_of("delivery.endpoint", delivery.endpoint, settings.endpoints)


def _check_reads(settings: Settings, checks: Checks) -> None:
    readers = {f"notebooks.{name}": notebook.reads for name, notebook in settings.notebooks.items()}
    if settings.fleet is not None:
        readers["fleet"] = settings.fleet.reads
    for place, names in readers.items():
        for name in names:
            _check_made(settings, checks, f"{place}.reads", name, {**settings.warehouses, **settings.buckets})


def _check_pulls(settings: Settings, checks: Checks) -> None:
    pulling = {f"{kind}.{name}": one.pulls for kind in _PULLING for name, one in getattr(settings, kind).items()}
    if settings.fleet is not None:
        pulling["fleet"] = settings.fleet.pulls
    for place, names in pulling.items():
        for name in names:
            _check_made(settings, checks, f"{place}.pulls", name, settings.repositories)


def _check_access(settings: Settings, checks: Checks, field: str, who: str) -> None:
    """Check who is given access: a principal, or the name of an identity, here or of an earlier stage."""
    if ":" in who:
        if checks.principal(field, who):
            check_domain(checks, field, who, settings.domains)
    elif not settings.reads:
        checks.that(
            who in settings.identities,
            field,
            "is neither a principal nor an identity",
            given=who,
            allowed=", ".join(["a principal such as group:ml@acme.test", *settings.identities]),
            do="write the kind before an address, or define it under identities",
        )


def _check_made(settings: Settings, checks: Checks, field: str, name: str, made: Mapping[str, object]) -> None:
    """Check a name that another section defines; what earlier stages have made is known only when they are read."""
    if not settings.reads:
        checks.one_of(field, name, made)


def _check_notebooks(settings: Settings, checks: Checks) -> None:
    for member in settings.fleet.members if settings.fleet is not None else ():
        name = f"{FLEET}-{member}"
        checks.that(
            name not in settings.notebooks,
            f"notebooks.{name}",
            "has the name of a notebook of the fleet",
            given=name,
            allowed="a notebook name of its own for each person",
            do=f"rename it, or the fleet's {member}",
        )
