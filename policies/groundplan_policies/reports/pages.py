"""Pages of HTML that load nothing, and can be mailed, archived or opened offline.

Everything in them that a program wrote is text: Jinja escapes what stands in the markup. A content security policy in
the page itself allows the page's own script and style by their hashes, and nothing else, no network at all.
"""

import base64
import hashlib
from collections.abc import Callable

from jinja2 import Environment, FunctionLoader, StrictUndefined


def templates(asset: Callable[[str], str]) -> Environment:
    """Make templates of HTML.

    Args:
        asset: Gives the text of a template by its name.
    """
    return Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def policy_hash(content: str) -> str:
    """Give the hash by which a content security policy knows an inline element."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
