"""Managed Kafka: who may do what is told by the name of a list of entries. No cluster runs."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("managedkafka")

_ACLS: Final = "projects.locations.clusters.acls"
_KINDS: Final = {
    "cluster": ("CLUSTER", "kafka-cluster"),
    "allTopics": ("TOPIC", "*"),
    "allConsumerGroups": ("GROUP", "*"),
    "allTransactionalIds": ("TRANSACTIONAL_ID", "*"),
    "topic/": ("TOPIC", ""),
    "consumerGroup/": ("GROUP", ""),
    "transactionalId/": ("TRANSACTIONAL_ID", ""),
    "topicPrefixed/": ("TOPIC", ""),
    "consumerGroupPrefixed/": ("GROUP", ""),
    "transactionalIdPrefixed/": ("TRANSACTIONAL_ID", ""),
}
"""Id, or how it begins -> kind and name of what it is about. Source: the API's description of `Acl.name`, 2026-11."""


def _id(call: Call, body: dict[str, Any]) -> str:
    del body
    identifier = call.text("aclId")
    word, mark, about = identifier.partition("/")
    if f"{word}{mark}" not in _KINDS or (mark and not about):
        raise invalid(
            f"Invalid ACL id: '{identifier[:100]}'.",
            Violation("acl_id", f"It is none of {', '.join(_KINDS)}, with a name behind a slash."),
        )
    return identifier


def _acl(call: Call, name: str, body: dict[str, Any]) -> Body:
    cluster, _, identifier = name.partition("/acls/")
    if call.cloud.rules.on(Rule.REFERENCES):
        found(call, cluster)
    word, mark, about = identifier.partition("/")
    kind, all_of_them = _KINDS[f"{word}{mark}"]
    pattern = "PREFIXED" if word.endswith("Prefixed") else "LITERAL"
    return {**body, "resourceType": kind, "resourceName": about or all_of_them, "patternType": pattern}


SERVICE.collection(_ACLS, new_id=_id, created=_acl, required=("aclEntries",), orphans=True)


@SERVICE.method(f"{_ACLS}.list")
def list_acls(call: Call) -> Answer | Body:
    """Give the lists of a cluster, whose names have one part or two."""
    chosen, token = slice_page(call, call.cloud.store.below("managedkafka", call.name))
    bodies = [each.body for each in chosen]
    return {**({"acls": bodies} if bodies else {}), **({"nextPageToken": token} if token else {})}
