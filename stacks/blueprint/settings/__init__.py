"""The settings of a stack: typed, documented, checked as a whole before anything is built."""

from blueprint.settings.report import SettingsError
from blueprint.settings.root import Settings
from blueprint.settings.stages import Stage

__all__ = ["Settings", "SettingsError", "Stage"]
