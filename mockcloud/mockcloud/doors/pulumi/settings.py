"""What a program sets on a provider of Google Cloud, read for the mock cloud."""

import json
import os
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Settings
from mockcloud.pulumi.values import plain

VARIABLES: Final = {
    "project": ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"),
    "region": ("GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"),
    "zone": ("GOOGLE_ZONE", "GCLOUD_ZONE", "CLOUDSDK_COMPUTE_ZONE"),
}
"""Environment variables that the provider reads where the program sets nothing. Source: its configuration page."""


def settings_of(inputs: Mapping[str, Any], *, environment: bool, project: str = "") -> Settings:
    """Read a provider's inputs.

    Args:
        inputs: The inputs: texts, or JSON as a text, as the engine hands them over.
        environment: Whether variables of the environment count.
        project: Project where nothing says one.
    """
    known = {name: _text(inputs.get(name)) for name in VARIABLES}
    for name, variables in VARIABLES.items() if environment else ():
        known[name] = known[name] or next((found for each in variables if (found := os.environ.get(each))), "")
    labels = _json(inputs.get("defaultLabels"))
    attribution = _json(inputs.get("addPulumiAttributionLabel"))
    return Settings(
        known["project"] or project,
        known["region"],
        known["zone"],
        labels={str(key): str(value) for key, value in labels.items()} if isinstance(labels, Mapping) else {},
        attribution=attribution is not False,
    )


def _text(value: object) -> str:
    value = plain(value)
    return value if isinstance(value, str) else ""


def _json(value: object) -> object:
    value = plain(value)
    if not isinstance(value, str):
        return value
    try:
        found: object = json.loads(value)
    except ValueError:
        return value
    return found
