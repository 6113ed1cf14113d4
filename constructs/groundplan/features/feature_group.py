"""A feature group: columns of a BigQuery table or view, registered as features under an owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core import names
from groundplan.core.component import Component
from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.governed import AgreedArgs, check_held
from groundplan.core.grants import Grant
from groundplan.core.references import AccountRef, AgreementRef, DatasetRef, ExistingFeatureGroup, FeatureGroupRef
from groundplan.core.references.base import joined
from groundplan.core.validation import Checks
from groundplan.data.columns import Column
from groundplan.data.stored import Principal, check_owner, owner_label
from groundplan.features.checks import check_class, check_id, check_region
from groundplan.features.source import TIMESTAMP, FeatureSource, check_column

_LONGEST_DESCRIPTION = 500


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One feature: a column of the group's source."""

    name: str
    """Id of the feature: up to 128 lower-case letters, digits and underscores, first a letter."""
    description: str
    """What the value means, its unit, how it is computed: a line of up to 500 characters."""
    column: str | None = None
    """Column that holds its values; by default the one of the feature's name."""

    @property
    def source_column(self) -> str:
        """Column that holds the values."""
        return self.column or self.name

    def check(self, checks: Checks, field: str, source: FeatureSource, known: Mapping[str, Column] | None) -> None:
        """Record what is wrong with the feature of a source whose columns may be known."""
        checks.that(
            isinstance(self.name, str) and names.limit("feature").accepts(self.name),
            f"{field}.name",
            "is no id of a feature",
            given=self.name,
            allowed=str(names.limit("feature")),
            do="use lower-case letters, digits and underscores, and name the column in `column`",
        )
        checks.that(
            isinstance(self.description, str)
            and 0 < len(self.description.strip()) <= _LONGEST_DESCRIPTION
            and self.description.isprintable(),
            f"{field}.description",
            "does not say in a line what the feature is",
            given=self.description,
            allowed=f"a line of 1 to {_LONGEST_DESCRIPTION} characters",
            do="say what the value means, so that others can use it",
        )
        checks.that(
            self.source_column not in {*source.entity_id_columns, TIMESTAMP},
            f"{field}.column",
            "says which entity a row is about, or when, and is no feature of it",
            given=self.source_column,
            allowed="any other column",
            do="leave the feature out",
        )
        check_column(checks, f"{field}.column", self.source_column, known)


@dataclass(frozen=True, kw_only=True)
class FeatureGroupArgs(AgreedArgs):
    """What a ``FeatureGroup`` takes."""

    source: FeatureSource
    """The table or view; besides the entity's columns it has a TIMESTAMP column ``feature_timestamp``."""
    features: tuple[Feature, ...]
    """The features."""
    owner: Principal
    """Who answers for the features, best a group such as ``group:ml-data@acme.test``. Google has no field for it, so it
    stands at the end of each description, and in the label ``owner``."""
    description: str = ""
    """What the entity is, and what the features have in common: up to 500 characters."""
    data_class: DataClass | None = None
    """How sensitive the features are: as the dataset, or stricter; by default as the dataset."""

    def __post_init__(self) -> None:
        """Take over the agreements on the dataset where none are given."""
        if not self.agreements and isinstance(self.source, FeatureSource):
            object.__setattr__(self, "agreements", getattr(self.source.dataset, "agreements", ()))

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        check_owner(checks, self.owner)
        checks.within("description", len(self.description), 0, _LONGEST_DESCRIPTION, "characters")
        checks.that(
            self.features,
            "features",
            "are missing",
            given="nothing",
            allowed="at least one Feature",
            do="register the columns that models use",
        )
        if not checks.instance("source", self.source, FeatureSource, "a FeatureSource"):
            return
        well = self.source.check(checks, "source", region=self.env.region)
        self._check_features(checks, self.source.columns if well else None)
        if well:
            check_held(checks, self.agreements, self.data_class or self.source.dataset.data_class, self.env.region)
        if well and self.data_class is not None:
            check_class(checks, self.data_class, {self.source.dataset.label: self.source.dataset.data_class})

    def _check_features(self, checks: Checks, known: Mapping[str, Column] | None) -> None:
        if known is not None and checks.one_of("source.table", TIMESTAMP, known):
            checks.one_of("source.table", known[TIMESTAMP].api_type, ("TIMESTAMP",))
        for index, feature in enumerate(self.features):
            if checks.instance(f"features[{index}]", feature, Feature, "a Feature"):
                feature.check(checks, f"features[{index}]", self.source, known)
        ids = [feature.name for feature in self.features if isinstance(feature, Feature)]
        checks.unique("features", ids, "feature")


