"""Secrets in the words with which a task's container is started: options, variables, and the texts of programs."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from groundplan_policies.engine.literals import Suspicion, suspicion
from groundplan_policies.engine.values import Value

_NAME: Final = r"([A-Za-z_][\w-]{0,99})"
_QUOTED: Final = r"""("{3}|'{3}|["'])((?:(?!\2)[^\n]){1,1000})\2"""
_ASSIGNED: Final = re.compile(
    rf"""\b(\w{{1,100}})["']?\]?\s*(?::\s*[A-Za-z_][\w.\[\]| ]{{0,60}}=|[=:])\s*[rbf]?{_QUOTED}"""
)
"""A literal that a program puts under a name: `token = "..."`, `token: str = "..."`, `environ["TOKEN"] = "..."`."""
_GIVEN: Final = re.compile(
    rf"""(?:getenv|putenv|setenv|environ\.get|setdefault)\(\s*["'](\w{{1,100}})["']\s*,\s*{_QUOTED}"""
)
"""A literal that a program gives a variable, or takes where there is none: `getenv("TOKEN", "...")`."""
_PLAIN: Final = r"([^\s;&|'\"$`(){}\[\]<>,]+)(?=[\s;&|'\"]|$)"
_VARIABLE: Final = re.compile(rf"(?:^|[\s;&|(])([A-Z][A-Z0-9_]{{0,99}})={_PLAIN}", re.MULTILINE)
"""What a shell puts into a variable: `DB_PASSWORD=...`."""
_OPTION_SET: Final = re.compile(rf"(?:^|\s)--?{_NAME}={_PLAIN}", re.MULTILINE)
_OPTION_NEXT: Final = re.compile(rf"(?:^|\s)--?{_NAME}[ \t]+(?!-){_PLAIN}", re.MULTILINE)
_SHELLS: Final = re.compile(r"(?:\S*/)?(?:ba|da|z|k)?sh")
_READS_TEXT: Final = re.compile(r"-[a-z]*c[a-z]*")
_WORD: Final = re.compile(rf"--?{_NAME}(?:=(.*))?|([A-Za-z_]\w{{0,99}})=(\S*)", re.DOTALL)


def named_words(words: Value) -> Iterator[tuple[int, str, Value]]:
    """Give each word of a list by its number, with the name that it stands under.

    That is the option or the variable that it is the value of; "" if there is none.
    """
    before = ""
    for number, word in enumerate(words if isinstance(words, list) else (words,)):
        found = _WORD.fullmatch(word) if isinstance(word, str) else None
        value = None if found is None else found[2] if found[3] is None else found[4]
        if found is not None and value is not None:
            yield number, found[1] or found[3], value
        else:
            yield number, "" if found is not None else before, word
        before = found[1] if found is not None and value is None else ""


def suspicions(words: Value) -> Iterator[tuple[int, Suspicion]]:
    """Give why the texts of programs among words may hold secrets, by the numbers of the words."""
    listed: Sequence[Value] = words if isinstance(words, list) else (words,)
    for number, word in enumerate(listed):
        if isinstance(word, str):
            is_command = number > 1 and _runs_shell(listed[number - 2], listed[number - 1])
            # A long hexadecimal number in a program is a digest more often than a key.
            yield from (
                (number, each) for each in _in_text(word, command_line=is_command) if each is not Suspicion.DIGITS
            )


def _runs_shell(program: Value, option: Value) -> bool:
    texts = isinstance(program, str) and isinstance(option, str)
    return texts and bool(_SHELLS.fullmatch(str(program)) and _READS_TEXT.fullmatch(str(option)))


def _in_text(text: str, *, command_line: bool) -> Iterator[Suspicion]:
    pairs = [(found[1], found[3]) for pattern in (_ASSIGNED, _GIVEN) for found in pattern.finditer(text)]
    plain = (_VARIABLE, _OPTION_SET, _OPTION_NEXT) if command_line else (_VARIABLE, _OPTION_SET)
    pairs += [(found[1], found[2]) for pattern in plain for found in pattern.finditer(text)]
    for name, value in (*pairs, ("", text)):
        found = suspicion(name, value)
        if found is not None:
            yield found
