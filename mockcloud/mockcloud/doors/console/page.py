"""The page: one HTML text with its own style and script, which loads nothing."""

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def page() -> str:
    """Give the page. Nothing of the cloud is in it: its script asks for that, and writes it as text."""
    return _asset("console.html").replace("{{ style }}", _style()).replace("{{ script }}", _script())


@lru_cache(maxsize=1)
def policy() -> str:
    """Give the content security policy: this page's style and script by their hashes, its own API, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(_style())}'; script-src '{_hash(_script())}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _style() -> str:
    return _asset("console.css")


def _script() -> str:
    return _asset("format.js") + _asset("console.js")


def _asset(name: str) -> str:
    return files("mockcloud.doors.console").joinpath("assets", name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
