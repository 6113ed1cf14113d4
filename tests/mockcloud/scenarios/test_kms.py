"""What users do with Cloud KMS, through google-cloud-kms."""

import hashlib
import os
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from google.api_core import exceptions
from google.cloud import kms_v1 as kms

from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-kms")

PLACE = "projects/mock-project/locations/europe-west4"
RING = f"{PLACE}/keyRings/ring"
State = kms.CryptoKeyVersion.CryptoKeyVersionState
Algorithm = kms.CryptoKeyVersion.CryptoKeyVersionAlgorithm
Purpose = kms.CryptoKey.CryptoKeyPurpose


@pytest.fixture
def client(cloud: Cloud, transport: str) -> kms.KeyManagementServiceClient:
    made = kms.KeyManagementServiceClient(transport=transport)
    made.create_key_ring(parent=PLACE, key_ring_id="ring", key_ring={})
    return made


def _key(client: kms.KeyManagementServiceClient, name: str, purpose: Purpose, algorithm: Algorithm) -> kms.CryptoKey:
    template = kms.CryptoKeyVersionTemplate(algorithm=algorithm)
    key = kms.CryptoKey(purpose=purpose, version_template=template)
    return client.create_crypto_key(parent=RING, crypto_key_id=name, crypto_key=key)


def test_data_is_encrypted_across_a_rotation(client: kms.KeyManagementServiceClient) -> None:
    key = client.create_crypto_key(
        parent=RING, crypto_key_id="k", crypto_key=kms.CryptoKey(purpose=Purpose.ENCRYPT_DECRYPT)
    )
    assert key.primary.name.endswith("/cryptoKeyVersions/1")
    assert key.destroy_scheduled_duration == timedelta(days=30)
    sealed = client.encrypt(
        name=key.name,
        plaintext=b"secret",
    )
    version = client.create_crypto_key_version(parent=key.name, crypto_key_version={})
    client.update_crypto_key_primary_version(name=key.name, crypto_key_version_id="2")
    assert client.get_crypto_key(name=key.name).primary.name == version.name
    opened = client.decrypt(name=key.name, ciphertext=sealed.ciphertext)
    assert (opened.plaintext, opened.used_primary) == (b"secret", False)
    with pytest.raises(exceptions.BadRequest):
        client.decrypt(
            request={"name": key.name, "ciphertext": sealed.ciphertext, "additional_authenticated_data": b"x"}
        )
    with pytest.raises(exceptions.BadRequest):
        client.decrypt(name=key.name, ciphertext=b"not a ciphertext")
    with pytest.raises(exceptions.BadRequest, match="checksum"):
        client.encrypt(request={"name": key.name, "plaintext": b"x", "plaintext_crc32c": 1})


def test_a_key_rotates_by_itself(client: kms.KeyManagementServiceClient, cloud: Cloud) -> None:
    start = cloud.clock.now
    key = kms.CryptoKey(
        purpose=Purpose.ENCRYPT_DECRYPT,
        rotation_period=timedelta(days=90),
        next_rotation_time=start + timedelta(days=1),
    )
    made = client.create_crypto_key(parent=RING, crypto_key_id="k", crypto_key=key)
    cloud.advance(timedelta(days=2))
    found = client.get_crypto_key(name=made.name)
    assert found.primary.name.endswith("/2")
    assert found.next_rotation_time == start + timedelta(days=91)
    cloud.advance(timedelta(days=90))
    assert len(list(client.list_crypto_key_versions(parent=made.name))) == 3
    wrong = kms.CryptoKey(
        purpose=Purpose.ENCRYPT_DECRYPT,
        rotation_period=timedelta(hours=1),
        next_rotation_time=datetime(2030, 1, 1, tzinfo=UTC),
    )
    with pytest.raises(exceptions.BadRequest, match="at least a day"):
        client.create_crypto_key(parent=RING, crypto_key_id="other", crypto_key=wrong)


def test_a_version_is_destroyed_or_restored(client: kms.KeyManagementServiceClient, cloud: Cloud) -> None:
    key = client.create_crypto_key(
        parent=RING, crypto_key_id="k", crypto_key=kms.CryptoKey(purpose=Purpose.ENCRYPT_DECRYPT)
    )
    sealed = client.encrypt(name=key.name, plaintext=b"secret")
    version = client.destroy_crypto_key_version(name=key.primary.name)
    assert version.state == State.DESTROY_SCHEDULED
    with pytest.raises(exceptions.BadRequest, match="not enabled"):
        client.decrypt(name=key.name, ciphertext=sealed.ciphertext)
    assert client.restore_crypto_key_version(name=version.name).state == State.DISABLED
    enabled = kms.CryptoKeyVersion(name=version.name, state=State.ENABLED)
    client.update_crypto_key_version(crypto_key_version=enabled, update_mask={"paths": ["state"]})
    assert client.decrypt(name=key.name, ciphertext=sealed.ciphertext).plaintext == b"secret"
    client.destroy_crypto_key_version(name=version.name)
    cloud.advance(timedelta(days=31))
    assert client.get_crypto_key_version(name=version.name).state == State.DESTROYED
    with pytest.raises(exceptions.BadRequest):
        client.restore_crypto_key_version(name=version.name)


