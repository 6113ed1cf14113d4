"""Import jobs: material that a client brings, wrapped with the job's public key."""

import re
from datetime import timedelta
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import failed_precondition, invalid, not_modelled
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudkms import versions
from mockcloud.services.cloudkms.service import API, SERVICE, VERSIONS
from mockcloud.services.cloudkms.using import decoded
from mockcloud.services.reading import found

_METHOD: Final = re.compile(r"RSA_OAEP_(?P<size>3072|4096)_(?P<hash>SHA1|SHA256)(?P<wrapped>_AES_256)?")
_LIFE: Final = timedelta(days=3)


def _job(call: Call, name: str, body: dict[str, Any]) -> Body:
    method = _METHOD.fullmatch(body.get("importMethod", ""))
    if method is None:
        if body.get("importMethod"):
            raise not_modelled(f"the import method {body['importMethod']}")
        raise invalid("The import method is not set.", Violation("import_job.import_method", "It must be set."))
    del name
    now = call.cloud.clock.tick()
    expires = stamp(call.cloud.clock.now + _LIFE)
    return {"protectionLevel": "SOFTWARE", **body, "state": "ACTIVE", "generateTime": now, "expireTime": expires}


def _after(call: Call, record: Record) -> None:
    """Make the job's key. OpenSSL takes no seed, so it differs from cloud to cloud."""
    size = int(_METHOD.fullmatch(record.body["importMethod"])["size"])  # type: ignore[index]  # held when it was made
    key = rsa.generate_private_key(65537, size)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
    call.cloud.change(record, {**record.body, "publicKey": {"pem": public}}, hidden={"pem": private})


SERVICE.collection("projects.locations.keyRings.importJobs", created=_job, after_create=_after, state=None)


@SERVICE.method(f"{VERSIONS}.import")
def import_version(call: Call) -> Answer | Body:
    """Add a version with material that was wrapped with a job's public key."""
    key = found(call, call.name.rpartition("/")[0])
    job = call.cloud.store.get(API, call.body.get("importJob", ""))
    if job is None:
        raise invalid("There is no such import job.", Violation("import_job", "It names none."))
    wrapped = decoded(call.body.get("wrappedKey") or call.body.get("rsaAesWrappedKey", ""))
    hidden = _hidden(key, _unwrapped(job, wrapped))
    version = versions.add(call.cloud, key)
    now = call.cloud.clock.tick()
    body = {**version.body, "state": "ENABLED", "importJob": job.name, "importTime": now, "generateTime": now}
    call.cloud.plans.cancel(API, version.name)
    return call.cloud.change(version, body, hidden={**version.hidden, **hidden}).body


def _unwrapped(job: Record, wrapped: bytes) -> bytes:
    method = _METHOD.fullmatch(job.body["importMethod"])
    private = serialization.load_pem_private_key(str(job.hidden["pem"]).encode(), None)
    if method is None or not isinstance(private, rsa.RSAPrivateKey):
        raise failed_precondition(f"'{job.name}' cannot be used.")
    used = hashes.SHA1() if method["hash"] == "SHA1" else hashes.SHA256()  # noqa: S303 - the method's own hash
    opening = padding.OAEP(padding.MGF1(used), used, None)
    size = private.key_size // 8
    try:
        if not method["wrapped"]:
            return private.decrypt(wrapped, opening)
        return aes_key_unwrap_with_padding(private.decrypt(wrapped[:size], opening), wrapped[size:])
    except (ValueError, InvalidUnwrap):
        raise invalid(
            "The key was not wrapped for this import job.", Violation("wrapped_key", "It cannot be unwrapped.")
        ) from None


def _hidden(key: Record, content: bytes) -> dict[str, str]:
    """Give the material as a version keeps it: secret bytes, or a private key."""
    if not key.body["versionTemplate"]["algorithm"].startswith(("RSA", "EC")):
        return {"bytes": content.hex()}
    loaded: object = None
    try:
        loaded = serialization.load_der_private_key(content, None)
    except (ValueError, TypeError):
        loaded = None
    if not isinstance(loaded, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey)):
        raise invalid(
            "The wrapped key is no private key in PKCS #8.", Violation("wrapped_key", "It must be PKCS #8, DER.")
        )
    pem = loaded.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {"pem": pem.decode()}
