"""Who owns a file, by a CODEOWNERS file as GitHub reads it."""

import re
from functools import lru_cache
from pathlib import Path, PurePosixPath

from groundplan_policies.waivers.model import WaiverError

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for the file, in this order."""


def find_codeowners(root: Path) -> Path | None:
    """Give the CODEOWNERS file of a repository, None if it has none."""
    return next((root / place for place in PLACES if (root / place).is_file()), None)


def owners_of(codeowners: str, path: PurePosixPath) -> tuple[str, ...]:
    """Give the owners of a file: users, teams, e-mail addresses, as they are written. The last pattern that fits wins.

    Args:
        codeowners: The text of the CODEOWNERS file.
        path: The file, relative to the root of the repository.
    """
    owners: tuple[str, ...] = ()
    for line in codeowners.splitlines():
        pattern, *named = re.sub(r"(^|\s)#.*", "", line).replace("\\ ", "\0").split() or ("",)
        if pattern and _pattern(pattern.replace("\0", " ")).match(path.as_posix()):
            owners = tuple(named)
    return owners


def read_owners(root: Path, file: Path) -> tuple[str, ...]:
    """Give the owners of a file of a repository; nobody if there is no CODEOWNERS file, or it names nobody.

    Args:
        root: The root of the repository.
        file: The file, inside of it.

    Raises:
        WaiverError: The CODEOWNERS file cannot be read.
    """
    codeowners = find_codeowners(root)
    resolved, home = file.resolve(), root.resolve()
    if codeowners is None or not resolved.is_relative_to(home):
        return ()
    try:
        text = codeowners.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WaiverError(
            "The owners of the waivers cannot be read",
            given=codeowners.as_posix(),
            allowed="a CODEOWNERS file in UTF-8 that may be read",
            remedy="check its encoding and permissions",
        ) from None
    return owners_of(text, PurePosixPath(resolved.relative_to(home).as_posix()))


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    """Turn a pattern into a regular expression.

    A slash at the start or in the middle ties it to the root; one at the end means everything below; `*` stops at a
    slash, `**` does not. A name without a trailing slash means a file, or a folder with everything below.
    """
    rooted = "/" in pattern.rstrip("/")
    parts = re.split(r"(\*\*/|/\*\*$|\*\*|\*|\?)", pattern.strip("/"))
    known = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    body = "".join(known.get(part, re.escape(part)) for part in parts)
    below = "/.*" if pattern.endswith("/") else "" if pattern.endswith("/*") else "(?:/.*)?"
    return re.compile(rf"{'' if rooted else '(?:.*/)?'}{body}{below}\Z")
