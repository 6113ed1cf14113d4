"""Functions that make something of a key: what was encrypted, signed tokens, the keys of DNS zones.

Source of the behaviour: terraform-provider-google, in `google/services/`: `kms/data_source_google_kms_secret*.go`,
`resourcemanager/data_source_google_service_account_jwt.go`, `dns/data_source_dns_keys.go`.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import google_crc32c

from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.functions import function
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.names import named

_BAD: Final = 400
_KMS: Final = "cloudkms.googleapis.com"
_CREDENTIALS: Final = "iamcredentials.googleapis.com"
_DNS: Final = "dns.googleapis.com"

_ALGORITHMS: Final = {"rsasha1": 5, "rsasha256": 8, "rsasha512": 10, "ecdsap256sha256": 13, "ecdsap384sha384": 14}
"""Numbers of the algorithms of DNSSEC. Source: IANA, DNS security algorithm numbers."""

_DIGESTS: Final = {"sha1": 1, "sha256": 2, "sha384": 4}
"""Numbers of the digests of DS records. Source: IANA, DS RR type digest algorithms."""


@function("kms/getKMSSecretAsymmetric:getKMSSecretAsymmetric")
def _decrypted(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    content = b64decode(str(arguments["ciphertext"]))
    checksum, told = google_crc32c.value(content), str(arguments.get("crc32") or "")
    if told and int(told, 16) != checksum:
        message = f"crc32 is {told}, and that of the ciphertext is {checksum:x}: give the ciphertext whole."
        raise Refused(_BAD, message, "INVALID_ARGUMENT", "getKMSSecretAsymmetric")
    sent = {"ciphertext": arguments["ciphertext"], "ciphertextCrc32c": str(checksum)}
    found = place.api.call("POST", _KMS, f"v1/{arguments['cryptoKeyVersion']}:asymmetricDecrypt", sent)
    plain = b64decode(str(found.get("plaintext", ""))).decode(errors="replace")
    return {**arguments, "id": str(arguments["cryptoKeyVersion"]), "plaintext": plain}


@function("kms/getKMSSecretCiphertext:getKMSSecretCiphertext")
def _encrypted(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    sent = {"plaintext": b64encode(str(arguments["plaintext"]).encode()).decode()}
    found = place.api.call("POST", _KMS, f"v1/{arguments['cryptoKey']}:encrypt", sent)
    return {**arguments, "id": str(arguments["cryptoKey"]), "ciphertext": found.get("ciphertext", "")}


@function("serviceaccount/getAccountJwt:getAccountJwt")
def _signed(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    name, payload = f"projects/-/serviceAccounts/{arguments['targetServiceAccount']}", str(arguments["payload"])
    if arguments.get("expiresIn"):
        ends = place.api.transport.now() + timedelta(seconds=int(arguments["expiresIn"]))
        payload = json.dumps({**json.loads(payload), "exp": int(ends.timestamp())})
    sent = {"payload": payload, "delegates": list(arguments.get("delegates") or ())}
    found = place.api.call("POST", _CREDENTIALS, f"v1/{name}:signJwt", sent)
    return {**arguments, "id": name, "jwt": found["signedJwt"]}


@function("dns/getKeys:getKeys")
def _zone_keys(place: Place, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Tell the keys of a zone. Of a zone that is not there, the provider tells none."""
    zone = named(str(arguments["managedZone"]))
    whole = zone if zone.startswith("projects/") else f"projects/{place.project(arguments)}/managedZones/{zone}"
    found = (place.api.find(_DNS, f"dns/v1/{whole}/dnsKeys") or {}).get("dnsKeys", [])
    keys = {kind: [each for each in found if each.get("type") == kind] for kind in ("keySigning", "zoneSigning")}
    return {
        **arguments,
        "id": whole,
        "project": whole.split("/")[1],
        "keySigningKeys": [{**each, "dsRecord": _record(each)} for each in keys["keySigning"]],
        "zoneSigningKeys": keys["zoneSigning"],
    }


def _record(key: Mapping[str, Any]) -> str:
    """Give the DS record of a key that signs keys, for the zone above; "" where its digest has no number."""
    digest: Mapping[str, Any] = next(iter(key.get("digests", [])), {})
    algorithm, kind = _ALGORITHMS.get(str(key.get("algorithm", ""))), _DIGESTS.get(str(digest.get("type", "")))
    return f"{key['keyTag']} {algorithm} {kind} {digest['digest']}" if algorithm and kind else ""
