"""Certificate Authority Service: authorities, and certificates that are real but signed by keys worth nothing."""

from datetime import timedelta
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.services.acting import act
from mockcloud.services.certificates import issue, pem_of
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("privateca")

_API: Final = "privateca"
_POOLS: Final = "projects.locations.caPools"
_AUTHORITIES: Final = f"{_POOLS}.certificateAuthorities"
_CERTIFICATES: Final = f"{_POOLS}.certificates"
_MOVES: Final = {"enable": "ENABLED", "disable": "DISABLED"}


def _authority(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Complete an authority. The service makes it staged, and a client enables it; here that is left out."""
    pool = call.cloud.store.get(_API, name.rpartition("/certificateAuthorities/")[0])
    tier: Body = {"tier": pool.body["tier"]} if pool is not None and "tier" in pool.body else {}
    pem = {"pemCaCertificates": [_issued(call, body)]} if body.get("type") == "SELF_SIGNED" else {}
    return {**body, **tier, **pem}


def _certificate(call: Call, name: str, body: dict[str, Any]) -> Body:
    pool = name.rpartition("/certificates/")[0]
    chosen = call.text("issuingCertificateAuthorityId")
    issuer = _issuer(call, pool, chosen)
    if issuer is None:
        return {**body, "pemCertificate": _issued(call, body)}
    chain = issuer.body.get("pemCaCertificates", [])
    named = {"issuerCertificateAuthority": issuer.name, "pemCertificateChain": list(chain)}
    return {**body, **named, "pemCertificate": _issued(call, body)}


def _issuer(call: Call, pool: str, chosen: str) -> Record | None:
    """Find the authority that issues: the one that is chosen, else one of the pool that is enabled."""
    authorities = call.cloud.store.page(_API, f"{pool}/certificateAuthorities")
    wanted = [each for each in authorities if each.id == chosen or not chosen]
    if chosen and not wanted and call.cloud.rules.on(Rule.REFERENCES):
        raise not_found(f"{pool}/certificateAuthorities/{chosen}")
    enabled = next((each for each in wanted if each.body.get("state") == "ENABLED"), None)
    if enabled is None and call.cloud.rules.on(Rule.REFERENCES):
        raise failed_precondition(f"CaPool '{pool}' has no CertificateAuthority that is enabled.")
    return enabled


def _issued(call: Call, body: dict[str, Any]) -> str:
    subject = body.get("config", {}).get("subjectConfig", {}).get("subject", {})
    life = timedelta(seconds=float(str(body.get("lifetime", "86400s")).removesuffix("s")))
    made, _ = issue(call.cloud, "privateca/certificate", subject.get("commonName", "(none)"), life)
    return pem_of(made)


SERVICE.collection(_AUTHORITIES, created=_authority, state=("state", "ENABLED"))
SERVICE.collection(_CERTIFICATES, created=_certificate)


@SERVICE.method(*(f"{_AUTHORITIES}.{verb}" for verb in _MOVES))
def move(call: Call) -> Answer | Body:
    """Let an authority issue, or let it not."""
    return act(call, found(call), {"state": _MOVES[call.method.id.rpartition(".")[2]]})


@SERVICE.method(f"{_CERTIFICATES}.revoke")
def revoke(call: Call) -> Answer | Body:
    """Revoke a certificate. It stays, and says when and why."""
    record = found(call)
    if "revocationDetails" in record.body:
        return record.body
    reason = call.body.get("reason", "REVOCATION_REASON_UNSPECIFIED")
    details = {"revocationState": reason, "revocationTime": call.cloud.clock.tick()}
    return call.cloud.change(record, {**record.body, "revocationDetails": details}).body
