"""Lists and searches of assets."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import not_modelled
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body
from mockcloud.services.cloudasset.service import SERVICE, Asset, assets, is_of_type, key_of, several

_FREE_TEXT: Final = ("*", "")


def _above(asset: Asset) -> dict[str, Any]:
    project = next((each for each in asset.above if each.startswith("projects/")), "")
    folders = [each for each in asset.above if each.startswith("folders/")]
    organisation = next((each for each in asset.above if each.startswith("organizations/")), "")
    found = {"project": project, "folders": folders, "organization": organisation}
    return {key: value for key, value in found.items() if value}


def shown(asset: Asset) -> dict[str, Any]:
    """Give an asset as a search shows it."""
    body = asset.record.body
    parent = asset.above[1] if asset.record.name.count("/") == 1 and len(asset.above) > 1 else (asset.above or ("",))[0]
    found: dict[str, Any] = {
        "name": asset.name,
        "assetType": asset.type,
        **_above(asset),
        "displayName": body.get("displayName") or body.get("title") or asset.record.id,
        "description": body.get("description", ""),
        "location": asset.location,
        "labels": body.get("labels", {}),
        "kmsKeys": key_of(asset),
        "createTime": asset.record.created,
        "updateTime": asset.record.updated,
        "state": body.get("state", ""),
        "parentFullResourceName": f"//cloudresourcemanager.googleapis.com/{parent}" if parent else "",
    }
    return {key: value for key, value in found.items() if value not in ("", {}, [])}


@SERVICE.method("searchAllResources")
def search(call: Call) -> Answer | Body:
    """Search resources: `state:RUNNING`, `labels.team:ml`, words."""
    query, types = call.text("query"), several(call, "assetTypes")
    keep = None if query in _FREE_TEXT else matcher(query)
    found = [shown(each) for each in assets(call, call.name) if is_of_type(each, types)]
    chosen, token = slice_page(call, [each for each in found if keep is None or keep(each)])
    return {**({"results": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("assets.list")
def list_(call: Call) -> Answer | Body:
    """List assets, with their content if the call asks for it."""
    types, content = several(call, "assetTypes"), call.text("contentType")
    chosen, token = slice_page(
        call, [each for each in assets(call, call.name.removesuffix("/assets")) if is_of_type(each, types)]
    )
    found = [_content(call, each, content) for each in chosen]
    listed = {"assets": [each for each in found if each]} if found else {}
    return {"readTime": call.cloud.clock.tick(), **listed, **({"nextPageToken": token} if token else {})}


def _content(call: Call, asset: Asset, content: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": asset.name,
        "assetType": asset.type,
        "ancestors": list(asset.above),
        "updateTime": asset.record.updated,
    }
    if content == "RESOURCE":
        return {**found, "resource": {"version": "v1", "data": dict(asset.record.body), "location": asset.location}}
    if content == "IAM_POLICY":
        policy = call.cloud.store.policies.get((asset.record.api, asset.record.name))
        return {**found, "iamPolicy": dict(policy)} if policy is not None else {}
    if content in {"", "CONTENT_TYPE_UNSPECIFIED"}:
        return found
    raise not_modelled(f"assets with the content {content}")


@SERVICE.method("searchAllIamPolicies")
def search_policies(call: Call) -> Answer | Body:
    """Search policies: `policy:alice@acme.test`, `policy:roles/owner`, words of members and roles."""
    words = call.text("query").replace("memberTypes:", "policy:").split()
    found = []
    for asset in assets(call, call.name):
        policy = call.cloud.store.policies.get((asset.record.api, asset.record.name))
        if policy is None or not is_of_type(asset, several(call, "assetTypes")):
            continue
        bindings = [each for each in policy["bindings"] if all(_says(each, word) for word in words)]
        if bindings:
            found.append(
                {
                    "resource": asset.name,
                    "assetType": asset.type,
                    **_above(asset),
                    "policy": {"bindings": [dict(each) for each in bindings]},
                }
            )
    chosen, token = slice_page(call, found)
    return {**({"results": chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


def _says(binding: Body, word: str) -> bool:
    """Whether a binding says a word of a search."""
    wanted = word.removeprefix("policy:").strip('"')
    return word == "AND" or any(wanted in each for each in (binding["role"], *binding.get("members", ())))
