"""What goes wrong, in four parts: what failed, what was given, what is allowed, what to do."""

from __future__ import annotations


class Error(Exception):
    """Root of every error that these workloads raise on purpose."""

    def __init__(self, failed: str, *, given: str, allowed: str, do: str) -> None:
        """Take the four parts; none may hold a person's data, since logs keep what is printed."""
        super().__init__(f"{failed}\n  given:   {given}\n  allowed: {allowed}\n  do:      {do}")


class SourceError(Error):
    """Data cannot be read from where it should be."""


class ValidationError(Error):
    """Data is not what the pipeline was made for."""


class SettingError(Error):
    """A parameter of a run cannot be used."""


class GateError(Error):
    """A model is not good enough, or not fair enough, to be registered."""


class RegistryError(Error):
    """A model cannot be registered."""


class CompileError(Error):
    """The pipeline cannot be compiled as asked."""
