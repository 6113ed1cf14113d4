"""Load balancing: health checks, backends, maps, proxies, certificates."""

import contextlib
from typing import Any

from cryptography import x509

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.store import Body, Record
from mockcloud.services.compute import operations
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid
from mockcloud.services.compute.links import normalised
from mockcloud.services.compute.lists import answer
from mockcloud.services.compute.ranges import external
from mockcloud.services.compute.standard import change, found

_PORTS = {"httpHealthCheck": 80, "httpsHealthCheck": 443, "http2HealthCheck": 443}


def _health_check(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    sub = next((each for each in body if each.endswith("HealthCheck") and isinstance(body[each], dict)), "")
    body.setdefault("type", sub.removesuffix("HealthCheck").upper() or "TCP")
    if sub in _PORTS:
        usual = {"requestPath": "/", "proxyHeader": "NONE", "portSpecification": "USE_FIXED_PORT"}
        ports = {} if body[sub].get("portName") or body[sub].get("portSpecification") else {"port": _PORTS[sub]}
        body[sub] = {**usual, **ports, **body[sub]}
    if body["checkIntervalSec"] < body["timeoutSec"]:
        raise invalid("resource.timeoutSec", body["timeoutSec"], "It must not be greater than checkIntervalSec.")
    return body


SERVICE.collection("projects.global.healthChecks", "projects.regions.healthChecks", created=_health_check)


def _backend_service(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    return _with_backends(call, body)


def _changed_backend_service(call: Call, record: Record, body: dict[str, Any]) -> Body:
    # A PUT that leaves these out does not change them.
    kept = {each: record.body[each] for each in ("loadBalancingScheme", "protocol") if each in record.body}
    return _with_backends(call, {**kept, **body})


def _with_backends(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    del call
    external = body["loadBalancingScheme"].startswith("EXTERNAL")
    if body["protocol"].startswith("HTTP"):
        body.setdefault("port", 80)
        body.setdefault("portName", "http")
    mode = "UTILIZATION" if body["protocol"].startswith("HTTP") and external else "CONNECTION"
    backends = [
        {"balancingMode": mode, **({"capacityScaler": 1.0} if external else {}), **each}
        for each in body.get("backends", [])
    ]
    return {**body, **({"backends": backends} if backends else {})}


SERVICE.collection(
    "projects.global.backendServices",
    "projects.regions.backendServices",
    created=_backend_service,
    changed=_changed_backend_service,
)


@SERVICE.method("backendServices.getHealth", "regionBackendServices.getHealth", "targetPools.getHealth")
def health(call: Call) -> Answer | Body:
    """Give the health of a group's instances. They are taken to be well while they run."""
    record = found(call)
    sent = normalised(call.cloud, call.body, call.project)
    wanted = sent.get("group") or sent.get("instance", "")
    group = call.cloud.store.get("compute", wanted.partition("/compute/v1/")[2])
    members = list(group.hidden.get("instances", ())) if group is not None else [wanted] if wanted else []
    rows = [{"instance": each, "healthState": "HEALTHY", "port": record.body.get("port", 80)} for each in members]
    kind = (
        "compute#targetPoolInstanceHealth"
        if call.method.id.startswith("targetPools")
        else "compute#backendServiceGroupHealth"
    )
    return {"kind": kind, **({"healthStatus": rows} if rows else {})}


@SERVICE.method(
    "backendServices.listUsable",
    "regionBackendServices.listUsable",
    "backendBuckets.listUsable",
    "regionBackendBuckets.listUsable",
)
def usable(call: Call) -> Answer | Body:
    """Give the backends that the project may use: its own."""
    return answer(call, [each.body for each in call.cloud.store.page("compute", call.name)])


@SERVICE.method(
    "backendServices.addSignedUrlKey",
    "backendServices.deleteSignedUrlKey",
    "backendBuckets.addSignedUrlKey",
    "backendBuckets.deleteSignedUrlKey",
)
def signed_url_key(call: Call) -> Answer | Body:
    """Add a key for signed URLs, or take it away. Only its name can be read."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    policy = record.body.get("cdnPolicy", {})
    name = call.text("keyName") or call.body.get("keyName", "")
    if not name:
        raise invalid("keyName", "", "The field must be set.")
    names = [each for each in policy.get("signedUrlKeyNames", []) if each != name]
    names += [name] if verb == "addSignedUrlKey" else []
    change(call, record, {**record.body, "cdnPolicy": {**policy, "signedUrlKeyNames": names}})
    return operations.start(call, record.name, verb)


@SERVICE.method("urlMaps.validate", "regionUrlMaps.validate")
def validate(call: Call) -> Answer | Body:
    """Say whether a URL map loads. Its tests are not run."""
    resource = call.body.get("resource", {})
    loads = bool(
        resource.get("defaultService") or resource.get("defaultUrlRedirect") or resource.get("defaultRouteAction")
    )
    errors = [] if loads else ["A default must be set."]
    return {"result": {"loadSucceeded": loads, **({"loadErrors": errors} if errors else {})}}


@SERVICE.method("urlMaps.invalidateCache")
def invalidate(call: Call) -> Answer | Body:
    """Empty a cache, which changes nothing that can be read."""
    return operations.start(call, found(call).name, "invalidateCache")


def _certificate(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    if body.get("managed") or body.get("type") == "MANAGED":
        domains = body.get("managed", {}).get("domains", [])
        state = {"status": "ACTIVE", "domainStatus": dict.fromkeys(domains, "ACTIVE")}
        return {**body, "type": "MANAGED", "managed": {**body.get("managed", {}), **state}}
    text = body.get("certificate") or body.get("selfManaged", {}).get("certificate", "")
    return {"type": "SELF_MANAGED", **body, **_dates(text)}


def _dates(text: str) -> dict[str, Any]:
    """Read when a certificate expires and for which names it is; what cannot be read says nothing."""
    with contextlib.suppress(ValueError, x509.ExtensionNotFound):
        parsed = x509.load_pem_x509_certificate(text.encode())
        found: dict[str, Any] = {"expireTime": stamp(parsed.not_valid_after_utc)}
        names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return {**found, "subjectAlternativeNames": names.get_values_for_type(x509.DNSName)}
    return {}


SERVICE.collection(
    "projects.global.sslCertificates",
    "projects.regions.sslCertificates",
    created=_certificate,
    write_only=("privateKey",),
)


def _tunnel(call: Call, name: str, body: dict[str, Any]) -> Body:
    from mockcloud.services.compute.schemas import fingerprint

    del call, name
    secret = body.get("sharedSecret", "")
    return {**body, **({"sharedSecretHash": fingerprint(secret), "sharedSecret": "*************"} if secret else {})}


SERVICE.collection("projects.regions.vpnTunnels", created=_tunnel)


def _gateway(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Give both interfaces of a gateway their addresses; over an interconnect, they have none outside."""
    del name
    told = body.get("vpnInterfaces") or [{}, {}]
    interfaces = [
        {"id": number, **each, **({} if each.get("interconnectAttachment") else {"ipAddress": external(call.cloud)})}
        for number, each in enumerate(told)
    ]
    return {**body, "vpnInterfaces": interfaces}


SERVICE.collection("projects.regions.vpnGateways", created=_gateway)
