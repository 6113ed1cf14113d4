"""reCAPTCHA: keys, and policies of firewalls. Assessments answer 501: nobody is there to be assessed."""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.services.service import Service

SERVICE: Final = Service("recaptchaenterprise", modelled=False)
_LENGTH: Final = 34


def _id(call: Call, body: dict[str, Any]) -> str:
    """Give a new key: the server chooses it."""
    del body
    return f"6L{call.cloud.ids.hexadecimal('recaptchaenterprise/keys', _LENGTH)}"


SERVICE.collection("projects.keys", new_id=_id)
SERVICE.collection("projects.firewallpolicies")
