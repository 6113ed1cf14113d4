"""A feature view: which features an online store serves together, from where, and how fresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core import providers
from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.cron import check_cron
from groundplan.core.data_class import DataClass
from groundplan.core.governed import AgreedArgs, check_held
from groundplan.core.grants import Grant
from groundplan.core.references import (
    AgreementRef,
    ExistingFeatureView,
    FeatureGroupRef,
    FeatureViewRef,
    OnlineStoreRef,
)
from groundplan.core.validation import Checks
from groundplan.features.checks import check_class, check_id
from groundplan.features.legacy import check_not_legacy
from groundplan.features.source import FeatureSource
from groundplan.features.vector_search import VectorSearch

_AGENT: Final = "aiplatform.googleapis.com"
_CONTINUOUS: Final = "continuous"
_ON_DEMAND: Final = "on_demand"


@dataclass(frozen=True, kw_only=True)
class GroupFeatures:
    """Features of one group."""

    group: FeatureGroupRef
    """The group, ours or one that was there before."""
    features: tuple[str, ...] = ()
    """Ids of features; by default all of the group."""

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the features that are served."""
        return self.features or self.group.features


@dataclass(frozen=True, kw_only=True)
class FeatureViewArgs(AgreedArgs):
    """What a ``FeatureView`` takes."""

    store: OnlineStoreRef
    """The store that serves it, ours or one that was there before."""
    source: tuple[GroupFeatures, ...] | FeatureSource
    """Registered features; or a table or view with one row for an entity, whose columns are all served."""
    sync: str = "0 4 * * *"
    """When values are copied from BigQuery: a cron schedule, UTC unless a time zone stands first
    (``CRON_TZ=Europe/Amsterdam 0 4 * * *``); ``continuous``, which needs a store of the kind Bigtable; or
    ``on_demand``. Each synchronisation is a query that the project pays for."""
    data_class: DataClass | None = None
    """How sensitive the values are: as the strictest source, or stricter; by default as that."""
    vector_search: VectorSearch | None = None
    """Search by embeddings; needs a store of the kind Optimized."""

    def __post_init__(self) -> None:
        """Take over the agreements on the sources where none are given."""
        if not self.agreements:
            object.__setattr__(self, "agreements", self._source_agreements())

    def _source_agreements(self) -> tuple[AgreementRef, ...]:
        if isinstance(self.source, FeatureSource):
            holders: list[object] = [self.source.dataset]
        else:
            named = self.source if isinstance(self.source, tuple) else ()
            holders = [entry.group for entry in named if isinstance(entry, GroupFeatures)]
        return tuple(dict.fromkeys(each for holder in holders for each in getattr(holder, "agreements", ())))

    @property
    def groups(self) -> tuple[GroupFeatures, ...]:
        """The registered features; empty where the source is a table or view."""
        return () if isinstance(self.source, FeatureSource) else self.source

    @property
    def source_classes(self) -> Mapping[str, DataClass]:
        """Class of each source, by its short name."""
        if isinstance(self.source, FeatureSource):
            return {self.source.dataset.label: self.source.dataset.data_class}
        return {entry.group.label: entry.group.data_class for entry in self.source}

    @property
    def chosen_class(self) -> DataClass:
        """How sensitive the values are."""
        return self.data_class or max(self.source_classes.values(), key=lambda known: known.rank)

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        current = check_not_legacy(checks, "store", self.store)
        stored = current and checks.instance(
            "store", self.store, OnlineStoreRef, "an OnlineStore, or OnlineStore.from_existing(…)"
        )
        region = self.store.region if stored else self.env.region
        if self._check_source(checks, region=region):
            check_held(checks, self.agreements, None, region)
            if stored:
                self._check_classes(checks)
        self._check_sync(checks, optimized=stored and self.store.optimized)
        if self.vector_search is not None and checks.instance(
            "vector_search", self.vector_search, VectorSearch, "a VectorSearch"
        ):
            known = self.source.columns if isinstance(self.source, FeatureSource) else None
            self.vector_search.check(checks, "vector_search", known)
            checks.that(
                not stored or self.store.optimized,
                "vector_search",
                "cannot be served by a store of the kind Bigtable",
                given="a VectorSearch",
                allowed="vector_search in a store with serving=OptimizedServing(…)",
                do="use an Optimized store for embeddings, or leave vector_search out",
            )

    def _check_source(self, checks: Checks, *, region: str) -> bool:
        if isinstance(self.source, FeatureSource):
            return self.source.check(checks, "source", region=region)
        well = checks.that(
            isinstance(self.source, tuple) and self.source,
            "source",
            "names no features",
            given=type(self.source).__name__,
            allowed="a tuple of GroupFeatures, or a FeatureSource",
            do="name the groups whose features are served",
        )
        for index, entry in enumerate(self.source if well else ()):
            well = self._check_group(checks, f"source[{index}]", entry, region) and well
        if well:
            checks.unique("source", (entry.group.label for entry in self.source), "group")
            projects = sorted({entry.group.project.id for entry in self.source})
            checks.that(
                len(projects) == 1,
                "source",
                "names groups of several projects, and Google takes one a view",
                given=", ".join(projects),
                allowed="groups of one project",
                do="make a view for each project",
            )
        return well

    def _check_group(self, checks: Checks, field: str, entry: object, region: str) -> bool:
        if not isinstance(entry, GroupFeatures):
            return checks.instance(field, entry, GroupFeatures, "a GroupFeatures")
        group = entry.group
        if not checks.instance(
            f"{field}.group", group, FeatureGroupRef, "a FeatureGroup, or FeatureGroup.from_existing(…)"
        ):
            return False
        for index, feature in enumerate(entry.features):
            checks.one_of(f"{field}.features[{index}]", feature, group.features)
        checks.unique(f"{field}.features", (str(feature) for feature in entry.features), "feature")
        checks.that(
            group.region == region,
            f"{field}.group",
            "is in another region than the store",
            given=group.region,
            allowed=region,
            do="serve it from a store in its region",
        )
        return True

    def _check_classes(self, checks: Checks) -> None:
        if self.data_class is not None:
            check_class(checks, self.data_class, self.source_classes)
        chosen = self.chosen_class
        checks.that(
            not isinstance(chosen, DataClass) or chosen.rank <= self.store.data_class.rank,
            "store",
            f"is for {self.store.data_class.value} data at most, by its class and by its key",
            given=f"{chosen} values",
            allowed=f"values of class {self.store.data_class.value} or laxer",
            do="serve them from a store of their class",
        )

    def _check_sync(self, checks: Checks, *, optimized: bool) -> None:
        if self.sync == _CONTINUOUS:
            checks.that(
                not optimized,
                "sync",
                "is continuous, which a store of the kind Optimized cannot be",
                given=self.sync,
                allowed="a cron schedule or on_demand",
                do="give a schedule, or serve from a store of the kind Bigtable",
            )
        elif self.sync != _ON_DEMAND:
            check_cron(checks, "sync", self.sync)


