"""Who calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        member: As IAM names it: `user:alice@acme.test`, `serviceAccount:…`, `principal://…`; "" for nobody.
        scopes: OAuth scopes of the credentials; empty where they do not say.
        via: The chain of those who act for it, the first one first: whoever impersonated it.
        claims: Further claims of the token, such as `attribute.repository` of a federated identity.
        origin: Where the call comes from, as far as perimeters ask: `ip`, `project`, `network`.
    """

    member: str
    scopes: frozenset[str] = frozenset()
    via: tuple[str, ...] = ()
    claims: Mapping[str, Any] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """The e-mail address; "" where it has none."""
        kind, _, rest = self.member.partition(":")
        return rest if kind in {"user", "serviceAccount"} else ""


NOBODY: Final = Caller("")
OWNER: Final = Caller("user:owner@mock.test")
"""Who calls in the lenient profile where the credentials do not say."""
