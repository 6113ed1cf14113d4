"""What was found at a document that a review or an agreement refers to, such as a model card."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A document that somebody went to open.

    Attributes:
        digest: `sha256:` and the digest of its bytes in hexadecimal; "" if it could not be read.
        text: Its text; "" if it could not be read.
        problem: Why it could not be read, in words that hold nothing of it; "" if it could.
    """

    digest: str = ""
    text: str = ""
    problem: str = ""
