"""Who is meant, however the name is written: `@web`, `user:web@acme.test`, `Web <web@acme.test>`."""

import re

_IN_BRACKETS = re.compile(r"<([^<>]+)>\s*$")
_KIND = re.compile(r"^(?:mailto|user|group|serviceaccount|team|principal)\s*:\s*")


def person(text: str) -> str:
    """Give a name in the one form in which two of them can be compared."""
    name = " ".join(text.casefold().split())
    bracketed = _IN_BRACKETS.search(name)
    if bracketed:
        name = bracketed[1].strip()
    return _KIND.sub("", name).removeprefix("@").strip()


def same_person(one: str, other: str) -> bool:
    """Whether two names may be of one person.

    A bare name and an address that begins with it count as one: whoever approves must be somebody else beyond doubt.
    """
    first, second = person(one), person(other)
    if first == second:
        return True
    one_is_bare = ("@" in first) != ("@" in second)
    return one_is_bare and first.partition("@")[0] == second.partition("@")[0]
