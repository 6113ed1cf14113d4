"""What the constructs would refuse, told before any of them is made: all of it, each with the setting that says it."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Settings, Stage
from blueprint.settings.base import Section
from blueprint.stages import (
    delivery,
    features,
    foundation,
    governance,
    monitoring,
    organisation,
    platform,
    release,
    scans,
    serving,
    team,
    training,
)
from blueprint.stand_ins import StandIns
from groundplan.core import references
from groundplan.core.component import Args
from groundplan.core.errors import LookupFailure, Problem
from groundplan.core.references import Reference
from groundplan.core.validation import Checks

Made = Args | Reference | gp.KeyRingRef
_Named = Callable[[Context, str], Made]
_PART: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]|\['([^']*)'\]")
_PUBLISHED: Final = {"attachment": "service_attachment"}
_QUOTA: Final = {"quota": "quota_limit"}
# What an argument is called in the settings, where it is not the same: argument -> path in the construct's section.
_BUDGET: Final = {
    "billing_account": "budget.billing_account",
    "budget_amount": "budget.amount",
    "budget_currency": "budget.currency",
    "budget_contacts": "budget.contacts",
    "purposes": "extra_purposes",
}


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One construct to be: where the settings speak of it, and its arguments."""

    stage: Stage
    place: tuple[str, ...]
    make: Callable[[], Made]
    renamed: Mapping[str, str] = field(default_factory=dict)


def problems(settings: Settings, env: gp.Environment, earlier: Sequence[gp.Exports] = ()) -> list[Problem]:
    """Return all that the constructs' own checks find, each with the setting at fault as its field.

    What a setting names and nobody makes is left to the checks of the settings themselves.
    """
    context = StandIns(settings, env, list(earlier))
    found: list[Problem] = []
    for part in _parts(context):
        if part.stage in settings.stages:
            found += [
                dataclasses.replace(problem, field=_dotted(_place(settings, part, problem.field)))
                for problem in _faults(part)
            ]
    return list(dict.fromkeys(found))


def _faults(part: _Part) -> Sequence[Problem]:
    try:
        made = part.make()
    except LookupFailure:
        return ()
    except gp.ArgumentError as error:
        return error.problems
    checks = Checks(".".join(part.place))
    if isinstance(made, Args):
        made.check_whole(checks)
    return checks.problems


def _parts(context: StandIns) -> Iterator[_Part]:
    yield from _organisation(context)
    yield from _foundation(context)
    yield from _platform(context)
    yield from _team(context)


def _named(
    context: StandIns, stage: Stage, section: str, make: _Named, renamed: Mapping[str, str] | None = None
) -> Iterator[_Part]:
    for name in getattr(context.settings, section):
        arguments = functools.partial(make, context, name)
        yield _Part(stage=stage, place=(section, name), make=arguments, renamed=renamed or {})


def _organisation(context: StandIns) -> Iterator[_Part]:
    stage, settings = Stage.ORGANISATION, context.settings
    if context.env.organization is not None:
        policies = functools.partial(organisation.policies_args, context)
        yield _Part(stage=stage, place=(), make=policies, renamed={"purposes": "extra_purposes"})
    if settings.perimeter is not None:
        perimeter = functools.partial(organisation.perimeter_args, context, settings.perimeter)
        yield _Part(stage=stage, place=("perimeter",), make=perimeter, renamed={"policy_id": "access_policy"})


def _foundation(context: StandIns) -> Iterator[_Part]:
    stage, settings = Stage.FOUNDATION, context.settings
    projects = functools.partial(foundation.project_args, context)
    yield _Part(stage=stage, place=(), make=projects, renamed=_BUDGET)
    if settings.keys.existing is not None:
        there = functools.partial(foundation.existing_keys, settings.keys.existing)
        yield _Part(stage=stage, place=("keys", "existing"), make=there)
    elif foundation.makes_keys(context):
        yield _Part(stage=stage, place=("keys",), make=functools.partial(foundation.key_args, context))
    if settings.logs.existing is None:
        yield _Part(stage=stage, place=("logs",), make=functools.partial(foundation.archive_args, context))
    if settings.security_alerts is not None:
        bucket = f"projects/{context.env.projects.logs.id}/locations/{context.env.region}/buckets/archive"
        archive = foundation.existing_archive(context.env, bucket)
        alerts = functools.partial(foundation.alert_args, context, settings.security_alerts, archive)
        yield _Part(stage=stage, place=("security_alerts",), make=alerts)