class FeatureView(Component, FeatureViewRef):
    """Features that an online store serves together.

    Children: ``view``; and grants that let Vertex AI's agent in the store's project read each source, personal columns
    without their masks, and see groups of other projects. Who reads the view is granted on the view alone.
    """

    kind = "groundplan:features:FeatureView"
    objectives = ("2.1.d", "4.2.a", "5.1.b")

    def __init__(self, name: str, args: FeatureViewArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the view; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.store.project
        self.region = args.store.region
        self.data_class = args.chosen_class
        self.agreements = args.agreements
        self.store_id = args.store.store_id
        self.view = self._view()
        self.view_id: pulumi.Input[str] = self.view.name
        self.finish(
            {
                "viewId": self.view.name,
                "storeId": self.store_id,
                "sync": args.sync,
                "dataClass": self.data_class.value,
                "features": {entry.group.label: list(entry.chosen) for entry in args.groups},
            }
        )

    def _view(self) -> gcp.vertex.AiFeatureOnlineStoreFeatureview:
        args = self.args
        made = [resource for entry in args.groups for resource in entry.group.resources]
        made += args.source.resources if isinstance(args.source, FeatureSource) else ()
        granted = [resource for grant in self._grants() for resource in grant.resources]
        search = args.vector_search
        return self.make(
            "view",
            gcp.vertex.AiFeatureOnlineStoreFeatureview,
            gcp.vertex.AiFeatureOnlineStoreFeatureviewArgs(
                project=self.project.id,
                region=self.region,
                feature_online_store=self.store_id,
                name=self.cloud_name("feature_view", generation=True),
                big_query_source=self._table(),
                feature_registry_source=self._registry(),
                sync_config=self._sync(),
                vector_search_config=search.arguments() if search is not None else None,
                labels=self.labels(classification=self.data_class.value),
            ),
            project=self.project,
            depends_on=[*made, *granted],
        )

    def _grants(self) -> list[Grant]:
        """Let whoever copies the values read them; else only the first synchronisation would say that it cannot."""
        agent = service_agent(self.project, _AGENT)
        if isinstance(self.args.source, FeatureSource):
            return list(self.args.source.grant_read(agent))
        found: list[Grant] = []
        for entry in self.args.groups:
            found += entry.group.grant_read(agent)
            if entry.group.project.id != self.project.id:
                found.append(entry.group.grant_view(agent))
        return found

    def _table(self) -> gcp.vertex.AiFeatureOnlineStoreFeatureviewBigQuerySourceArgs | None:
        source = self.args.source
        if not isinstance(source, FeatureSource):
            return None
        return gcp.vertex.AiFeatureOnlineStoreFeatureviewBigQuerySourceArgs(
            uri=source.uri, entity_id_columns=list(source.entity_id_columns)
        )

    def _registry(self) -> gcp.vertex.AiFeatureOnlineStoreFeatureviewFeatureRegistrySourceArgs | None:
        groups = self.args.groups
        if not groups:
            return None
        project = groups[0].group.project
        return gcp.vertex.AiFeatureOnlineStoreFeatureviewFeatureRegistrySourceArgs(
            project_number=providers.project_number(project) if project.id != self.project.id else None,
            feature_groups=[
                gcp.vertex.AiFeatureOnlineStoreFeatureviewFeatureRegistrySourceFeatureGroupArgs(
                    feature_group_id=entry.group.group_id, feature_ids=list(entry.chosen)
                )
                for entry in groups
            ],
        )

    def _sync(self) -> gcp.vertex.AiFeatureOnlineStoreFeatureviewSyncConfigArgs | None:
        sync = self.args.sync
        if sync == _ON_DEMAND:
            return None
        if sync == _CONTINUOUS:
            return gcp.vertex.AiFeatureOnlineStoreFeatureviewSyncConfigArgs(continuous=True)
        return gcp.vertex.AiFeatureOnlineStoreFeatureviewSyncConfigArgs(cron=sync)

    @staticmethod
    def from_existing(
        view_id: str, *, store: OnlineStoreRef, data_class: DataClass, label: str | None = None
    ) -> FeatureViewRef:
        """Return a feature view that was there before.

        ``view_id`` is its id inside ``store``, whose project says whether grants on it are ours to make; ``data_class``
        is that of its values; ``label``, by default the id, begins the names of grants.
        """
        checks = Checks("FeatureView.from_existing")
        check_id(checks, "view_id", view_id, "feature_view")
        checks.instance("store", store, OnlineStoreRef, "an OnlineStore, or OnlineStore.from_existing(…)")
        checks.instance("data_class", data_class, DataClass, "a DataClass, such as DataClass.INTERNAL")
        checks.finish()
        return ExistingFeatureView(
            label=label or view_id.replace("_", "-"),
            project=store.project,
            region=store.region,
            data_class=data_class,
            store_id=store.store_id,
            view_id=view_id,
        )
