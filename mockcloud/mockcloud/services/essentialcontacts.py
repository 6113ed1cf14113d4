"""Essential Contacts: who hears of what, in a project, folder or organisation. No mail is sent.

Behaviour as https://cloud.google.com/resource-manager/docs/managing-notification-contacts tells it (2026-11).
"""

import re
from typing import Any, Final

from mockcloud.cloud.access.hierarchy import containers
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import already_exists, invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

_API: Final = "essentialcontacts"
_PARENTS: Final = ("projects", "folders", "organizations")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

SERVICE = Service(_API, numbers=True)


def _held(call: Call, name: str, body: dict[str, Any]) -> Body:
    mail = body.get("email", "")
    if not _MAIL.fullmatch(mail):
        raise invalid(f"Invalid email address: '{mail}'.", Violation("contact.email", "It is none."))
    if not body.get("notificationCategorySubscriptions"):
        raise invalid("There is no category.", Violation("contact.notification_category_subscriptions", "It is empty."))
    for each in call.cloud.store.page(_API, name.rpartition("/")[0]):
        if each.body["email"] == mail and each.name != name:
            raise already_exists(mail, what="Contact")
    return {"languageTag": "en-US", **body, "validationState": "VALID", "validateTime": stamp(call.cloud.clock.now)}


SERVICE.collection(
    *(f"{each}.contacts" for each in _PARENTS),
    created=_held,
    changed=lambda call, record, body: _held(call, record.name, body),
    state=None,
)


@SERVICE.method(*(f"{each}.contacts.compute" for each in _PARENTS))
def compute(call: Call) -> Answer | Body:
    """Give the contacts that hear of categories here, those from above too."""
    asked = call.query.get("notificationCategories", [])
    wanted = {asked} if isinstance(asked, str) else set(asked)
    container = call.name.partition("/contacts")[0]
    records = [
        each for name in containers(call.cloud, container) for each in call.cloud.store.page(_API, f"{name}/contacts")
    ]
    chosen, token = slice_page(call, [each for each in records if _hears(each, wanted)])
    found = [each.body for each in chosen]
    return {**({"contacts": found} if found else {}), **({"nextPageToken": token} if token else {})}


def _hears(record: Record, wanted: set[str]) -> bool:
    categories = set(record.body["notificationCategorySubscriptions"])
    return not wanted or "ALL" in categories or bool(categories & wanted)


@SERVICE.method(*(f"{each}.contacts.sendTestMessage" for each in _PARENTS))
def send_test(call: Call) -> Answer | Body:
    """Take note of a test message, which goes nowhere."""
    if not call.body.get("contacts"):
        raise invalid("The contacts must be set.", Violation("contacts", "They are not set."))
    return {}
