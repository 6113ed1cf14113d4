"""The keys with which a zone is signed: public ones alone, as nothing is signed here.

Source: Google's description of `DnsKey`, and RFC 4034 (section 5.1.4 for digests, appendix B for tags), RFC 3110 and
RFC 6605 (how keys are written).
"""

import base64
import hashlib
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.dns.service import SERVICE, found

_NUMBERS: Final = {"rsasha1": 5, "rsasha256": 8, "rsasha512": 10, "ecdsap256sha256": 13, "ecdsap384sha384": 14}
_FLAGS: Final = {"keySigning": 257, "zoneSigning": 256}
_USUAL: Final = {"keySigning": 2048, "zoneSigning": 1024}
"""Bits of the keys where a zone says nothing of them."""

_RSA: Final = b"\x03\x01\x00\x01"
"""The exponent that all RSA keys have, with its length before it."""


@SERVICE.method("dnsKeys.list")
def keys(call: Call) -> Answer | Body:
    """Give the keys of a zone; none of one that is not signed."""
    zone = found(call, call.name.removesuffix("/dnsKeys"))
    return {"kind": "dns#dnsKeysListResponse", "dnsKeys": _keys(zone)}


def _keys(zone: Record) -> list[dict[str, Any]]:
    signing = zone.body.get("dnssecConfig") or {}
    if signing.get("state", "off") == "off":
        return []
    specs = {each.get("keyType"): each for each in signing.get("defaultKeySpecs", [])}
    return [_key(zone, number, kind, specs.get(kind, {})) for number, kind in enumerate(_FLAGS)]


def _key(zone: Record, number: int, kind: str, spec: Body) -> dict[str, Any]:
    algorithm, bits = spec.get("algorithm", "rsasha256"), int(spec.get("keyLength") or _USUAL[kind])
    public = _public(f"{zone.body['id']}/{kind}", algorithm, bits)
    data = _FLAGS[kind].to_bytes(2, "big") + bytes((3, _NUMBERS[algorithm])) + public
    digest = digest_of(zone.body["dnsName"], data)
    return {
        "kind": "dns#dnsKey",
        "id": str(number),
        "type": kind,
        "algorithm": algorithm,
        "keyLength": bits,
        "publicKey": base64.b64encode(public).decode(),
        "keyTag": tag_of(data),
        "isActive": True,
        "creationTime": zone.body["creationTime"],
        **({"digests": [{"type": "sha256", "digest": digest}]} if kind == "keySigning" else {}),
    }


def _public(seed: str, algorithm: str, bits: int) -> bytes:
    """Make up a public key: the same one for the same zone. Nobody has the private one."""
    size = 2 * bits // 8 if algorithm.startswith("ecdsa") else bits // 8
    return (b"" if algorithm.startswith("ecdsa") else _RSA) + hashlib.shake_256(seed.encode()).digest(size)


def digest_of(name: str, data: bytes) -> str:
    """Give what the zone above keeps of a key, in SHA-256.

    Args:
        name: The zone's name: `acme.test.`.
        data: The record's data: flags, protocol, algorithm, key.
    """
    labels = [each.encode()[:63] for each in name.lower().split(".") if each]
    owner = b"".join(bytes((len(each),)) + each for each in labels) + b"\0"
    return hashlib.sha256(owner + data).hexdigest().upper()


def tag_of(data: bytes) -> int:
    """Give the number by which signatures name a key."""
    total = sum(byte if at % 2 else byte << 8 for at, byte in enumerate(data))
    return (total + (total >> 16)) & 0xFFFF
