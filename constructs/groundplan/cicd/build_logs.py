"""Logs of builds in a bucket of one's own."""

from __future__ import annotations

from typing import Final

import pulumi_gcp as gcp

from groundplan.core.grants import Grant, grant
from groundplan.core.references import AccountRef, BucketRef
from groundplan.core.references.base import joined

# Cloud Build looks at the bucket before it writes, which no role on objects allows.
_LOOK: Final = "roles/storage.legacyBucketReader"


def grant_logs(bucket: BucketRef, account: AccountRef) -> list[Grant]:
    """Let the account of a build keep its log in a bucket: look at the bucket, write and replace objects.

    Google's documentation asks for Storage Admin, which would also let a build open the bucket to others.
    """
    identity = account.identity
    args = gcp.storage.BucketIAMMemberArgs(bucket=bucket.bucket_name, role=_LOOK, member=identity.member)
    target = bucket.target("gcloud storage buckets add-iam-policy-binding", joined("gs://", bucket.bucket_name))
    return [
        bucket.grant_read_write(account),
        grant(target, _LOOK, identity, gcp.storage.BucketIAMMember, args),
    ]
