"""What can go wrong in the mock cloud: the root of the hierarchy."""


class Error(Exception):
    """Root of every error of this package.

    A message has four parts, kept apart so that each reader can lay them out: what failed, what was given, what is
    allowed, and what to do next.

    Args:
        what: What failed, as a sentence without the full stop.
        given: What was given, quoted or named.
        allowed: What would have been accepted.
        remedy: What to do next.
    """

    def __init__(self, what: str, *, given: str, allowed: str, remedy: str) -> None:
        self.what = what
        self.given = given
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(what, given, allowed, remedy)

    def __str__(self) -> str:
        """Give the four parts, one a line; a part that there is not is left out."""
        parts = (("given", self.given), ("allowed", self.allowed), ("to do", self.remedy))
        return "\n".join([f"{self.what}.", *(f"  {name}: {part}" for name, part in parts if part)])
