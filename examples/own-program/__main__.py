"""A bucket for photographs that one group may read: an ordinary Pulumi program."""

import pulumi
import pulumi_gcp as gcp
from storage import archive_bucket

config = pulumi.Config()
region = pulumi.Config("gcp").require("region")

ring = gcp.kms.KeyRing("photos", location=region)
key = gcp.kms.CryptoKey("photos", key_ring=ring.id, rotation_period="7776000s")
bucket = archive_bucket("photos", region=region, key=key, days=config.require_int("retentionDays"))
gcp.storage.BucketIAMMember(
    "photos-reader",
    bucket=bucket.name,
    role="roles/storage.objectViewer",
    member=config.require("reader"),
)

pulumi.export("bucket", bucket.url)
pulumi.export("region", region)
