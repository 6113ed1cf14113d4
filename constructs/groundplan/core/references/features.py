"""References to feature groups, online stores and feature views."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project, joined
from groundplan.core.references.governance import AgreementRef, admitted, exported_agreements, imported_agreements
from groundplan.core.references.storage import DatasetRef

# What each role allows: "Vertex AI roles and permissions", IAM documentation, 2026-11.
_VIEW_ROLE: Final = "roles/aiplatform.featurestoreResourceViewer"
_READ_ROLE: Final = "roles/aiplatform.featurestoreDataViewer"
_MANAGE_ROLE: Final = "roles/aiplatform.featurestoreAdmin"
# gcloud has no command for these policies, so the one that is there is read, added to, and written back; its etag,
# which stays in it, makes Google refuse to overwrite somebody else's change.
_FORM: Final = (
    "call() {{ curl --fail --silent --request POST --header 'Content-Type: application/json' "
    '--header "Authorization: Bearer $(gcloud auth print-access-token)" --data @- {command}/{place}:"$1"; }}; '
    "echo '{{}}' | call getIamPolicy | jq --arg member {member} --arg role {role} "
    "'{{policy: (.bindings += [{{role: $role, members: [$member]}}])}}' | call setIamPolicy"
)


class _FeatureRef(Reference):
    """What is common to the three: they are in a region of Vertex AI and have a policy of their own."""

    region: str
    """Region that it is in."""
    data_class: DataClass
    """How sensitive its values are."""
    agreements: tuple[AgreementRef, ...] = ()
    """Agreements on the data that the values come from."""

    def _target(self, place: pulumi.Input[str]) -> Target:
        target = self.target(f"https://{self.region}-aiplatform.googleapis.com/v1", place)
        return dataclasses.replace(target, form=_FORM)

    def _exported(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "project": export_project(self.project),
            "region": self.region,
            "data_class": self.data_class.value,
            **exported_agreements(self.agreements),
        }


def _common(exported: Exported) -> dict[str, Any]:
    return {
        **exported,
        "project": import_project(exported["project"]),
        "data_class": DataClass(exported["data_class"]),
        "agreements": imported_agreements(exported),
    }


class FeatureGroupRef(_FeatureRef):
    """Features that are columns of one BigQuery table or view."""

    group_id: pulumi.Input[str]
    """The group's id inside its project and region."""
    features: tuple[str, ...]
    """Ids of its features."""
    dataset: DatasetRef
    """Where the values are."""

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """What must exist before a view can name the features."""
        return ()

    def grant_view(self, principal: object) -> Grant:
        """Let a principal see the group and its features: names, descriptions, labels, not one value."""
        identity = identity_of(principal, self.site)
        args = gcp.vertex.AiFeatureGroupIamMemberArgs(
            project=self.project.id,
            region=self.region,
            feature_group=self.group_id,
            role=_VIEW_ROLE,
            member=identity.member,
        )
        place = joined(f"projects/{self.project.id}/locations/{self.region}/featureGroups/", self.group_id)
        return grant(self._target(place), _VIEW_ROLE, identity, gcp.vertex.AiFeatureGroupIamMember, args)

    def grant_read(self, principal: object) -> tuple[Grant, ...]:
        """Let a principal read the values where they are, in BigQuery, as training does: of the whole dataset."""
        return (self.dataset.grant_read(principal),)

    def exported(self) -> dict[str, Any]:
        """Return the group as another stack reads it."""
        return {
            **self._exported(),
            "group_id": self.group_id,
            "features": list(self.features),
            "dataset": self.dataset.exported(),
        }

    @staticmethod
    def imported(exported: Exported) -> FeatureGroupRef:
        """Return the group that another stack exported."""
        return ExistingFeatureGroup(
            **{
                **_common(exported),
                "features": tuple(exported["features"]),
                "dataset": DatasetRef.imported(exported["dataset"]),
            }
        )


