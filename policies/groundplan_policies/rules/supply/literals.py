"""Holds variables, metadata and arguments to the rule that no secret is written down in them."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.literals import Suspicion, assigns_secret, names_secret, refers_to_secrets, suspicion
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import SIGNATURE, Value, join_key, split_unknown
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, fail, indeterminate

_CREDENTIALS: Final = frozenset(
    {
        *("serviceaccount.Key", "storage.HmacKey", "projects.ApiKey", "sql.User", "alloydb.User"),
        *("secretmanager.SecretVersion", "secretmanager.RegionalSecretVersion"),
    }
)
"""Types of which an output may be a secret."""


_MARKED: Final = "is a secret of the program, which everybody can read there who sees the resource"


def judge_text(name: str, reading: Reading, resource: Resource, context: Context) -> Outcome:
    """Say whether a text may be there for everybody to see who sees the resource.

    Args:
        name: The name that it stands under, "" where there is none.
        reading: The text.
        resource: The resource that has it.
        context: What checks are given.
    """
    if reading.state is State.SECRET:
        return fail(_MARKED, reading.path)
    if reading.state is State.UNKNOWN:
        return _made_later(name, reading, resource, context)
    missing = unreadable(reading, absent=PASS)
    if missing is not None:
        return missing
    return _known(name, reading)


def _known(name: str, reading: Reading) -> Outcome:
    """Judge a value. A number or a boolean may stand under a name, and nowhere else."""
    if name and isinstance(reading.value, bool):
        return PASS
    if not isinstance(reading.value, (str, int, float) if name else str):
        return wrong_type(reading, "a text")
    text = str(reading.value)
    found = suspicion(name, text)
    if found in {None, Suspicion.DIGITS} and _has_parts(text.strip()) and assigns_secret(text):
        return fail("gives a value to the name of a secret", reading.path)
    if found is Suspicion.DIGITS:
        return indeterminate(found, reading.path)
    return PASS if found is None else fail(found, reading.path)


def _has_parts(text: str) -> bool:
    """Whether a text is a command, a script, YAML or JSON, and no single word."""
    return text.startswith(("{", "[")) or any(map(str.isspace, text))


def _made_later(name: str, reading: Reading, resource: Resource, context: Context) -> Outcome:
    """Judge a text that is put together later: by what is known of it, and by what the rest is made of."""
    if names_secret(name):
        return indeterminate("stands under the name of a secret, and is known only after the deployment", reading.path)
    if any(suspicion(name, part) not in {None, Suspicion.DIGITS} for part in split_unknown(reading.text)):
        return fail("holds what looks like a token, key or password", reading.path)
    origins = context.graph.origins(resource, reading)
    if origins and all(each.type.startswith("gcp:") and short_name(each.type) not in _CREDENTIALS for each in origins):
        return PASS
    return indeterminate("is known only after the deployment", reading.path)


def judge_map(reading: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
    """Judge a map of names to texts, such as metadata."""
    if reading.state is State.SECRET:
        yield fail(_MARKED, reading.path)
        return
    missing = unreadable(reading, absent=NOT_APPLICABLE)
    if missing is not None:
        yield missing
        return
    if not isinstance(reading.value, dict):
        yield wrong_type(reading, "a map")
        return
    values: Mapping[str, Value] = reading.value
    for name, value in values.items():
        for each in read_value(value, join_key(reading.path, name)):
            yield judge_text(name, each, resource, context)


def judge_variables(reading: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
    """Judge a list of variables with a `name` and a `value`, or a `valueSource` in its stead."""
    for variable in entries(reading):
        missing = unreadable(variable, absent=NOT_APPLICABLE)
        if variable.state is State.SECRET:
            yield fail(_MARKED, variable.path)
        elif missing is not None:
            yield missing
        elif not isinstance(variable.value, dict) or SIGNATURE in variable.value:
            yield wrong_type(variable, "a variable")
        else:
            yield _variable(variable, resource, context)


def _variable(variable: Reading, resource: Resource, context: Context) -> Outcome:
    """Judge one variable. Under a name that nobody sees any value may be a secret."""
    name = read_value(variable.value, variable.path, "name")[0]
    value = read_value(variable.value, variable.path, "value")[0]
    outcome = judge_text(name.text if name.state is State.KNOWN else "", value, resource, context)
    if outcome is PASS and value.state is not State.ABSENT and name.state is not State.KNOWN:
        return indeterminate("is not known, and may be that of a secret", name.path)
    return outcome


_GCLOUD: Final = frozenset({"gcloud", "secrets", "run", "functions"})
"""Words of commands of gcloud that take names of secrets."""


def judge_pairs(reading: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
    """Judge a list of texts such as `NAME=value` or `--name=value`, or of a name and its value as two of them.

    Others may stand among them, such as the words of a command.
    """
    if reading.state in {State.ABSENT, State.EMPTY}:
        yield NOT_APPLICABLE
        return
    pairs = entries(reading)
    gcloud = not _GCLOUD.isdisjoint(each.text for each in pairs)
    before = ""
    for pair in pairs:
        option, before = before, pair.text if pair.state is State.KNOWN else ""
        refers = gcloud and refers_to_secrets(option)
        name, sign, rest = pair.text.partition("=")
        if not sign or not _is_name(name, rest, pair):
            takes = option.startswith("-") and not {" ", "="} & set(option) and not pair.text.startswith("-")
            yield judge_text(option if takes and not refers else "", pair, resource, context)
            continue
        refers = refers or (gcloud and refers_to_secrets(name))
        for value in read_value(rest, pair.path):
            origins = value if value.state is not State.UNKNOWN else Reading(pair.path, State.UNKNOWN, rest)
            yield judge_text("" if refers else name, origins, resource, context)


def _is_name(name: str, rest: str, pair: Reading) -> bool:
    """Whether a text is a name with a value, and no command that begins with one."""
    known = pair.state in {State.KNOWN, State.UNKNOWN}
    return known and not any(map(str.isspace, name + rest)) and split_unknown(name)[0] == name
