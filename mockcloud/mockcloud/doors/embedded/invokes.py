"""Answers for a provider's functions (`get_*`): from settings, or computed where no cloud is needed."""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from mockcloud.doors.embedded.errors import InvalidSettings, InvokeNotAnswered
from mockcloud.pulumi.values import SECRET, SIGNATURE, Value, from_document

Answers: TypeAlias = "Mapping[str, object] | Callable[[str, dict[str, Value]], object] | None"
"""What functions answer: token -> result, or token -> callable of the arguments; or one callable of both."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function.

    Attributes:
        token: The function's token, such as `gcp:organizations/getProject:getProject`.
        arguments: Its arguments, by Pulumi's names.
        provider: The inputs of the provider that it is called on.
    """

    token: str
    arguments: dict[str, Value]
    provider: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Invokes:
    """Answers calls.

    Attributes:
        answers: What settings say.
        cloud: Asks a cloud for what they do not say: token, arguments, inputs of the provider; None for no cloud.
    """

    answers: Answers
    cloud: Callable[[str, Mapping[str, Value], Mapping[str, Value]], dict[str, Value] | None] | None = None

    def answer(self, call: Call) -> dict[str, Value]:
        """Give the result of a call.

        Raises:
            InvokeNotAnswered: Settings say nothing about it, and a cloud is needed to know.
            InvalidSettings: What settings say is no result.
        """
        given = self._given(call)
        if given is None and call.token in COMPUTED:
            given = COMPUTED[call.token](call)
        if given is None and self.cloud is not None:
            given = self.cloud(call.token, call.arguments, call.provider)
        if given is None:
            raise InvokeNotAnswered(
                f"The program calls {call.token}, and nothing says what it answers",
                given=f"arguments {', '.join(sorted(call.arguments)) or 'none'}",
                allowed="functions whose result is given, and " + ", ".join(sorted(COMPUTED)),
                remedy="give the result, with the names of Pulumi's schema: in a file for `--answers`, under `invokes` "
                f"and {call.token}, or in Python as invokes={{{call.token!r}: {{...}}}}",
            )
        result = from_document(plain_json(given, f"the result of {call.token}"))
        if not isinstance(result, dict):
            raise InvalidSettings(
                f"The result of {call.token} is no object",
                given=type(given).__name__,
                allowed="a mapping of property names to values",
                remedy="give the result as the provider's schema has it",
            )
        return result

    def _given(self, call: Call) -> object:
        if self.answers is None:
            return None
        if not isinstance(self.answers, Mapping):
            return self.answers(call.token, call.arguments)
        given = self.answers.get(call.token)
        return given(call.arguments) if callable(given) else given


def plain_json(value: object, what: str) -> Value:
    """Check that a value is plain JSON, and give it as such.

    Args:
        value: The value.
        what: What it is, for the message.

    Raises:
        InvalidSettings: It is not.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {str(key): plain_json(item, what) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(item, what) for item in value]
    raise InvalidSettings(
        f"There is something that is not JSON in {what}",
        given=type(value).__name__,
        allowed="texts, numbers, true, false, null, lists, and mappings with text keys",
        remedy="give plain values",
    )


def _iam_policy(call: Call) -> dict[str, Value]:
    """Compute the policy document, as terraform-provider-google's data source `google_iam_policy` does."""
    bindings: dict[tuple[str, str], tuple[Value, set[str]]] = {}
    for binding in _objects(call.arguments.get("bindings")):
        condition = binding.get("condition")
        key = (str(binding.get("role", "")), json.dumps(condition, sort_keys=True) if condition else "")
        bindings.setdefault(key, (condition, set()))[1].update(str(member) for member in _texts(binding.get("members")))
    policy: dict[str, Value] = {}
    audit: list[Value] = [
        {
            "auditLogConfigs": [
                {"exemptedMembers": _texts(log.get("exemptedMembers")), "logType": log.get("logType")}
                if log.get("exemptedMembers")
                else {"logType": log.get("logType")}
                for log in _objects(config.get("auditLogConfigs"))
            ],
            "service": config.get("service"),
        }
        for config in _objects(call.arguments.get("auditConfigs"))
    ]
    if audit:
        policy["auditConfigs"] = audit
    if bindings:
        policy["bindings"] = [
            {**({"condition": condition} if condition else {}), "members": [*sorted(members)], "role": role}
            for (role, _), (condition, members) in sorted(bindings.items(), key=lambda item: item[0])
        ]
    data = json.dumps(policy, separators=(",", ":"), sort_keys=True)
    return {**call.arguments, "policyData": data, "id": str(zlib.crc32(data.encode()))}


def _client_config(call: Call) -> dict[str, Value]:
    """Give what the provider was configured with; the access token is a secret that nobody has."""
    labels = call.provider.get("defaultLabels", {})
    token: Value = {SIGNATURE: SECRET, "value": "no-token-in-a-preview"}
    return {
        "accessToken": token,
        "defaultLabels": json.loads(labels) if isinstance(labels, str) else labels,
        "id": "",
        **{key: call.provider.get(key, "") for key in ("project", "region", "zone")},
    }


def _objects(value: Value) -> list[dict[str, Value]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: Value) -> list[Value]:
    return [*sorted(item for item in value if isinstance(item, str))] if isinstance(value, list) else []


COMPUTED: Final[Mapping[str, Callable[[Call], dict[str, Value]]]] = {
    "gcp:organizations/getIAMPolicy:getIAMPolicy": _iam_policy,
    "gcp:organizations/getClientConfig:getClientConfig": _client_config,
}
"""Functions whose result follows from their arguments and the provider's configuration alone."""
