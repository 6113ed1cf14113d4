"""Settings of the guardrails: levels and parameters, by tier or by a team's own file."""

from groundplan_policies.settings.clauses import unmet_clauses
from groundplan_policies.settings.form import settings_schema
from groundplan_policies.settings.model import Settings
from groundplan_policies.settings.read import TIERS, SettingsError, read_settings

__all__ = ["TIERS", "Settings", "SettingsError", "read_settings", "settings_schema", "unmet_clauses"]
