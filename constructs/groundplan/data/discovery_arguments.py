"""The two discovery configurations as the provider takes them, and what Google looks for by default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.validation import Checks

Config = gcp.dataloss.PreventionDiscoveryConfigArgs
Action = gcp.dataloss.PreventionDiscoveryConfigActionArgs
Target = gcp.dataloss.PreventionDiscoveryConfigTargetArgs

FREQUENCIES: Final = {
    "never": "UPDATE_FREQUENCY_NEVER",
    "monthly": "UPDATE_FREQUENCY_MONTHLY",
    "daily": "UPDATE_FREQUENCY_DAILY",
}
"""How often profiles are made again, in our words and in Google's."""

INFO_TYPES: Final = (
    "AUTH_TOKEN",
    "CREDIT_CARD_NUMBER",
    "DATE_OF_BIRTH",
    "EMAIL_ADDRESS",
    "ENCRYPTION_KEY",
    "GCP_CREDENTIALS",
    "GENDER",
    "IBAN_CODE",
    "IP_ADDRESS",
    "LOCATION_COORDINATES",
    "MEDICAL_RECORD_NUMBER",
    "MEDICAL_TERM",
    "PASSPORT",
    "PASSWORD",
    "PERSON_NAME",
    "PHONE_NUMBER",
    "STREET_ADDRESS",
)
"""What is looked for by default: data about people in any country, and secrets. Source: InfoType detector reference,
Sensitive Data Protection documentation; types of one country are for the owner of the data to name."""


_INFO_TYPE: Final = "[A-Z][A-Z0-9_]{1,99}"


def check_info_types(checks: Checks, info_types: Sequence[str]) -> None:
    """Record what is wrong with the names of what is looked for."""
    words = "an infoType in capitals, such as EMAIL_ADDRESS"
    for index, name in enumerate(info_types):
        checks.matches(f"info_types[{index}]", name, _INFO_TYPE, words, "take the name from Google's reference")
    checks.unique("info_types", map(str, info_types), "infoType")
    checks.that(
        info_types,
        "info_types",
        "are missing, and what Google then looks for changes over time",
        given="nothing",
        allowed="at least one infoType",
        do="name what must be found, or leave the argument out",
    )


def tables(frequency: str) -> Target:
    """Return the target that takes in all tables; ``frequency`` is a value of ``FREQUENCIES``.

    Tables that nobody changes are not profiled again.
    """
    cadence = gcp.dataloss.PreventionDiscoveryConfigTargetBigQueryTargetCadenceArgs(
        schema_modified_cadence=gcp.dataloss.PreventionDiscoveryConfigTargetBigQueryTargetCadenceSchemaModifiedCadenceArgs(
            frequency=frequency, types=["NEW_COLUMNS", "REMOVED_COLUMNS"]
        ),
        table_modified_cadence=gcp.dataloss.PreventionDiscoveryConfigTargetBigQueryTargetCadenceTableModifiedCadenceArgs(
            frequency=frequency, types=["TABLE_MODIFIED_TIMESTAMP"]
        ),
        inspect_template_modified_cadence=gcp.dataloss.PreventionDiscoveryConfigTargetBigQueryTargetCadenceInspectTemplateModifiedCadenceArgs(
            frequency=frequency
        ),
    )
    return Target(
        big_query_target=gcp.dataloss.PreventionDiscoveryConfigTargetBigQueryTargetArgs(
            filter=gcp.dataloss.PreventionDiscoveryConfigTargetBigQueryTargetFilterArgs(
                other_tables=gcp.dataloss.PreventionDiscoveryConfigTargetBigQueryTargetFilterOtherTablesArgs()  # type: ignore[no-untyped-call] # the provider's
            ),
            cadence=cadence,
        )
    )


def buckets(frequency: str) -> Target:
    """Return the target that takes in all buckets. Google does not tell changed buckets from others."""
    cadence = gcp.dataloss.PreventionDiscoveryConfigTargetCloudStorageTargetGenerationCadenceArgs(
        refresh_frequency=frequency,
        inspect_template_modified_cadence=gcp.dataloss.PreventionDiscoveryConfigTargetCloudStorageTargetGenerationCadenceInspectTemplateModifiedCadenceArgs(
            frequency=frequency
        ),
    )
    return Target(
        cloud_storage_target=gcp.dataloss.PreventionDiscoveryConfigTargetCloudStorageTargetArgs(
            filter=gcp.dataloss.PreventionDiscoveryConfigTargetCloudStorageTargetFilterArgs(
                others=gcp.dataloss.PreventionDiscoveryConfigTargetCloudStorageTargetFilterOthersArgs()  # type: ignore[no-untyped-call] # the provider's
            ),
            generation_cadence=cadence,
        )
    )


def inspect_config(info_types: Sequence[str]) -> gcp.dataloss.PreventionInspectTemplateInspectConfigArgs:
    """Return what is looked for. No quote of what was found is kept."""
    return gcp.dataloss.PreventionInspectTemplateInspectConfigArgs(
        info_types=[gcp.dataloss.PreventionInspectTemplateInspectConfigInfoTypeArgs(name=name) for name in info_types],
        include_quote=False,
    )


def alert(event: str, topic: pulumi.Input[str]) -> Action:
    """Return a message to a topic for an event, where what was found is highly sensitive. It names what it is in."""
    expression = gcp.dataloss.PreventionDiscoveryConfigActionPubSubNotificationPubsubConditionExpressionsArgs(
        logical_operator="OR",
        conditions=[
            gcp.dataloss.PreventionDiscoveryConfigActionPubSubNotificationPubsubConditionExpressionsConditionArgs(
                minimum_sensitivity_score="HIGH"
            )
        ],
    )
    return Action(
        pub_sub_notification=gcp.dataloss.PreventionDiscoveryConfigActionPubSubNotificationArgs(
            topic=topic,
            event=event,
            detail_of_message="RESOURCE_NAME",
            pubsub_condition=gcp.dataloss.PreventionDiscoveryConfigActionPubSubNotificationPubsubConditionArgs(
                expressions=expression
            ),
        )
    )
