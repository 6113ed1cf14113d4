"""Texts that may be secrets written down: told by the name they stand under, or by what they look like.

Nobody can tell every secret from every other text. What is told here is what scanners of repositories look for too:
names such as `DB_PASSWORD`, forms of tokens that their issuers publish, and long runs that look like chance.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final


class Suspicion(StrEnum):
    """Why a text may be a secret."""

    NAME = "stands under the name of a secret"
    TOKEN = "has the form of a token or key"  # noqa: S105 - a reason, no token
    CHANCE = "looks like a random text, as passwords and tokens do"
    DIGITS = "is a long hexadecimal number, as keys and digests are"


_WORDS: Final = frozenset(
    {
        *("password", "passwd", "passphrase", "pwd", "pass", "secret", "token", "apikey", "credential", "credentials"),
        *("auth", "authorization", "privatekey", "secretkey", "accesskey", "bearer"),
    }
)
"""Words of names under which secrets stand."""
_KEYS: Final = frozenset({"api", "access", "private", "secret", "signing", "encryption", "auth", "master"})
"""Words that make a secret of a `key` which follows."""
_ABOUT: Final = frozenset(
    {
        *("file", "path", "dir", "name", "id", "ids", "version", "url", "uri", "host", "endpoint", "project", "limit"),
        *("ttl", "expiry", "seconds", "days", "type", "kind", "mode", "method", "enabled", "count", "budget", "ref"),
        *("algorithm", "audience", "issuer", "provider", "server", "required", "location"),
        *("stdin", "user", "username", "email", "backend", "backends"),
    }
)
"""Last words of names that tell something about a secret, and not the secret."""
_HASHES: Final = frozenset({"sha", "sha256", "digest", "hash", "checksum", "commit", "revision", "uuid", "fingerprint"})

_SPLIT: Final = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
_REFERENCE: Final = re.compile(
    r"(?:sm|secret|gcp-secret)://\S+|projects/[^/\s]+/(?:locations/[^/\s]+/)?secrets/\S+|\${1,2}\{?\w+\}?|\$\([\w.\[\]]+\)"
    r"|true|false|none|null|yes|no|on|off",
    re.IGNORECASE,
)
"""Values that only point at a secret, or are a word of configuration."""

_TOKENS: Final = re.compile(
    r"gh[opsur]_[A-Za-z0-9]{30,}|github_pat_\w{50,}|glpat-[\w-]{20,}|hf_[A-Za-z0-9]{30,}|(?:AKIA|ASIA)[0-9A-Z]{16}"
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|xox[abeoprs]-[\w-]{10,}|sk-(?:[a-z]+-)?[\w-]{20,}"
    r"|sk_live_\w{16,}|pypi-[\w-]{50,}|npm_[A-Za-z0-9]{36}|pul-[0-9a-f]{40}|dop_v1_[0-9a-f]{64}|SG\.[\w-]{20,}\.[\w-]{20,}"
    r"|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*|-----BEGIN (?:[A-Z ]+ )?PRIVATE KEY-----|[a-z][a-z0-9+.-]*://[^\s/:@$]+:[^\s/:@$]+@"
)
_PUBLIC: Final = re.compile(
    r"-----BEGIN (?:CERTIFICATE|PUBLIC KEY|PGP PUBLIC KEY BLOCK)-----.*?-----END [A-Z ]+-----"
    r"|(?:ssh-\w+|ecdsa-[\w-]+|sk-[\w@.-]+) [A-Za-z0-9+/=]+|sha(?:256|384|512)[:-][A-Za-z0-9+/=]+",
    re.DOTALL,
)
"""Long texts that are meant to be seen: certificates, public keys, digests."""
_RUN: Final = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_HEX: Final = re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}")
_ASSIGNED: Final = re.compile(r"""(?<![\w$./-])(-{0,2}[A-Za-z_][\w-]*)=("[^"\n]*"|'[^'\n]*'|[^\s;&|"'`]+)""")
"""A name with a value in a command or a script: `DB_PASSWORD=x`, `--password='x'`."""
_KEYED: Final = re.compile(
    r"""(?:^|[{,])[ \t-]*["']?([A-Za-z_][\w-]*)["']?[ \t]*:[ \t]*("[^"\n]*"|'[^'\n]*'|[^\s,{}\[\]"'#|>&*!]+)""",
    re.MULTILINE,
)
"""A key with a value in YAML or JSON: `password: x`, `{"password": "x"}`."""
_PAIRED: Final = re.compile(
    r"""["']?name["']?[ \t]*:[ \t]*["']?([A-Za-z_][\w-]*)["'\s,]{1,80}value["']?[ \t]*:[ \t]*"""
    r"""("[^"\n]*"|'[^'\n]*'|[^\s,{}"']+)"""
)
"""A variable of a container there: `name: DB_PASSWORD`, and its value on the next line."""
_OF_SECRETS: Final = re.compile(r"--(?:set-|update-)?secrets?")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CHANCE_BITS: Final = 3.7
"""Bits of entropy for each character from which a run of mixed letters and digits counts as chance."""
_PIECE: Final = 16
"""Letters that a run has without a sign in between at least: words with signs between them are names."""


