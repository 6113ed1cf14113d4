"""Analysis of policies: who has what on a resource."""

from typing import Any

from mockcloud.cloud.access.hierarchy import lineage
from mockcloud.cloud.access.members import canonical
from mockcloud.cloud.access.roles import allows
from mockcloud.cloud.access.tags import full_name
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.catalogue import api_of_host
from mockcloud.discovery.schemas import Violation
from mockcloud.services.cloudasset.service import SERVICE, asset_name, assets, several


@SERVICE.method("analyzeIamPolicy")
def analyze(call: Call) -> Answer | Body:
    """Give the bindings that answer a question: on a resource, for an identity, of roles or permissions."""
    identity = call.text("analysisQuery.identitySelector.identity")
    resource = call.text("analysisQuery.resourceSelector.fullResourceName")
    wanted_roles = several(call, "analysisQuery.accessSelector.roles")
    permissions = several(call, "analysisQuery.accessSelector.permissions")
    if not (identity or resource or wanted_roles or permissions):
        raise invalid("The query selects nothing.", Violation("analysis_query", "It is empty."))
    results = []
    for name, policy in _policies(call, resource):
        for binding in policy["bindings"]:
            held = [each for each in permissions if allows(call.cloud, binding["role"], each)]
            if (wanted_roles and binding["role"] not in wanted_roles) or (permissions and not held):
                continue
            members = [each for each in binding.get("members", ()) if not identity or _means(call, each, identity)]
            if members:
                results.append(_result(name, binding, members, held))
    query: dict[str, Any] = {"scope": call.name}
    return {
        "mainAnalysis": {"analysisQuery": query, "analysisResults": results, "fullyExplored": True},
        "fullyExplored": True,
    }


def _means(call: Call, member: str, identity: str) -> bool:
    """Whether a member is an identity, or a group that it is in."""
    kind, _, address = member.partition(":")
    return canonical(member) == canonical(identity) or (kind == "group" and address in call.cloud.groups.of(identity))


def _policies(call: Call, resource: str) -> list[tuple[str, Body]]:
    """Give the policies that count on a resource; of everything in the scope, where none is named."""
    store = call.cloud.store
    if not resource:
        found = [
            (asset_name(call, each.record), (each.record.api, each.record.name)) for each in assets(call, call.name)
        ]
    else:
        host, _, name = resource.removeprefix("//").partition("/")
        parts = name.split("/")
        if parts[0] == "projects" and len(parts) > 1:
            parts[1] = call.cloud.projects.id_of(parts[1])
        api = api_of_host(host) or ""
        places = lineage(call.cloud, api, "/".join(["b", *parts] if api == "storage" else parts))
        found = [(full_name(call.cloud, each), each) for each in places]
    return [(name, store.policies[place]) for name, place in found if place in store.policies]


def _result(name: str, binding: Body, members: list[str], permissions: list[str]) -> dict[str, Any]:
    accesses = [{"permission": each} for each in permissions] or [{"role": binding["role"]}]
    return {
        "attachedResourceFullName": name,
        "iamBinding": {**binding, "members": list(binding.get("members", ()))},
        "accessControlLists": [{"resources": [{"fullResourceName": name}], "accesses": accesses}],
        "identityList": {"identities": [{"name": each} for each in members]},
        "fullyExplored": True,
    }


@SERVICE.method("effectiveIamPolicies.batchGet")
def effective(call: Call) -> Answer | Body:
    """Give the policies that count on resources, theirs and those above them."""
    results = []
    for name in several(call, "names"):
        found = [{"attachedResource": where, "policy": dict(policy)} for where, policy in _policies(call, name)]
        results.append({"fullResourceName": name, "policies": found})
    return {"policyResults": results}