def _platform(context: StandIns) -> Iterator[_Part]:
    stage, network = Stage.PLATFORM, context.settings.network
    if network.existing is not None:
        there = functools.partial(platform.existing_network, context, network.existing)
        yield _Part(stage=stage, place=("network", "existing"), make=there)
    else:
        yield _Part(stage=stage, place=("network",), make=functools.partial(platform.network_args, context))
    if network.service_access_cidr is not None:
        access = functools.partial(platform.service_access_args, context, network.service_access_cidr)
        yield _Part(stage=stage, place=("network",), make=access, renamed={"cidr": "service_access_cidr"})
    yield from _named(context, stage, "service_endpoints", platform.service_endpoint_args, _PUBLISHED)
    yield from _named(context, stage, "identities", platform.identity_args)
    yield from _named(context, stage, "federation", platform.federation_args, {"issuer.issuer": "url"})
    yield from _named(context, stage, "reviews", governance.review_args)
    yield from _named(context, stage, "agreements", governance.agreement_args)
    yield from _named(context, stage, "buckets", platform.bucket_args, {"bucket_name": "existing"})
    yield from _named(context, stage, "warehouses", platform.warehouse_args, {"dataset_id": "existing"})
    if context.settings.discovery is not None:
        discovery = functools.partial(platform.discovery_args, context, context.settings.discovery)
        yield _Part(stage=stage, place=("discovery",), make=discovery)
    yield from _named(context, stage, "scans", scans.scan_args)
    yield from _named(context, stage, "sources", platform.source_args)
    yield from _features(context)
    yield from _named(context, stage, "repositories", delivery.repository_args)
    if context.settings.build_pool is not None:
        pool = functools.partial(delivery.pool_args, context, context.settings.build_pool)
        yield _Part(stage=stage, place=("build_pool",), make=pool)


def _features(context: StandIns) -> Iterator[_Part]:
    stage, settings = Stage.PLATFORM, context.settings
    yield from _named(context, stage, "feature_groups", features.group_args, {"dataset": "warehouse"})
    yield from _named(context, stage, "online_stores", features.store_args)
    datasets = {group.warehouse: context.dataset(group.warehouse) for group in settings.feature_groups.values()}
    groups = {
        name: references.ExistingFeatureGroup(
            label=name,
            project=context.env.projects.workload,
            region=context.env.region,
            data_class=dataset.data_class,
            group_id=name,
            features=tuple(group.features),
            dataset=dataset,
        )
        for name, group in settings.feature_groups.items()
        if (dataset := datasets[group.warehouse]) is not None
    }
    stores = {
        name: references.ExistingOnlineStore(
            label=name,
            project=context.env.projects.workload,
            region=context.env.region,
            data_class=gp.DataClass(store.data_class),
            store_id=name,
            optimized=False,
        )
        for name, store in settings.online_stores.items()
    }
    for name, view in settings.feature_views.items():
        if view.store in stores and set(view.groups) <= set(groups):
            make = functools.partial(features.view_args, context, name, groups, stores)
            yield _Part(stage=stage, place=("feature_views", name), make=make, renamed={"source": "groups"})


def _team(context: StandIns) -> Iterator[_Part]:
    stage, settings = Stage.TEAM, context.settings
    yield from _named(context, stage, "notebooks", team.notebook_args)
    if settings.fleet is not None:
        fleet = functools.partial(team.fleet_args, context, settings.fleet)
        yield _Part(stage=stage, place=("fleet",), make=fleet)
    yield from _named(context, stage, "colab", team.colab_args)
    yield from _named(context, stage, "reservations", training.reservation_args, _QUOTA)
    yield from _named(context, stage, "training", training.pool_args, _QUOTA)
    yield from _named(context, stage, "clusters", training.cluster_args, {**_QUOTA, "node_pools": "pools"})
    yield from _named(context, stage, "tpus", training.tpu_args, _QUOTA)
    yield from _named(context, stage, "pipelines", training.pipelines_args)
    yield from _named(context, stage, "endpoints", serving.endpoint_args)
    yield from _named(context, stage, "monitoring", monitoring.monitoring_args)
    if settings.delivery is not None:
        set_of_delivery = functools.partial(release.delivery_args, context, settings.delivery, None)
        yield _Part(stage=stage, place=("delivery",), make=set_of_delivery)


def _place(settings: Settings, part: _Part, argument: str) -> list[str | int]:
    """Return where the settings give an argument; what they have no word for is the construct's own place.

    Settings are flatter than arguments, so a part of the argument's name that they do not have is passed over; and
    what is a list there is often a mapping by name here.
    """
    place: list[str | int] = []
    current: object = settings
    for step in (*part.place, *_steps(argument, part.renamed)):
        found = _step(current, step)
        if found is not None:
            key, current = found
            place.append(key)
    return place


def _steps(argument: str, renamed: Mapping[str, str]) -> Iterator[str | int]:
    for name, index, key in _PART.findall(argument):
        if index:
            yield int(index)
        else:
            yield from renamed.get(name, name or key).split(".")


def _step(current: object, step: str | int) -> tuple[str | int, object] | None:
    """Return the key and the value one step inside a value; None where it has no such step."""
    if isinstance(current, Section) and isinstance(step, str) and step in type(current).model_fields:
        return step, getattr(current, step)
    if isinstance(current, dict):
        key = list(current)[step] if isinstance(step, int) and step < len(current) else step
        return (key, current[key]) if key in current else None
    if isinstance(current, list) and isinstance(step, int) and step < len(current):
        return step, current[step]
    return None


def _dotted(place: Sequence[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
