"""Attestors: who vouches for images."""

from typing import Final

ATTESTOR: Final = "binaryauthorization.Attestor"
