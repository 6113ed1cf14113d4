"""Features, on the platform: whoever registers them reads the columns without their masks, as the warehouse's owner."""

from __future__ import annotations

from collections.abc import Mapping

import groundplan as gp
from blueprint.context import Context
from blueprint.stages import governance, lookup


def build(context: Context) -> None:
    """Register features, and serve them."""
    settings = context.settings
    groups: dict[str, gp.FeatureGroup] = {}
    for name, group in settings.feature_groups.items():
        groups[name] = gp.FeatureGroup(name, group_args(context, name))
        for reader in group.readers:
            groups[name].grant_read(lookup.account(context, reader))
    stores = {name: gp.OnlineStore(name, store_args(context, name)) for name in settings.online_stores}
    for name, served in settings.feature_views.items():
        view = gp.FeatureView(name, view_args(context, name, groups, stores))
        for reader in served.readers:
            view.grant_read(lookup.account(context, reader))


def group_args(context: Context, name: str) -> gp.FeatureGroupArgs:
    """Return the arguments of a group of features."""
    settings = context.settings.feature_groups[name]
    source = gp.FeatureSource(
        dataset=lookup.dataset(context, settings.warehouse),
        table=settings.table,
        entity_id_columns=tuple(settings.entity_id_columns),
    )
    features = tuple(gp.Feature(name=column, description=meaning) for column, meaning in settings.features.items())
    return gp.FeatureGroupArgs(
        env=context.env, source=source, features=features, owner=settings.owner, description=settings.description
    )


def store_args(context: Context, name: str) -> gp.OnlineStoreArgs:
    """Return the arguments of an online store."""
    settings = context.settings.online_stores[name]
    return gp.OnlineStoreArgs(
        env=context.env,
        data_class=gp.DataClass(settings.data_class),
        serving=gp.BigtableServing(min_nodes=settings.min_nodes, max_nodes=settings.max_nodes),
        keys=lookup.keys(context),
        agreements=governance.agreements(context, settings.agreements),
    )


def view_args(
    context: Context, name: str, groups: Mapping[str, gp.FeatureGroupRef], stores: Mapping[str, gp.OnlineStoreRef]
) -> gp.FeatureViewArgs:
    """Return the arguments of a view on groups, in one of the stores."""
    settings = context.settings.feature_views[name]
    sources = tuple(
        gp.GroupFeatures(group=groups[group], features=tuple(features)) for group, features in settings.groups.items()
    )
    return gp.FeatureViewArgs(env=context.env, store=stores[settings.store], source=sources, sync=settings.sync)
