"""Firebase Hosting: sites with their channels, versions, releases and domains. Nothing is served."""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.store import Body
from mockcloud.services.creating import now
from mockcloud.services.service import Service

API: Final = "firebasehosting"
SERVICE: Final = Service(API, modelled=False)


@SERVICE.preparation
def _place(call: Call) -> None:
    """Read names without a project as those of the project that the site is of."""
    words = call.name.split("/")
    if words[0] == "sites" and len(words) > 1:
        for each in call.cloud.store.collections(API):
            if each.endswith("/sites") and call.cloud.store.get(API, f"{each}/{words[1]}") is not None:
                call.name = "/".join([each, *words[1:]])


def _site(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    return {"type": "USER_SITE", **body, "defaultUrl": f"https://{name.rpartition('/')[2]}.web.app"}


def _channel(call: Call, name: str, body: dict[str, Any]) -> Body:
    short, words = _short(name), name.split("/")
    suffix = call.cloud.ids.hexadecimal("firebasehosting/channels", 8)
    url = f"https://{words[3]}--{words[-1]}-{suffix}.web.app"
    return {"retainedReleaseCount": 10, **body, "name": short, "url": url}


def _short(name: str) -> str:
    """Give a name without the project, as what is below a site is shown.

    Raises:
        ApiError: 404, where there is no such site.
    """
    if name.startswith("sites/"):
        raise not_found(name.split("/")[1], what="Site")
    return name[name.index("sites/") :]


def _version(call: Call, name: str, body: dict[str, Any]) -> Body:
    who = {"email": call.caller.email or "owner@mock.test"}
    return {"config": {}, "status": "CREATED", **body, "name": _short(name), "createUser": who}


def _release(call: Call, name: str, body: dict[str, Any]) -> Body:
    version = call.text("versionName")
    shown = {"version": {"name": version}} if version else {}
    return {"type": "DEPLOY", **body, **shown, "name": _short(name), "releaseTime": now(call)}


def _domain(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    ready = {"hostState": "HOST_ACTIVE", "ownershipState": "OWNERSHIP_ACTIVE", "cert": {"state": "CERT_ACTIVE"}}
    return {"certPreference": "GROUPED", **body, **ready}


SERVICE.collection("projects.sites", created=_site)
for _above in ("projects.sites", "sites"):
    SERVICE.collection(f"{_above}.channels", created=_channel, state=None)
    SERVICE.collection(f"{_above}.versions", created=_version, state=None)
    SERVICE.collection(f"{_above}.releases", f"{_above}.channels.releases", created=_release, orphans=True, state=None)
SERVICE.collection("projects.sites.customDomains", created=_domain, state=None)
