"""Writes docs/reference/provider-types.md: which resource types of the Google provider live in the mock cloud.

``python -m tools.types_reference`` counts them by the provider's modules and rewrites the page. A test fails while the
page is not what this would write.
"""

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from mockcloud.pulumi.properties import VERSION, tokens
from mockcloud.pulumi.special import lifecycle_of
from tools.construct_catalog import ROOT

PAGE: Final = ROOT / "docs" / "reference" / "provider-types.md"

_TEXT: Final = """\
# Types of the Google provider

Of the {all} resource types of `pulumi_gcp` {version}, {alive} live in the mock cloud: what a program makes is there for
Google's clients, is read again by a refresh, and is gone when it is removed. The other {opaque} are opaque: kept as
the program set them, with an id and outputs that follow from the URN, and named in `stack.opaque`; the strict profile
refuses them. Most belong to APIs that the mock cloud does not serve, or that publish no description. This page is
written by `python -m tools.types_reference`.

| module | types | alive | opaque |
|---|---:|---:|---|
{table}
"""


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}.")
    return 0


def page() -> str:
    """Give the page's text."""
    every = tokens()
    alive = sum(map(is_alive, every))
    table = "\n".join(_rows(every))
    return _TEXT.format(all=len(every), alive=alive, opaque=len(every) - alive, version=VERSION, table=table)


def is_alive(token: str) -> bool:
    """Whether resources of a type live in the mock cloud.

    Args:
        token: `gcp:storage/bucket:Bucket`.
    """
    return lifecycle_of(token) is not None


def _rows(every: list[str]) -> Iterator[str]:
    for module, grouped in groupby(every, key=lambda token: token.removeprefix("gcp:").partition("/")[0]):
        of_module = list(grouped)
        opaque = [f"`{each.rpartition(':')[2]}`" for each in of_module if not is_alive(each)]
        yield f"| {module} | {len(of_module)} | {len(of_module) - len(opaque)} | {', '.join(opaque)} |"


if __name__ == "__main__":
    sys.exit(main())
