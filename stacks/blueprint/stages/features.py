"""Features, on the platform: whoever registers them reads the columns without their masks, as the warehouse's owner."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.stages import lookup


def build(context: Context) -> None:
    """Register features, and serve them."""
    env, settings = context.env, context.settings
    groups: dict[str, gp.FeatureGroup] = {}
    for name, group in settings.feature_groups.items():
        source = gp.FeatureSource(
            dataset=lookup.dataset(context, group.warehouse),
            table=group.table,
            entity_id_columns=tuple(group.entity_id_columns),
        )
        features = tuple(gp.Feature(name=column, description=meaning) for column, meaning in group.features.items())
        groups[name] = gp.FeatureGroup(
            name,
            gp.FeatureGroupArgs(
                env=env, source=source, features=features, owner=group.owner, description=group.description
            ),
        )
        for reader in group.readers:
            groups[name].grant_read(lookup.account(context, reader))
    stores = {
        name: gp.OnlineStore(
            name,
            gp.OnlineStoreArgs(
                env=env,
                data_class=gp.DataClass(store.data_class),
                serving=gp.BigtableServing(min_nodes=store.min_nodes, max_nodes=store.max_nodes),
                keys=lookup.keys(context),
            ),
        )
        for name, store in settings.online_stores.items()
    }
    for name, served in settings.feature_views.items():
        sources = tuple(
            gp.GroupFeatures(group=groups[group], features=tuple(features)) for group, features in served.groups.items()
        )
        view = gp.FeatureView(
            name, gp.FeatureViewArgs(env=env, store=stores[served.store], source=sources, sync=served.sync)
        )
        for reader in served.readers:
            view.grant_read(lookup.account(context, reader))