class FeatureGroup(Component, FeatureGroupRef):
    """Features over one table or view of BigQuery, for training to read there and for views to serve.

    Children: ``group``, and ``feature-<name>`` for each feature. Nothing is copied: the values stay in BigQuery, where
    ``grant_read`` lets training read them; ``grant_view`` shows what features there are.
    """

    kind = "groundplan:features:FeatureGroup"
    objectives = ("1.1.b", "2.1.d", "5.1.b")

    def __init__(self, name: str, args: FeatureGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the group and its features; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.region = args.env.region
        self.dataset = args.source.dataset
        self.agreements = args.agreements
        self.data_class = args.data_class or self.dataset.data_class
        self.features = tuple(feature.name for feature in args.features)
        self.group = self._group()
        self.group_id: pulumi.Input[str] = self.group.name
        self._made = tuple(self._feature(feature) for feature in args.features)
        self.finish(
            {
                "groupId": self.group.name,
                "source": args.source.uri,
                "features": {feature.name: feature.source_column for feature in args.features},
                "dataClass": self.data_class.value,
                "owner": self._owner,
            }
        )

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """The group and its features."""
        return (self.group, *self._made)

    @property
    def _owner(self) -> pulumi.Input[str]:
        owner = self.args.owner
        return owner.member if isinstance(owner, AccountRef) else owner

    def _labels(self) -> dict[str, str]:
        return self.labels(classification=self.data_class.value, owner=owner_label(self.args.owner))

    def _described(self, text: str) -> pulumi.Input[str]:
        text = text.strip()
        stop = "" if not text or text.endswith((".", "!", "?")) else "."
        return joined(f"{text}{stop} Owner: ".lstrip(), self._owner)

    def _group(self) -> gcp.vertex.AiFeatureGroup:
        source = self.args.source
        return self.make(
            "group",
            gcp.vertex.AiFeatureGroup,
            gcp.vertex.AiFeatureGroupArgs(
                project=self.project.id,
                region=self.region,
                name=self.cloud_name("feature_group", generation=True),
                description=self._described(self.args.description),
                big_query=gcp.vertex.AiFeatureGroupBigQueryArgs(
                    big_query_source=gcp.vertex.AiFeatureGroupBigQueryBigQuerySourceArgs(input_uri=source.uri),
                    entity_id_columns=list(source.entity_id_columns),
                ),
                labels=self._labels(),
            ),
            depends_on=source.resources,
        )

    def _feature(self, feature: Feature) -> gcp.vertex.AiFeatureGroupFeature:
        return self.make(
            f"feature-{feature.name}",
            gcp.vertex.AiFeatureGroupFeature,
            gcp.vertex.AiFeatureGroupFeatureArgs(
                project=self.project.id,
                region=self.region,
                feature_group=self.group.name,
                name=feature.name,
                description=self._described(feature.description),
                version_column_name=feature.column,
                labels=self._labels(),
            ),
        )

    def grant_read(self, principal: object) -> tuple[Grant, ...]:
        """Let a principal read the values where they are, in BigQuery, as training does.

        Google grants reading on the dataset, not on columns; those of the entity and of the features that are personal
        are read as they are, and others of the table stay masked.
        """
        source = self.args.source
        columns = [*source.entity_id_columns, *(feature.source_column for feature in self.args.features)]
        return source.grant_read(principal, columns)

    @staticmethod
    def from_existing(
        group_id: str,
        *,
        project: Project,
        region: str,
        dataset: DatasetRef,
        features: tuple[str, ...],
        data_class: DataClass | None = None,
        label: str | None = None,
        agreements: tuple[AgreementRef, ...] = (),
    ) -> FeatureGroupRef:
        """Return a feature group that was there before.

        ``group_id`` is its id inside ``project``, whose ``managed`` says whether grants on it are ours to make;
        ``features`` are the ids of its features; ``dataset`` is where their values are, and ``data_class`` by default
        its class; ``label``, by default the id, begins the names of grants; ``agreements`` are those on the values.
        """
        checks = Checks("FeatureGroup.from_existing")
        check_id(checks, "group_id", group_id, "feature_group")
        check_region(checks, region)
        checks.that(
            features,
            "features",
            "are missing",
            given="nothing",
            allowed="the ids of the group's features",
            do="name those that views may take",
        )
        for index, feature in enumerate(features):
            check_id(checks, f"features[{index}]", feature, "feature")
        if checks.instance("dataset", dataset, DatasetRef, "a Warehouse, or Warehouse.from_existing(…)") and data_class:
            check_class(checks, data_class, {dataset.label: dataset.data_class})
        checks.finish()
        return ExistingFeatureGroup(
            label=label or group_id.replace("_", "-"),
            project=project,
            region=region,
            data_class=data_class or dataset.data_class,
            group_id=group_id,
            features=tuple(features),
            dataset=dataset,
            agreements=agreements,
        )