@lru_cache(maxsize=16384)
def suspicion(name: str, text: str) -> Suspicion | None:
    """Say why a text may be a secret; None where nothing says so.

    Args:
        name: The name that it stands under: of a variable, a key of a map, an option; "" where there is none.
        text: The text, all of which is known.
    """
    value = text.strip()
    if not value:
        return None
    if names_secret(name) and not _REFERENCE.fullmatch(value):
        return Suspicion.NAME
    if _TOKENS.search(value):
        return Suspicion.TOKEN
    bare = _UUID.sub(" ", _PUBLIC.sub(" ", value))
    runs = [run for run in _RUN.findall(bare) if not _HEX.fullmatch(run)]
    if any(map(_is_chance, runs)):
        return Suspicion.CHANCE
    hashes = _HASHES.isdisjoint(_parts(name))
    return Suspicion.DIGITS if hashes and any(_HEX.fullmatch(run) for run in _RUN.findall(bare)) else None


def assigns_secret(text: str) -> bool:
    """Whether a command, a script, YAML or JSON gives a value to the name of a secret, and not only a reference."""
    found = (each for form in (_ASSIGNED, _KEYED, _PAIRED) for each in form.finditer(text))
    return any(
        names_secret(name)
        and not value.startswith("$")
        and not _REFERENCE.fullmatch(value)
        and not ("gcloud" in text and refers_to_secrets(name))
        for name, value in ((each[1], each[2].strip("\"'").strip()) for each in found)
        if value
    )


def refers_to_secrets(option: str) -> bool:
    """Whether an option of gcloud names secrets of Secret Manager: `--secret`, `--set-secrets`."""
    return _OF_SECRETS.fullmatch(option) is not None


@lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether a name says that a secret stands under it: `DB_PASSWORD`, `apiKey`, and not `PASSWORD_FILE`."""
    parts = _parts(name)
    if not parts or parts[-1] in _ABOUT:
        return False
    pairs = pairwise(parts)
    return not _WORDS.isdisjoint(parts) or any(one in _KEYS and other == "key" for one, other in pairs)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.lower() for part in _SPLIT.split(name) if part)


def _is_chance(run: str) -> bool:
    """Whether a run looks like chance: small letters, capitals and digits mixed, hardly one of them twice."""
    return (
        any(
            len(piece) >= _PIECE and all(any(map(test, piece)) for test in (str.islower, str.isupper, str.isdigit))
            for piece in _pieces(run)
        )
        and _bits(run) >= _CHANCE_BITS
    )


def _pieces(run: str) -> Iterator[str]:
    yield from re.split(r"[/_=-]", run)


def _bits(text: str) -> float:
    """Give the entropy of a text in bits for each of its characters."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
