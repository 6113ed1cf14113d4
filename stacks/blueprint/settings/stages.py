"""The stages of a platform, in their order."""

from __future__ import annotations

import enum


class Stage(enum.StrEnum):
    """A part of the platform that one group of people runs."""

    ORGANISATION = "organisation"
    """Organisation policies: for those with rights on the organisation."""
    FOUNDATION = "foundation"
    """APIs, audit, budget, keys, the log archive: for those who own the projects."""
    PLATFORM = "platform"
    """Network, identities, data, features, code, delivery: for the platform team."""
    TEAM = "team"
    """Notebooks, training, pipelines, endpoints: for the product team."""
