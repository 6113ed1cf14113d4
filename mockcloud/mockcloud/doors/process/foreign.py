"""The type of what belongs to a library that is hooked."""

from typing import Any, TypeAlias

Foreign: TypeAlias = Any
"""An object, class or module of a library that is hooked. Its own types cannot be named: it may not be installed."""
