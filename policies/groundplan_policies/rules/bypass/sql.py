"""Finds in SQL of BigQuery what gives access, or takes data out, past the properties that controls read.

The text is cut into words as GoogleSQL does it: comments and quoted texts do not count, and neither do case and white
space (cloud.google.com/bigquery/docs/reference/standard-sql/lexical).
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from groundplan_policies.engine.verdicts import Outcome, fail, indeterminate

_TOKEN = re.compile(
    r"""
      \s+ | --[^\r\n]* | \#[^\r\n]* | /\*.*?(?:\*/|(?P<open>\Z))
    | (?:[rR][bB]?|[bB][rR]?)? (?:
          \"{3}(?:[^\\]|\\.)*?(?:\"{3}|(?P<open2>\Z)) | '{3}(?:[^\\]|\\.)*?(?:'{3}|(?P<open3>\Z))
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | `(?P<quoted>(?:[^`\\\r\n]|\\.)*)`
    | (?P<word>[A-Za-z_]\w*)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN: Final = ("open", "open2", "open3")
_END: Final = "\0"
"""What stands for a comment or a text that does not end."""

_PHRASES: Final = (
    (("EXPORT", "DATA"), "writes the result of a query to a place that no control reads"),
    (("EXPORT", "MODEL"), "writes a model to a place that no control reads"),
    (("WITH", "CONNECTION"), "reaches another service with the rights of a connection"),
    (("CREATE", "CONNECTION"), "makes a connection that no control reads"),
    (("CREATE", "OR", "REPLACE", "CONNECTION"), "makes a connection that no control reads"),
)
_LONGEST: Final = 80
"""Words and marks of a procedure's name at most: a project's id may have a hyphen between any two letters."""
_SYSTEM: Final = "bq."
"""How the names of BigQuery's own procedures begin. None of them gives access."""


def judge_sql(text: str, path: str, routines: Collection[str]) -> Iterator[Outcome]:
    """Say what in a text gives access or takes data out, and where it runs something that nobody sees here.

    Args:
        text: The SQL, with a question mark for each part that is not known.
        path: Where it stands.
        routines: Names of the routines of this deployment, which are looked at themselves: `dataset.routine`, and with
            the project in front.
    """
    tokens = tuple(_tokens(text))
    words = tuple(each.upper() for each in tokens)
    if _END in tokens:
        yield indeterminate("ends within a comment or a text, so that nobody can tell what is in it", path)
    for at, word in enumerate(words):
        if word == "GRANT" and _is_statement(words, at):
            yield fail("gives access by a statement, which no control on grants reads", path)
        for phrase, message in _PHRASES:
            if words[at : at + len(phrase)] == phrase:
                yield fail(message, path)
        if words[at : at + 2] == ("EXECUTE", "IMMEDIATE"):
            yield indeterminate("runs a text that is put together when it runs", path)
        if word == "CALL" and not _seen(_name(tokens[at + 1 : at + 1 + _LONGEST]), routines):
            yield indeterminate("calls a procedure that is not looked at here", path)


def _is_statement(words: tuple[str, ...], at: int) -> bool:
    """Whether a word begins a statement, or a clause: not where it is a field's name, or a column's before a comma."""
    after = words[at + 1] if at + 1 < len(words) else ""
    return (at == 0 or words[at - 1] != ".") and (after.startswith("`") or after[:1].isalpha() or after[:1] == "_")


def _seen(name: str, routines: Collection[str]) -> bool:
    return name.lower().startswith(_SYSTEM) or name in routines


def _name(tokens: tuple[str, ...]) -> str:
    """Give the name that stands before the first bracket."""
    end = tokens.index("(") if "(" in tokens else len(tokens)
    return "".join(tokens[:end]).replace("`", "")


def _tokens(text: str) -> Iterator[str]:
    """Give words, quoted names in their backticks, and other characters one by one."""
    for match in _TOKEN.finditer(text):
        if match["word"] is not None:
            yield match["word"]
        elif match["quoted"] is not None:
            yield f"`{match['quoted']}`"
        elif match["mark"] is not None:
            yield match["mark"]
        elif any(match[group] is not None for group in _OPEN):
            yield _END
