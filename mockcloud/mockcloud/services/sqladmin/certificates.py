"""Certificates: of the server's authority and of clients. They are real, and worth nothing."""

import hashlib
from datetime import timedelta
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Body, Record
from mockcloud.services.certificates import issue, pem_of
from mockcloud.services.sqladmin.service import API, ROOT, SERVICE, found, instance_of, start, wrong

_LIFE: Final = timedelta(days=3650)


def authority(cloud: Cloud, instance: str) -> dict[str, Any]:
    """Give the certificate of an instance's own authority."""
    made, _ = _made(cloud, f"Google Cloud SQL Server CA of {instance}")
    return {**made, "instance": instance}


def _made(cloud: Cloud, name: str, key: ec.EllipticCurvePublicKey | None = None) -> tuple[dict[str, Any], str]:
    """Make a certificate; give it as the API shows it, and its private key as PEM ("" for a key of the client's)."""
    certificate, private = issue(cloud, "sqladmin/certificate", name, _LIFE, key)
    body = {
        "kind": "sql#sslCert",
        "certSerialNumber": str(certificate.serial_number),
        "cert": pem_of(certificate),
        "commonName": f"C=US,O=Google\\, Inc,CN={name}",
        "sha1Fingerprint": hashlib.sha1(
            certificate.public_bytes(serialization.Encoding.DER), usedforsecurity=False
        ).hexdigest(),
        "createTime": stamp(cloud.clock.now),
        "expirationTime": stamp(cloud.clock.now + _LIFE),
    }
    if key is not None:
        return body, ""
    secret = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return body, secret.decode()


@SERVICE.method("sslCerts.insert")
def insert(call: Call) -> Answer | Body:
    """Make a client's certificate. Its private key is told this once."""
    instance = instance_of(call)
    name = call.body.get("commonName", "")
    if not name:
        raise wrong("Invalid request: Missing parameter: common name.", reason="required")
    made, secret = _made(call.cloud, name)
    full = f"{instance.name}/sslCerts/{made['sha1Fingerprint']}"
    body = {**made, "commonName": name, "instance": instance.id, "selfLink": ROOT + full}
    call.cloud.create(Record(API, full, body))
    return {
        "kind": "sql#sslCertsInsert",
        "operation": start(call, instance, "UPDATE"),
        "serverCaCert": instance.body["serverCaCert"],
        "clientCert": {"certInfo": body, "certPrivateKey": secret},
    }


@SERVICE.method("sslCerts.get")
def get(call: Call) -> Answer | Body:
    """Give a client's certificate."""
    return found(call, what="sslCert").body


@SERVICE.method("sslCerts.list")
def list_all(call: Call) -> Answer | Body:
    """Give the clients' certificates of an instance."""
    instance = instance_of(call)
    return {
        "kind": "sql#sslCertsList",
        "items": [each.body for each in call.cloud.store.page(API, f"{instance.name}/sslCerts")],
    }


@SERVICE.method("sslCerts.delete")
def delete(call: Call) -> Answer | Body:
    """Take a client's certificate away."""
    record = found(call, what="sslCert")
    call.cloud.delete(record)
    return start(call, instance_of(call), "UPDATE")


@SERVICE.method("connect.get")
def connect(call: Call) -> Answer | Body:
    """Give what a connector needs to find an instance."""
    instance = instance_of(call)
    fields = ("serverCaCert", "ipAddresses", "region", "databaseVersion", "backendType", "dnsName")
    return {"kind": "sql#connectSettings", **{key: instance.body[key] for key in fields if key in instance.body}}


@SERVICE.method("connect.generateEphemeral", "sslCerts.createEphemeral")
def ephemeral(call: Call) -> Answer | Body:
    """Give a certificate for an hour or so, of the client's own key."""
    instance = instance_of(call)
    text = call.body.get("public_key", call.body.get("publicKey", ""))
    try:
        key = serialization.load_pem_public_key(text.encode())
    except ValueError:
        raise wrong("Invalid request: the public key is none.") from None
    made, _ = _made(call.cloud, instance.id, key if isinstance(key, ec.EllipticCurvePublicKey) else None)
    return {"ephemeralCert": made} if call.method.id.startswith("connect") else made


@SERVICE.method("instances.listServerCas")
def server_authorities(call: Call) -> Answer | Body:
    """Give the certificates of an instance's authorities."""
    certificate = instance_of(call).body["serverCaCert"]
    return {
        "kind": "sql#instancesListServerCas",
        "certs": [certificate],
        "activeVersion": certificate["sha1Fingerprint"],
    }
