"""Questions about roles and permissions."""

from mockcloud.cloud.access import cel
from mockcloud.cloud.access.permissions import service_of
from mockcloud.cloud.access.roles import known_permissions, predefined
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body
from mockcloud.discovery.catalogue import api_of_host
from mockcloud.discovery.documents import apis
from mockcloud.services.iam.roles import predefined_body
from mockcloud.services.iam.service import SERVICE


def _paged(call: Call, entries: list[str]) -> tuple[list[str], str]:
    """Page through entries; the page is asked for in the body here."""
    size = int(call.body.get("pageSize", 0) or 300)
    start = int(call.body["pageToken"]) if str(call.body.get("pageToken", "")).isdigit() else 0
    return entries[start : start + size], str(start + size) if len(entries) > start + size else ""


def _service(full_name: str) -> str:
    """Give the first part of the permissions of a full resource name: `//cloudkms.googleapis.com/…`."""
    api = api_of_host(full_name.removeprefix("//").partition("/")[0])
    return service_of(api) if api else ""


@SERVICE.method("roles.queryGrantableRoles")
def grantable(call: Call) -> Answer | Body:
    """Give the roles that can be granted on a resource: on a container all, else those of its service."""
    service = _service(call.body.get("fullResourceName", ""))
    everything = service in {"resourcemanager", ""}
    names = [each for each in sorted(predefined()) if everything or each.startswith(f"roles/{service}.")]
    chosen, token = _paged(call, names)
    full = call.body.get("view") == "FULL"
    found = [predefined_body(each, full=full) for each in chosen]
    return {**({"roles": found} if found else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("permissions.queryTestablePermissions")
def testable(call: Call) -> Answer | Body:
    """Give the permissions that can be tested on a resource."""
    service = _service(call.body.get("fullResourceName", ""))
    everything = service in {"resourcemanager", ""}
    chosen, token = _paged(call, [each for each in known_permissions() if everything or each.startswith(f"{service}.")])
    found = [{"name": each, "stage": "GA", "customRolesSupportLevel": "SUPPORTED"} for each in chosen]
    return {**({"permissions": found} if found else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("iamPolicies.queryAuditableServices")
def auditable(call: Call) -> Answer | Body:
    """Give the services whose calls can be audited."""
    del call
    return {"services": [{"name": f"{each}.googleapis.com"} for each in apis()]}


@SERVICE.method("iamPolicies.lintPolicy")
def lint(call: Call) -> Answer | Body:
    """Say what is wrong with a condition, as far as it is understood here."""
    text = call.body.get("condition", {}).get("expression", "")
    try:
        cel.expression(text)
    except cel.Unsupported as error:
        return {
            "lintResults": [
                {
                    "level": "CONDITION",
                    "validationUnitName": "LintValidationUnits/ConditionParsingCheck",
                    "severity": "ERROR",
                    "fieldName": "condition.expression",
                    "debugMessage": f"The expression uses {error.what}.",
                }
            ]
        }
    return {}
