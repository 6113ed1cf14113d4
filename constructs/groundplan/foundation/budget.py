"""A monthly budget over an environment's projects, and who hears of it."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

from groundplan.core import providers
from groundplan.core.environment import Project
from groundplan.core.validation import Checks

_CHANNELS = 5  # Google allows five channels a budget.


def budget(
    *,
    billing_account: str,
    name: str,
    amount: int,
    currency: str,
    projects: Sequence[Project],
    thresholds: Sequence[float],
    channels: Sequence[gcp.monitoring.NotificationChannel],
    topic: pulumi.Input[str] | None,
) -> gcp.billing.BudgetArgs:
    """Return a budget for each calendar month, which alerts at shares of the amount and when it will be overrun.

    ``amount`` is in whole units of the currency. It stops nothing: Google has no limit on spending.
    """
    rules = [gcp.billing.BudgetThresholdRuleArgs(threshold_percent=share) for share in thresholds]
    rules.append(gcp.billing.BudgetThresholdRuleArgs(threshold_percent=1.0, spend_basis="FORECASTED_SPEND"))
    return gcp.billing.BudgetArgs(
        billing_account=billing_account,
        display_name=name,
        amount=gcp.billing.BudgetAmountArgs(
            specified_amount=gcp.billing.BudgetAmountSpecifiedAmountArgs(currency_code=currency, units=str(amount))
        ),
        budget_filter=gcp.billing.BudgetBudgetFilterArgs(
            calendar_period="MONTH",
            # Google answers with project numbers; a filter by id would differ at every preview.
            projects=[pulumi.Output.concat("projects/", providers.project_number(project)) for project in projects],
        ),
        threshold_rules=rules,
        all_updates_rule=gcp.billing.BudgetAllUpdatesRuleArgs(
            monitoring_notification_channels=[channel.id for channel in channels] or None,
            pubsub_topic=topic,
            schema_version="1.0" if topic is not None else None,
        ),
    )


def check_budget(
    checks: Checks,
    *,
    account: str | None,
    amount: int | None,
    currency: str | None,
    contacts: Sequence[str],
    topic: pulumi.Input[str] | None,
) -> None:
    """Record what is wrong with the arguments of a budget, which come together or not at all."""
    given = {"billing_account": account, "budget_amount": amount, "budget_currency": currency}
    missing = [field for field, value in given.items() if value is None]
    checks.that(
        not missing or len(missing) == len(given),
        "budget_amount",
        "makes half a budget",
        given=f"no {', no '.join(missing)}",
        allowed="a billing account, an amount and a currency, or none of the three",
        do="give the missing ones",
    )
    if account is not None:
        checks.matches(
            "billing_account",
            account,
            "[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}",
            "three groups of six hexadecimal capitals",
            "look it up with `gcloud billing accounts list`",
        )
    if amount is not None:
        checks.within("budget_amount", amount, 1, 1_000_000_000, "currency units")
    if currency is not None:
        checks.matches("budget_currency", currency, "[A-Z]{3}", "three capitals of ISO 4217", "write it as EUR")
    _check_audience(checks, wanted=not missing, contacts=contacts, topic=topic)


def _check_audience(checks: Checks, *, wanted: bool, contacts: Sequence[str], topic: pulumi.Input[str] | None) -> None:
    heard = bool(contacts) or topic is not None
    checks.that(
        heard or not wanted,
        "budget_contacts",
        "tells nobody of the budget",
        given="no contact and no topic",
        allowed="at least one e-mail address, or a topic",
        do="name who answers for the costs",
    )
    checks.that(
        wanted or not heard,
        "budget_contacts",
        "tells somebody of a budget that there is not",
        given=f"{len(contacts)} contacts" if contacts else "a topic",
        allowed="contacts and a topic beside a billing account, an amount and a currency",
        do="give the budget too, or leave the contacts out",
    )
    checks.that(
        len(contacts) <= _CHANNELS,
        "budget_contacts",
        "names too many",
        given=len(contacts),
        allowed=f"at most {_CHANNELS}, as Google has it",
        do="use the address of a group",
    )
