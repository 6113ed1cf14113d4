"""References to buckets and to BigQuery datasets."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, grant
from groundplan.core.principals import identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project, joined
from groundplan.core.references.governance import AgreementRef, admitted, exported_agreements, imported_agreements

# In a dataset's list of access BigQuery answers with the older names of three roles, whatever it was given.
_ENTRY_ROLES: Final = {
    "roles/bigquery.dataViewer": "READER",
    "roles/bigquery.dataEditor": "WRITER",
    "roles/bigquery.dataOwner": "OWNER",
}
_GRANT_STATEMENT: Final = "{command} 'GRANT `{role}` ON SCHEMA `{place}` TO \"{member}\"'"


class BucketRef(Reference):
    """A Cloud Storage bucket."""

    bucket_name: pulumi.Input[str]
    """The bucket's name, without ``gs://``."""
    location: str
    """The bucket's location, such as ``europe-west4``."""
    data_class: DataClass
    """How sensitive its objects are."""
    agreements: tuple[AgreementRef, ...] = ()
    """Agreements on the data in it, whose consumers alone may be given access."""

    def grant_read(self, principal: object) -> Grant:
        """Let a principal read and list objects."""
        return self._grant("roles/storage.objectViewer", principal)

    def grant_write(self, principal: object) -> Grant:
        """Let a principal add objects, not read, change or delete them."""
        return self._grant("roles/storage.objectCreator", principal)

    def grant_read_write(self, principal: object) -> Grant:
        """Let a principal read, list, add, change and delete objects."""
        return self._grant("roles/storage.objectUser", principal)

    def _grant(self, role: str, principal: object) -> Grant:
        identity = admitted(self.agreements, identity_of(principal, self.site), self.site)
        args = gcp.storage.BucketIAMMemberArgs(bucket=self.bucket_name, role=role, member=identity.member)
        place = joined("gs://", self.bucket_name)
        target = self.target("gcloud storage buckets add-iam-policy-binding", place)
        return grant(target, role, identity, gcp.storage.BucketIAMMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the bucket as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "bucket_name": self.bucket_name,
            "location": self.location,
            "data_class": self.data_class.value,
            **exported_agreements(self.agreements),
        }

    @staticmethod
    def imported(exported: Exported) -> BucketRef:
        """Return the bucket that another stack exported."""
        return ExistingBucket(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "data_class": DataClass(exported["data_class"]),
                "agreements": imported_agreements(exported),
            }
        )


class ExistingBucket(BucketRef):
    """A bucket that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        bucket_name: pulumi.Input[str],
        location: str,
        data_class: DataClass,
        agreements: tuple[AgreementRef, ...] = (),
    ) -> None:
        """Take the attributes of ``BucketRef``."""
        self.label = label
        self.project = project
        self.bucket_name = bucket_name
        self.location = location
        self.data_class = data_class
        self.agreements = agreements


class DatasetRef(Reference):
    """A BigQuery dataset."""

    dataset_id: pulumi.Input[str]
    """The dataset's id inside its project."""
    location: str
    """The dataset's location, such as ``europe-west4``."""
    data_class: DataClass
    """How sensitive its tables are."""
    agreements: tuple[AgreementRef, ...] = ()
    """Agreements on the data in it, whose consumers alone may be given access."""

    def grant_read(self, principal: object) -> Grant:
        """Let a principal read the tables; running queries is a right in the project that pays for them."""
        return self._grant("roles/bigquery.dataViewer", principal)

    def grant_edit(self, principal: object) -> Grant:
        """Let a principal read, make and change tables."""
        return self._grant("roles/bigquery.dataEditor", principal)

    def grant_own(self, principal: object) -> Grant:
        """Let a principal do everything with the dataset, also share and delete it."""
        return self._grant("roles/bigquery.dataOwner", principal)

    def _grant(self, role: str, principal: object) -> Grant:
        """Add an entry to the dataset's list of access.

        IAM resources on a dataset (``DatasetIamMember``) rewrite the list and drop the views authorised in it, so they
        are not used. The entry names the member as IAM does, whatever it is; BigQuery files it under its kind, and
        the provider knows. Source: pulumi-gcp 10.2, notes on ``DatasetIamMember``, and ``api_updated_member`` of
        ``DatasetAccess``.
        """
        identity = admitted(self.agreements, identity_of(principal, self.site), self.site)
        args = gcp.bigquery.DatasetAccessInitArgs(
            project=self.project.id, dataset_id=self.dataset_id, role=_ENTRY_ROLES[role], iam_member=identity.member
        )
        target = self.target(f"bq query --use_legacy_sql=false --location={self.location}", self.place)
        target = dataclasses.replace(target, form=_GRANT_STATEMENT)
        return grant(target, role, identity, gcp.bigquery.DatasetAccess, args)

    @property
    def place(self) -> pulumi.Input[str]:
        """The dataset as SQL names it, ``project.dataset``."""
        return joined(self.project.id, ".", self.dataset_id)

    def exported(self) -> dict[str, Any]:
        """Return the dataset as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "dataset_id": self.dataset_id,
            "location": self.location,
            "data_class": self.data_class.value,
            **exported_agreements(self.agreements),
        }

    @staticmethod
    def imported(exported: Exported) -> DatasetRef:
        """Return the dataset that another stack exported."""
        return ExistingDataset(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "data_class": DataClass(exported["data_class"]),
                "agreements": imported_agreements(exported),
            }
        )


class ExistingDataset(DatasetRef):
    """A dataset that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        dataset_id: pulumi.Input[str],
        location: str,
        data_class: DataClass,
        agreements: tuple[AgreementRef, ...] = (),
    ) -> None:
        """Take the attributes of ``DatasetRef``."""
        self.label = label
        self.project = project
        self.dataset_id = dataset_id
        self.location = location
        self.data_class = data_class
        self.agreements = agreements