def test_digests_are_signed(client: kms.KeyManagementServiceClient) -> None:
    digest = hashlib.sha256(b"image").digest()
    curve = _key(client, "ec", Purpose.ASYMMETRIC_SIGN, Algorithm.EC_SIGN_P256_SHA256)
    name = f"{curve.name}/cryptoKeyVersions/1"
    signed = client.asymmetric_sign(name=name, digest={"sha256": digest})
    public = serialization.load_pem_public_key(client.get_public_key(name=name).pem.encode())
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signed.signature, b"image", ec.ECDSA(hashes.SHA256()))
    pss = _key(client, "rsa", Purpose.ASYMMETRIC_SIGN, Algorithm.RSA_SIGN_PSS_2048_SHA256)
    name = f"{pss.name}/cryptoKeyVersions/1"
    signed = client.asymmetric_sign(name=name, digest={"sha256": digest})
    other = serialization.load_pem_public_key(client.get_public_key(name=name).pem.encode())
    assert isinstance(other, rsa.RSAPublicKey)
    other.verify(signed.signature, b"image", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    with pytest.raises(exceptions.BadRequest):
        client.asymmetric_sign(name=name, digest={"sha512": hashlib.sha512(b"image").digest()})
    with pytest.raises(exceptions.BadRequest):
        client.encrypt(name=pss.name, plaintext=b"x")


def test_what_the_public_key_encrypted_is_decrypted(client: kms.KeyManagementServiceClient) -> None:
    key = _key(client, "k", Purpose.ASYMMETRIC_DECRYPT, Algorithm.RSA_DECRYPT_OAEP_2048_SHA256)
    name = f"{key.name}/cryptoKeyVersions/1"
    public = serialization.load_pem_public_key(client.get_public_key(name=name).pem.encode())
    assert isinstance(public, rsa.RSAPublicKey)
    sealed = public.encrypt(b"secret", padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    assert client.asymmetric_decrypt(name=name, ciphertext=sealed).plaintext == b"secret"
    with pytest.raises(exceptions.BadRequest):
        client.asymmetric_decrypt(name=name, ciphertext=b"x" * 256)


def test_tags_of_data_and_raw_keys(client: kms.KeyManagementServiceClient) -> None:
    mac = _key(client, "mac", Purpose.MAC, Algorithm.HMAC_SHA256)
    name = f"{mac.name}/cryptoKeyVersions/1"
    tag = client.mac_sign(name=name, data=b"row").mac
    assert client.mac_verify(name=name, data=b"row", mac=tag).success
    assert not client.mac_verify(name=name, data=b"other", mac=tag).success
    for algorithm in (Algorithm.AES_256_GCM, Algorithm.AES_128_CBC, Algorithm.AES_256_CTR):
        raw = _key(client, f"raw-{algorithm.name.lower().replace('_', '-')}", Purpose.RAW_ENCRYPT_DECRYPT, algorithm)
        name = f"{raw.name}/cryptoKeyVersions/1"
        sealed = client.raw_encrypt(request={"name": name, "plaintext": b"secret"})
        opened = client.raw_decrypt(
            request={
                "name": name,
                "ciphertext": sealed.ciphertext,
                "initialization_vector": sealed.initialization_vector,
            }
        )
        assert opened.plaintext == b"secret"
    assert len(client.generate_random_bytes(location=PLACE, length_bytes=40, protection_level="HSM").data) == 40


def test_a_key_is_brought_along(client: kms.KeyManagementServiceClient) -> None:
    job = client.create_import_job(
        parent=RING,
        import_job_id="job",
        import_job=kms.ImportJob(
            import_method=kms.ImportJob.ImportMethod.RSA_OAEP_3072_SHA256_AES_256, protection_level="HSM"
        ),
    )
    job = client.get_import_job(name=job.name)
    key = client.create_crypto_key(
        request={
            "parent": RING,
            "crypto_key_id": "own",
            "crypto_key": {"purpose": Purpose.ENCRYPT_DECRYPT, "import_only": True},
            "skip_initial_version_creation": True,
        }
    )
    wrapping = os.urandom(32)
    public = serialization.load_pem_public_key(job.public_key.pem.encode())
    assert isinstance(public, rsa.RSAPublicKey)
    front = public.encrypt(wrapping, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    wrapped = front + aes_key_wrap_with_padding(wrapping, b"k" * 32)
    version = client.import_crypto_key_version(
        request={
            "parent": key.name,
            "import_job": job.name,
            "algorithm": Algorithm.GOOGLE_SYMMETRIC_ENCRYPTION,
            "wrapped_key": wrapped,
        }
    )
    assert version.state == State.ENABLED
    client.update_crypto_key_primary_version(name=key.name, crypto_key_version_id="1")
    sealed = client.encrypt(name=key.name, plaintext=b"secret")
    assert client.decrypt(name=key.name, ciphertext=sealed.ciphertext).plaintext == b"secret"
    with pytest.raises(exceptions.BadRequest, match="not wrapped"):
        client.import_crypto_key_version(
            request={"parent": key.name, "import_job": job.name, "algorithm": 1, "wrapped_key": b"x" * 400}
        )


def test_rings_and_keys_stay(client: kms.KeyManagementServiceClient) -> None:
    client.create_crypto_key(parent=RING, crypto_key_id="k", crypto_key={"purpose": Purpose.ENCRYPT_DECRYPT})
    with pytest.raises(exceptions.Conflict):
        client.create_key_ring(parent=PLACE, key_ring_id="ring", key_ring={})
    with pytest.raises(exceptions.BadRequest):
        client.create_crypto_key(parent=RING, crypto_key_id="without", crypto_key={})
    assert [each.name for each in client.list_crypto_keys(parent=RING)] == [f"{RING}/cryptoKeys/k"]
    policy = client.get_iam_policy(request={"resource": f"{RING}/cryptoKeys/k"})
    policy.bindings.add(role="roles/cloudkms.cryptoKeyEncrypterDecrypter", members=["serviceAccount:a@b.test"])
    client.set_iam_policy(request={"resource": f"{RING}/cryptoKeys/k", "policy": policy})
    assert len(client.get_iam_policy(request={"resource": f"{RING}/cryptoKeys/k"}).bindings) == 1
