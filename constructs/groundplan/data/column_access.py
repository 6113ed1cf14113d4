"""Access to personal columns: a policy tag for each kind of them, masked for readers, clear for the few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core import names
from groundplan.core.component import Component
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import Identity
from groundplan.data.columns import Personal

MASKED_ROLE = "roles/bigquerydatapolicy.maskedReader"
CLEAR_ROLE = "roles/datacatalog.categoryFineGrainedReader"
# Google has no single command for either.
_MASK_FORM = "# console: BigQuery, Policy tags, Manage data policies, {place}: add {member} as {role}"
_TAG_FORM = (
    "gcloud data-catalog taxonomies policy-tags get-iam-policy {place} --format=json > policy.json"
    "  # add {member} as {role}, then: set-iam-policy {place} policy.json"
)
_MEANING: Mapping[Personal, str] = {
    Personal.IDENTIFIER: "Who somebody is",
    Personal.DATE: "A date of somebody's life",
    Personal.SENSITIVE: "Something about somebody",
}


@dataclass(frozen=True, kw_only=True)
class ColumnAccess:
    """The tags of a warehouse's personal columns and the rules that mask them."""

    taxonomy: gcp.datacatalog.Taxonomy
    """What the tags belong to; it enforces them."""
    tags: Mapping[Personal, gcp.datacatalog.PolicyTag]
    """The tag of each kind of column."""
    masks: Mapping[Personal, gcp.bigquerydatapolicy.DataPolicy]
    """The rule that masks each kind."""


def make_column_access(
    owner: Component, role: str, kinds: Iterable[Personal], region: str, project: str
) -> ColumnAccess:
    """Make a taxonomy with a tag and a masking rule for each kind, as children of a construct."""
    taxonomy = owner.make(
        role,
        gcp.datacatalog.Taxonomy,
        gcp.datacatalog.TaxonomyArgs(
            project=project,
            region=region,
            # Unique in an organisation, so the project is part of it.
            display_name=names.cloud_name("taxonomy", project, owner.env.prefix, owner.label),
            description=f"Personal columns of {owner.label}",
            activated_policy_types=["FINE_GRAINED_ACCESS_CONTROL"],
        ),
    )
    tags: dict[Personal, gcp.datacatalog.PolicyTag] = {}
    masks: dict[Personal, gcp.bigquerydatapolicy.DataPolicy] = {}
    for kind in sorted(kinds):
        tags[kind] = owner.make(
            f"tag-{kind.value}",
            gcp.datacatalog.PolicyTag,
            gcp.datacatalog.PolicyTagArgs(taxonomy=taxonomy.id, display_name=kind.value, description=_MEANING[kind]),
        )
        masks[kind] = owner.make(
            f"mask-{kind.value}",
            gcp.bigquerydatapolicy.DataPolicy,
            gcp.bigquerydatapolicy.DataPolicyArgs(
                project=project,
                location=region,
                data_policy_id=owner.cloud_name("data_policy", kind.value),
                policy_tag=tags[kind].name,
                data_policy_type="DATA_MASKING_POLICY",
                data_masking_policy=gcp.bigquerydatapolicy.DataPolicyDataMaskingPolicyArgs(
                    predefined_expression=kind.masking
                ),
            ),
        )
    return ColumnAccess(taxonomy=taxonomy, tags=tags, masks=masks)


def grant_masked(owner: Component, access: ColumnAccess, identity: Identity) -> list[Grant]:
    """Let an identity query the columns of every kind and see them masked."""
    made = []
    for kind, mask in access.masks.items():
        args = gcp.bigquerydatapolicy.DataPolicyIamMemberArgs(
            project=mask.project,
            location=mask.location,
            data_policy_id=mask.data_policy_id,
            role=MASKED_ROLE,
            member=identity.member,
        )
        target = _target(owner, kind, mask.name, _MASK_FORM)
        made.append(grant(target, MASKED_ROLE, identity, gcp.bigquerydatapolicy.DataPolicyIamMember, args))
    return made


def grant_clear(owner: Component, access: ColumnAccess, identity: Identity, kinds: Iterable[Personal]) -> list[Grant]:
    """Let an identity see columns of some kinds as they are."""
    made = []
    for kind in sorted(kinds):
        tag = access.tags[kind]
        args = gcp.datacatalog.PolicyTagIamMemberArgs(policy_tag=tag.name, role=CLEAR_ROLE, member=identity.member)
        target = _target(owner, kind, tag.name, _TAG_FORM)
        made.append(grant(target, CLEAR_ROLE, identity, gcp.datacatalog.PolicyTagIamMember, args))
    return made


def _target(owner: Component, kind: Personal, place: pulumi.Input[str], form: str) -> Target:
    return Target(
        label=f"{owner.label}-{kind.value}", project=owner.project, parent=owner, command="", place=place, form=form
    )
