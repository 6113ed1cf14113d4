"""Keys and secrets: there are some, which is more than elsewhere."""

import pulumi_gcp as gcp

# In another region than what it encrypts. It never rotates, and can be destroyed within a day.
ring = gcp.kms.KeyRing("main", location="europe-west1")
key = gcp.kms.CryptoKey("main", key_ring=ring.id, destroy_scheduled_duration="86400s")
models = gcp.storage.Bucket(
    "models", location="us-central1", labels={"purpose": "models"}, encryption={"default_kms_key_name": key.id}
)

# People decrypt, with every key that there is and will be.
gcp.kms.KeyRingIAMMember(
    "developers",
    key_ring_id=ring.id,
    role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
    member="group:developers@acme.test",
)
# And they administer them too.
gcp.kms.KeyRingIAMMember(
    "admins", key_ring_id=ring.id, role="roles/cloudkms.admin", member="group:developers@acme.test"
)

# A password, in places that Google chooses, with Google's own keys.
gcp.secretmanager.Secret(
    "crm-password",
    secret_id="crm-password",  # noqa: S106 - its name
    replication={"auto": {}},
)
