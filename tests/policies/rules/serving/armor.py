"""Good resources of Model Armor, for the tests of serving."""

from typing import Any

from tests.policies.rules.harness import R, put

FILTERS: dict[str, Any] = {
    "piAndJailbreakFilterSettings": {"filterEnforcement": "ENABLED", "confidenceLevel": "MEDIUM_AND_ABOVE"},
    "maliciousUriFilterSettings": {"filterEnforcement": "ENABLED"},
    "sdpSettings": {"basicConfig": {"filterEnforcement": "ENABLED"}},
    "raiSettings": {
        "raiFilters": [
            {"filterType": each, "confidenceLevel": "MEDIUM_AND_ABOVE"}
            for each in ("SEXUALLY_EXPLICIT", "HATE_SPEECH", "HARASSMENT", "DANGEROUS")
        ]
    },
}
TEMPLATE = R(
    "modelarmor.Template",
    {
        "templateId": "chat",
        "location": "europe-west4",
        "filterConfig": FILTERS,
        "templateMetadata": {"enforcementType": "INSPECT_AND_BLOCK", "ignorePartialInvocationFailures": False},
    },
)
FLOOR = R(
    "modelarmor.Floorsetting",
    {
        "parent": "projects/acme-ml",
        "location": "global",
        "filterConfig": FILTERS,
        "enableFloorSettingEnforcement": True,
        "aiPlatformFloorSetting": {"inspectAndBlock": True, "inspectOnly": False},
        "integratedServices": ["AI_PLATFORM"],
    },
)


def changed(good: R, path: str, value: object) -> R:
    """Give a good resource with another value at a path, or with nothing there."""
    return R(good.type, put(good.inputs, path, value))
