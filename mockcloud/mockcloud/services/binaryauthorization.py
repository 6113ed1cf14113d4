"""Binary Authorization: the project's policy, attestors."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import aborted, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

SERVICE = Service("binaryauthorization")

_DEFAULT: Final = {
    "globalPolicyEvaluationMode": "ENABLE",
    "defaultAdmissionRule": {
        "evaluationMode": "ALWAYS_ALLOW",
        "enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG",
    },
}
"""What a project has until somebody sets one: everything may run."""


def _body(call: Call) -> tuple[Record | None, dict[str, Any]]:
    record = call.cloud.store.get("binaryauthorization", call.name)
    if record is not None:
        return record, dict(record.body)
    return None, {**_DEFAULT, "name": call.name, "etag": call.cloud.etag(0)}


@SERVICE.method("projects.getPolicy")
def get_policy(call: Call) -> Answer | Body:
    """Give the project's policy."""
    return _body(call)[1]


@SERVICE.method("projects.updatePolicy")
def update_policy(call: Call) -> Answer | Body:
    """Replace the project's policy."""
    record, current = _body(call)
    given = call.body.get("etag")
    if given and given != current["etag"]:
        raise aborted("The etag does not match: somebody changed the policy meanwhile. Read it again.")
    if "defaultAdmissionRule" not in call.body:
        raise invalid("A policy has a default rule.", Violation("policy.default_admission_rule", "It is not set."))
    revision = (record.revision if record else 0) + 1
    body = {
        "globalPolicyEvaluationMode": "DISABLE",
        **call.body,
        "name": call.name,
        "updateTime": call.cloud.clock.tick(),
        "etag": call.cloud.etag(revision),
    }
    if record is None:
        return call.cloud.create(Record("binaryauthorization", call.name, body)).body
    return call.cloud.change(record, body).body


def _attestor(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    note = body.get("userOwnedGrafeasNote")
    if note is None:
        return body
    number = call.cloud.projects.number_of(call.project)
    account = f"service-{number}@gcp-sa-binaryauthorization.iam.gserviceaccount.com"
    keys = [_key(call, each) for each in note.get("publicKeys", [])]
    return {
        **body,
        "userOwnedGrafeasNote": {
            **note,
            "delegationServiceAccountEmail": account,
            **({"publicKeys": keys} if keys else {}),
        },
    }


def _key(call: Call, key: dict[str, Any]) -> dict[str, Any]:
    """Give a key an id where it has none, as the service does from its digest."""
    return {**key, "id": key.get("id") or f"//keys/{call.cloud.ids.hexadecimal('binaryauthorization/keys', 40)}"}


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    return _attestor(call, record.name, body)


SERVICE.collection("projects.attestors", created=_attestor, changed=_changed, state=None)