class ExistingFeatureGroup(FeatureGroupRef):
    """A feature group that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        region: str,
        data_class: DataClass,
        group_id: pulumi.Input[str],
        features: tuple[str, ...],
        dataset: DatasetRef,
        agreements: tuple[AgreementRef, ...] = (),
    ) -> None:
        """Take the attributes of ``FeatureGroupRef``."""
        self.label = label
        self.project = project
        self.region = region
        self.data_class = data_class
        self.agreements = agreements
        self.group_id = group_id
        self.features = features
        self.dataset = dataset


class OnlineStoreRef(_FeatureRef):
    """A store that serves the latest values of features."""

    store_id: pulumi.Input[str]
    """The store's id inside its project and region."""
    optimized: bool
    """Whether it is of Google's kind Optimized, which serves vectors and is not synchronised continuously; else it is
    of the kind Bigtable."""

    def grant_view(self, principal: object) -> Grant:
        """Let a principal see the store and how it is set up, not one value: those are granted on its views."""
        identity = identity_of(principal, self.site)
        args = gcp.vertex.AiFeatureOnlineStoreIamMemberArgs(
            project=self.project.id,
            region=self.region,
            feature_online_store=self.store_id,
            role=_VIEW_ROLE,
            member=identity.member,
        )
        place = joined(f"projects/{self.project.id}/locations/{self.region}/featureOnlineStores/", self.store_id)
        return grant(self._target(place), _VIEW_ROLE, identity, gcp.vertex.AiFeatureOnlineStoreIamMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the store as another stack reads it."""
        return {**self._exported(), "store_id": self.store_id, "optimized": self.optimized}

    @staticmethod
    def imported(exported: Exported) -> OnlineStoreRef:
        """Return the store that another stack exported."""
        return ExistingOnlineStore(**_common(exported))


class ExistingOnlineStore(OnlineStoreRef):
    """An online store that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        region: str,
        data_class: DataClass,
        store_id: pulumi.Input[str],
        optimized: bool,
        agreements: tuple[AgreementRef, ...] = (),
    ) -> None:
        """Take the attributes of ``OnlineStoreRef``."""
        self.label = label
        self.project = project
        self.region = region
        self.data_class = data_class
        self.agreements = agreements
        self.store_id = store_id
        self.optimized = optimized


class FeatureViewRef(_FeatureRef):
    """Features of an online store that are read together."""

    store_id: pulumi.Input[str]
    """Id of the store that it is in."""
    view_id: pulumi.Input[str]
    """The view's id inside its store."""

    def grant_read(self, principal: object) -> Grant:
        """Let a principal fetch values, and search nearest entities where the view has vectors."""
        return self._grant(_READ_ROLE, principal)

    def grant_manage(self, principal: object) -> Grant:
        """Let a principal synchronise the view when a pipeline is done, and also read, change, share and delete it.

        Google has no narrower role that starts a synchronisation.
        """
        return self._grant(_MANAGE_ROLE, principal)

    def _grant(self, role: str, principal: object) -> Grant:
        identity = admitted(self.agreements, identity_of(principal, self.site), self.site)
        args = gcp.vertex.AiFeatureOnlineStoreFeatureviewIamMemberArgs(
            project=self.project.id,
            region=self.region,
            feature_online_store=self.store_id,
            feature_view=self.view_id,
            role=role,
            member=identity.member,
        )
        place = joined(
            f"projects/{self.project.id}/locations/{self.region}/featureOnlineStores/",
            self.store_id,
            "/featureViews/",
            self.view_id,
        )
        kind = gcp.vertex.AiFeatureOnlineStoreFeatureviewIamMember
        return grant(self._target(place), role, identity, kind, args)

    def exported(self) -> dict[str, Any]:
        """Return the view as another stack reads it."""
        return {**self._exported(), "store_id": self.store_id, "view_id": self.view_id}

    @staticmethod
    def imported(exported: Exported) -> FeatureViewRef:
        """Return the view that another stack exported."""
        return ExistingFeatureView(**_common(exported))


class ExistingFeatureView(FeatureViewRef):
    """A feature view that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        region: str,
        data_class: DataClass,
        store_id: pulumi.Input[str],
        view_id: pulumi.Input[str],
        agreements: tuple[AgreementRef, ...] = (),
    ) -> None:
        """Take the attributes of ``FeatureViewRef``."""
        self.label = label
        self.project = project
        self.region = region
        self.data_class = data_class
        self.agreements = agreements
        self.store_id = store_id
        self.view_id = view_id
