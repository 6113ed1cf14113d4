"""References: the accounts, keys, networks, topics and secrets that a request names exist.

What belongs to a project that this cloud does not know cannot be seen from here, and is taken to be there. What only
one service knows, such as the model of an endpoint, its handlers look up themselves.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from mockcloud.cloud import mentions
from mockcloud.cloud.access.objects import policed
from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import STATUS_OF_HTTP, ApiError, invalid
from mockcloud.cloud.rules.chain import Profile
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.methods import Kind, Method
from mockcloud.discovery.schemas import Schemas
from mockcloud.discovery.tables import read_table

_NETWORK: Final = re.compile(
    r"(?:https://(?:www|compute)\.googleapis\.com/compute/\w+/|//compute\.googleapis\.com/)?"
    r"(projects/[^/]+/(?:global/networks|regions/[^/]+/subnetworks)/[^/]+)"
)
_TOPIC: Final = re.compile(r"(?://pubsub\.googleapis\.com/)?(projects/[^/]+/topics/[^/]+)")
_SECRET: Final = re.compile(r"(projects/[^/]+/secrets/[^/]+)(?:/versions/[^/]+)?")
_OWN_ACCOUNT: Final = re.compile(r"[^@]+@([^@.]+)\.iam\.gserviceaccount\.com")
"""An account that somebody made. Those that Google makes have other addresses, and are always there."""


def check(call: Call) -> None:
    """Hold a request to what exists.

    Raises:
        ApiError: 400, 403 or 404 as the service has it, for the first that does not.
    """
    if not call.body or not call.method.writes:
        return
    if call.method.kind is Kind.SET_IAM_POLICY:
        _hold_policy(call)
        return
    strict = call.cloud.rules.profile is Profile.STRICT
    for kind, refusal in _asked(call.method):
        if refusal.strict and not strict:
            continue
        for name in kind.find(call):
            if not kind.there(call, name):
                raise ApiError(
                    refusal.code,
                    STATUS_OF_HTTP[refusal.code],
                    refusal.says.replace("NAME", name),
                    reason={400: "badRequest", 403: "forbidden", 404: "notFound"}[refusal.code],
                )


def _hold_policy(call: Call) -> None:
    """Hold what a policy grants anew to service accounts and custom roles that exist."""
    before = list(_grants(call.cloud.store.policies.get((call.api, policed(call)))))
    for role, member in _grants(call.body.get("policy", call.body)):
        if (role, member) in before:
            continue
        kind, _, email = member.partition(":")
        if kind == "serviceAccount" and not account_is_there(call, email):
            raise invalid(f"Service account {email} does not exist.")
        if role.startswith("projects/") and not _is_there("iam")(call, role):
            raise invalid(f"Role ({role}) does not exist in the resource's hierarchy.")


def _grants(policy: object) -> Iterator[tuple[str, str]]:
    bindings = policy.get("bindings") if isinstance(policy, Mapping) else None
    for each in bindings if isinstance(bindings, list) else ():
        for member in each.get("members", ()):
            yield each.get("role", ""), member


# What there is
# ---------------------------------------------------------------------------------------------------------------------


def account_is_there(call: Call, email: str) -> bool:
    """Whether a service account exists, as far as one can see from a call."""
    found = _OWN_ACCOUNT.fullmatch(email)
    if found is None or call.cloud.projects.get(found[1]) is None:
        return True
    return call.cloud.accounts.get(email) is not None


def _is_there(api: str) -> Callable[[Call, str], bool]:
    def there(call: Call, name: str) -> bool:
        if call.cloud.projects.get(name.split("/")[1]) is None:
            return True
        return call.cloud.store.get(api, call.cloud.projects.by_id(name)) is not None

    return there


def _network_is_there(call: Call, name: str) -> bool:
    # Every project begins with a network `default`, which appears in the store when somebody first looks at it.
    return name.endswith("/default") or _is_there("compute")(call, name)


# What is named
# ---------------------------------------------------------------------------------------------------------------------


def _secrets(call: Call) -> Iterator[str]:
    yield from mentions.named(call.body, _SECRET)
    yield from _bare_secrets(call.body, call.project)


def _bare_secrets(body: object, project: str) -> Iterator[str]:
    """Give the secrets that are named by their id alone, in the project that stands beside it or that of the call."""
    if isinstance(body, list):
        for each in body:
            yield from _bare_secrets(each, project)
    elif isinstance(body, Mapping):
        secret = body.get("secret")
        if isinstance(secret, str) and secret and "/" not in secret:
            yield f"projects/{body.get('projectId') or project}/secrets/{secret}"
        for each in body.values():
            yield from _bare_secrets(each, project)


@dataclass(frozen=True, slots=True)
class _Named:
    """A kind of what requests name.

    Attributes:
        fields: What the name of a field that holds it contains, in lower case.
        find: Gives what a request names.
        there: Whether that exists.
    """

    fields: re.Pattern[str]
    find: Callable[[Call], Iterable[str]]
    there: Callable[[Call, str], bool]


@dataclass(frozen=True, slots=True)
class _Refusal:
    code: int
    says: str
    strict: bool = False


_ACCOUNT_FIELDS: Final = "|".join(f"{each.lower()}$" for each in sorted({*mentions.ACCOUNT_FIELDS, "serviceAccounts"}))
_KINDS: Final[Mapping[str, _Named]] = {
    "account": _Named(re.compile(_ACCOUNT_FIELDS), lambda call: mentions.accounts(call.body), account_is_there),
    "key": _Named(
        re.compile("kms|cryptokey|encryptionkey|keyname"), lambda call: mentions.keys(call.body), _is_there("cloudkms")
    ),
    "network": _Named(
        re.compile("network|subnet|vpc"), lambda call: mentions.named(call.body, _NETWORK), _network_is_there
    ),
    "topic": _Named(re.compile("topic"), lambda call: mentions.named(call.body, _TOPIC), _is_there("pubsub")),
    "secret": _Named(re.compile("secret"), _secrets, _is_there("secretmanager")),
}


# Which methods
# ---------------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, dict[str, Any]] = read_table(Path(__file__).with_suffix(".yaml"))
    return found


@cache
def _asked(method: Method) -> tuple[tuple[_Named, _Refusal], ...]:
    """Give the kinds that the requests of a method can name, with how their absence is refused."""
    fields = _reachable(description(method.api, method.version).schemas, method.request)
    found = []
    for name, rows in _table().items():
        kind = _KINDS[name]
        beginnings = [each for each in rows if not each or f"{method.full_id}.".startswith(f"{each}.")]
        row = rows[max(beginnings, key=len)] if beginnings else None
        if row is not None and any(kind.fields.search(each) for each in fields):
            found.append((kind, _Refusal(**row)))
    return tuple(found)


def _reachable(schemas: Schemas, schema: str) -> frozenset[str]:
    """Give the names of all fields in a schema and in what it holds, in lower case."""
    names, seen, left = set[str](), {schema}, [schema]
    while left:
        for field in schemas.fields(left.pop()).values():
            names.add(field.name.lower())
            if field.ref and field.ref not in seen:
                seen.add(field.ref)
                left.append(field.ref)
    return frozenset(names)
