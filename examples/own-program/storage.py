"""The buckets of the program."""

import pulumi_gcp as gcp


def archive_bucket(name: str, *, region: str, key: gcp.kms.CryptoKey, days: int) -> gcp.storage.Bucket:
    """Make an encrypted bucket that keeps what is deleted for some days."""
    return gcp.storage.Bucket(
        name,
        location=region,
        uniform_bucket_level_access=True,
        public_access_prevention="enforced",
        encryption=gcp.storage.BucketEncryptionArgs(default_kms_key_name=key.id),
        soft_delete_policy=gcp.storage.BucketSoftDeletePolicyArgs(retention_duration_seconds=days * 86_400),
    )
