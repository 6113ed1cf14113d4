"""Authorised views: a view that may read a dataset which its own readers may not."""

from __future__ import annotations

import dataclasses
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.grants import Grant, grant
from groundplan.core.principals import Identity
from groundplan.core.references import DatasetRef
from groundplan.core.references.base import joined

ROLE: Final = "authorized-view"
_FORM: Final = (
    "{command} {place} > dataset.json"
    "  # add the view {member} to its access, then: bq update --source dataset.json {place}"
)


def authorize_view(source: DatasetRef, label: str, view: gcp.bigquery.Table) -> Grant:
    """Let a view read a dataset, or ask for it where the dataset's project is not ours to grant in.

    ``label`` names the view in the grant's name; the view exists before the grant is made.
    """
    identity = Identity(
        label=label,
        member=pulumi.Output.concat(view.project, ".", view.dataset_id, ".", view.table_id),
    )
    args = gcp.bigquery.DatasetAccessInitArgs(
        project=source.project.id,
        dataset_id=source.dataset_id,
        view=gcp.bigquery.DatasetAccessViewArgs(
            project_id=view.project, dataset_id=view.dataset_id, table_id=view.table_id
        ),
    )
    place = joined(source.project.id, ":", source.dataset_id)
    target = dataclasses.replace(source.target("bq show --format=prettyjson", place), form=_FORM)
    return grant(target, ROLE, identity, gcp.bigquery.DatasetAccess, args)
