"""Writes docs/reference/provider-functions.md: which functions of the Google provider the mock cloud answers.

``python -m tools.functions_reference`` counts them by the provider's modules and rewrites the page. A test fails while
the page is not what this would write.
"""

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from mockcloud.pulumi.functions import is_answered
from mockcloud.pulumi.properties import VERSION, function_tokens
from tools.construct_catalog import ROOT

PAGE: Final = ROOT / "docs" / "reference" / "provider-functions.md"

_TEXT: Final = """\
# Functions of the Google provider

A program calls functions (`gcp.storage.get_bucket`, `getBucket` in other languages) to read what it has not made.
On the mock cloud {answered} of the {all} functions of `pulumi_gcp` {version} are answered from the cloud. The
others belong to APIs or methods that the mock cloud does not have: their answers are made up from their names and
arguments, and `stack.opaque` names them; the strict profile refuses them. What such a function is to answer can be
given, with `invokes=`. This page is written by `python -m tools.functions_reference`.

A function takes the arguments that the package has, and no others, and gives each result that the package has. What
the cloud does not tell is empty: `""`, `0`, `false`, `[]` or `{{}}`. What is secret stays secret. What a function
reads must be there, unless the real provider tells nothing instead, as for `accesscontextmanager.getAccessPolicy`
and `dns.getKeys`.

| module | answered | not answered |
|---|---|---|
{table}
"""


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}.")
    return 0


def page() -> str:
    """Give the page's text."""
    tokens = function_tokens()
    answered = sum(map(is_answered, tokens))
    return _TEXT.format(answered=answered, all=len(tokens), version=VERSION, table="\n".join(_rows(tokens)))


def _rows(tokens: list[str]) -> Iterator[str]:
    for module, of_module in groupby(tokens, key=lambda token: token.removeprefix("gcp:").partition("/")[0]):
        names: dict[bool, list[str]] = {True: [], False: []}
        for token in of_module:
            names[is_answered(token)].append(f"`{token.rpartition(':')[2]}`")
        yield f"| {module} | {', '.join(names[True])} | {', '.join(names[False])} |"


if __name__ == "__main__":
    sys.exit(main())
