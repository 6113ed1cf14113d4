"""What the tests of this family assume of the settings, beside what all tests do."""

from dataclasses import replace

from tests.policies.rules.harness import PARAMETERS

CLASSED = replace(
    PARAMETERS,
    classifications=("public", "internal", "restricted", "personal"),
    restricted_classes=("restricted", "personal"),
    personal_classes=("personal",),
)
"""Classes as most organisations have them."""


def labels(classification: str) -> dict[str, str]:
    """Give the labels of a resource of a class."""
    return {"classification": classification}
