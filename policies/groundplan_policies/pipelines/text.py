"""From text to the object that a compiled pipeline is, held to limits, with the line of everything in it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn

from groundplan_policies.engine.fields import kind
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.yamlfile import FileError, Place, YamlFile, parse_yaml_documents

LARGEST: Final = 1024 * 1024
"""Bytes that a compiled pipeline may have. One of a hundred tasks has some 200 KB."""

DEEPEST: Final = 100
"""Levels that it may have. What the compiler writes has some twenty, and what parameters hold a few more."""

_FORM: Final = "the YAML or JSON that the Kubeflow Pipelines compiler writes (PipelineSpec)"
_AGAIN: Final = "compile the pipeline again, and give the file as it is"
_KEYS: Final = ("pipelineInfo", "deploymentSpec", "root", "components", "schemaVersion")
_MOST_DOCUMENTS: Final = 2


class PipelineError(FileError):
    """A text that is no compiled pipeline."""


@dataclass(frozen=True, slots=True)
class Text:
    """A compiled pipeline as it was written.

    Attributes:
        spec: The PipelineSpec.
        lines: Place of each value -> line, from 1; empty for JSON.
    """

    spec: Mapping[str, Value]
    lines: Mapping[Place, int] = field(default_factory=dict)


def read_text(raw: bytes, name: str) -> Text:
    """Read what a file holds.

    Args:
        raw: Its bytes.
        name: The name by which messages call it.

    Raises:
        PipelineError: It is too large, no UTF-8, neither YAML nor JSON, nested too deeply, uses anchors or tags, has a
            key twice, or holds no pipeline.
    """
    try:
        text = raw.decode("utf-8-sig") if len(raw) <= LARGEST else _too_large(len(raw), name)
    except UnicodeDecodeError:
        raise PipelineError(
            "The pipeline is no text", given=f"{name}, which is no UTF-8", allowed=_FORM, remedy=_AGAIN
        ) from None
    return Text(read_json(text, name)) if text.lstrip().startswith("{") else _read_yaml(text, name)


def read_json(text: str, name: str) -> Mapping[str, Value]:
    """Read JSON: what a schedule holds, or a file.

    Raises:
        PipelineError: See `read_text`.
    """
    if len(text) > LARGEST:
        _too_large(len(text), name)
    try:
        spec: Value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise _too_deep(name) from None
    except ValueError as error:
        where = f" ({error.msg} in line {error.lineno})" if isinstance(error, json.JSONDecodeError) else f" ({error})"
        raise PipelineError("The pipeline is no JSON", given=f"{name}{where}", allowed=_FORM, remedy=_AGAIN) from None
    return _pipeline(spec, name)


def _read_yaml(text: str, name: str) -> Text:
    documents = parse_yaml_documents(text, PipelineError, name=name)
    if not 0 < len(documents) <= _MOST_DOCUMENTS:
        raise PipelineError(
            "The file holds no pipeline, or several",
            given=f"{name}, with {len(documents)} documents",
            allowed="one pipeline, and after it the configuration of its platform",
            remedy=_AGAIN,
        )
    for platform in documents[1:]:
        if list(platform.data) != ["platforms"]:
            raise PipelineError(
                "The second document is no configuration of a platform",
                given=f"{name}, whose second document has other keys than `platforms`",
                allowed="a mapping with the key `platforms`",
                remedy="give one pipeline a file",
            )
    return Text(_pipeline(_as_json(documents[0]), name), documents[0].lines)


def _as_json(file: YamlFile) -> Value:
    """Give what a document holds as JSON would have it. YAML has days, and numbers that are none."""
    try:
        value: Value = json.loads(json.dumps(file.data, allow_nan=False))
    except RecursionError:
        raise _too_deep(file.name) from None
    except (TypeError, ValueError):
        raise PipelineError(
            "The pipeline holds what JSON cannot",
            given=f"{file.name}, with a day, or a number that is none",
            allowed=_FORM,
            remedy="put days into quotes, or compile the pipeline again",
        ) from None
    return value


def _pipeline(spec: Value, name: str) -> Mapping[str, Value]:
    if not isinstance(spec, dict):
        raise PipelineError("The file holds no pipeline", given=f"{name}: {kind(spec)}", allowed=_FORM, remedy=_AGAIN)
    if "pipelineSpec" in spec:
        raise PipelineError(
            "The file holds a job, and not the pipeline alone",
            given=f"{name}, with the key `pipelineSpec`",
            allowed=_FORM,
            remedy="compile to YAML, or give what stands under `pipelineSpec`",
        )
    if not any(key in spec for key in _KEYS):
        raise PipelineError(
            "The file holds no pipeline",
            given=f"{name}: a mapping without any of {', '.join(_KEYS)}",
            allowed=_FORM,
            remedy=_AGAIN,
        )
    if _depth(spec) > DEEPEST:
        raise _too_deep(name)
    return spec


def _depth(value: Value) -> int:
    """Give how many levels a value has, stopping one beyond those that are allowed."""
    level: list[Value] = [value]
    depth = 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [child for each in level for child in _children(each)]
    return depth


def _children(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _once(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice in one object")
    return found


def _no_number(_: str) -> NoReturn:
    raise ValueError("a number that is none")


def _too_large(size: int, name: str) -> NoReturn:
    raise PipelineError(
        "The pipeline is too large",
        given=f"{name}, with {size} bytes",
        allowed=f"at most {LARGEST} bytes",
        remedy="split it, or keep data out of it: a pipeline names data, and does not hold it",
    )


def _too_deep(name: str) -> PipelineError:
    return PipelineError(
        "The pipeline is nested too deeply",
        given=f"{name}, with more than {DEEPEST} levels",
        allowed=f"at most {DEEPEST} levels",
        remedy=_AGAIN,
    )
