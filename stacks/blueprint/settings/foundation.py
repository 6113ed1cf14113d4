"""Settings of the foundation: budget, keys, logs."""

from __future__ import annotations

from pydantic import Field, ValidationInfo, field_validator

from blueprint.settings.base import Section, verify, verify_each
from blueprint.settings.data import DataClassName
from blueprint.settings.environment import ProjectSettings


class BudgetSettings(Section):
    """A monthly budget with alerts."""

    billing_account: str
    """Billing account that pays for the projects, as 012345-6789AB-CDEF01."""
    amount: int = Field(ge=1)
    """Amount a month, in whole units of the currency."""
    currency: str = "EUR"
    """The billing account's currency, three letters."""
    contacts: list[str] = Field(min_length=1)
    """E-mail addresses that get the alerts."""

    @field_validator("billing_account")
    @classmethod
    def _account(cls, value: str) -> str:
        verify(
            lambda checks: checks.matches(
                "billing_account",
                value,
                r"[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}",
                "a billing account, as 012345-6789AB-CDEF01",
                "look it up with `gcloud billing accounts list`",
            )
        )
        return value


class ExistingKeysSettings(Section):
    """Keys that are there already, such as those of a central key project."""

    project: ProjectSettings
    """The keys' project; `managed: false` where its administrators make the grants."""
    keys: dict[DataClassName, str]
    """The key of each data class, as projects/…/locations/…/keyRings/…/cryptoKeys/…."""


class KeysSettings(Section):
    """Keys for data at rest."""

    admins: list[str] = Field(default_factory=list)
    """Principals who manage the keys and may never use them."""
    existing: ExistingKeysSettings | None = None
    """Keys to use instead of making some."""
    own: bool = False
    """Whether to make keys where the tier leaves them to Google. Google never deletes a key ring."""
    sign_images: bool = False
    """Whether images are signed where the tier does not ask for it, with a key that is made here."""

    @field_validator("own", "sign_images")
    @classmethod
    def _made(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - as pydantic calls it
        name, wrong = str(info.field_name), value and info.data.get("existing") is not None
        allowed, remedy = "false, where keys exist", "leave it out, or leave existing out"
        fault = "makes keys beside those that are named under existing"
        verify(lambda checks: checks.that(not wrong, name, fault, given=value, allowed=allowed, do=remedy))
        return value

    @field_validator("admins")
    @classmethod
    def _admins(cls, value: list[str]) -> list[str]:
        verify_each(value, lambda checks, admin: checks.principal("admins", admin))
        return value


class LogsSettings(Section):
    """The log archive."""

    readers: list[str] = Field(default_factory=list)
    """Principals who may read the archive."""
    key_account: str | None = None
    """E-mail of the account with which Logging uses keys for the log project; looked up where it is not given, which
    an offline preview cannot do. `gcloud logging settings describe` prints it as kmsServiceAccountId."""
    existing: str | None = None
    """A log bucket to send logs to instead of making one, as projects/…/locations/…/buckets/…."""


class SecurityAlertsSettings(Section):
    """Alerts on critical changes in all projects, and on what Security Command Center finds."""

    contacts: list[str] = Field(min_length=1)
    """E-mail addresses that are told."""
    feeds: bool | None = None
    """Whether changes of assets and findings of Security Command Center are sent to topics; by default as the tier
    says. False where Security Command Center is not active."""
    readers: list[str] = Field(default_factory=list)
    """Principals who may take changes and findings off their subscriptions."""


class PerimeterSettings(Section):
    """A service perimeter around the projects, in an access policy that is there already."""

    access_policy: str
    """The organisation's access policy, as accessPolicies/42."""
    enforced: bool = False
    """Whether the perimeter blocks; first it only logs what it would block."""
    access_levels: list[str] = Field(default_factory=list)
    """Access levels that let callers in from outside, as accessPolicies/…/accessLevels/…."""
