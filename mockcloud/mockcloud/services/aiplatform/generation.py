"""Publishers' models: text by a function that a test registers.

A small local simulation: no model is here. Tokens are words and marks, unless the test says how to cut.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition, invalid, not_modelled
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform import predictors
from mockcloud.services.aiplatform.api import LOCATION, SERVICE

Generated = str | Sequence[str] | Mapping[str, Any]
Generate = Callable[[Mapping[str, Any]], Generated]
"""From a GenerateContentRequest as JSON to text, to texts that are streamed one by one, or to a Content as JSON."""
Cut = Callable[[str], Sequence[str]]
"""From a text to its tokens."""

PART: Final = "aiplatform.generators"
_MODELS: Final = f"{LOCATION}.publishers.models"
_PLACES: Final = ("endpoints", "publishers.models", f"{LOCATION}.endpoints", _MODELS)
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_REGISTER: Final = "mockcloud.services.aiplatform.generation.register(cloud, model, function)"


@dataclass(frozen=True, slots=True)
class Generator:
    """What answers for a model.

    Attributes:
        generate: Gives the text.
        cut: Gives the tokens of a text.
    """

    generate: Generate
    cut: Cut


class Generators:
    """What is registered in one cloud, by the last part of the model's name."""

    def __init__(self) -> None:
        self.entries: dict[str, Generator] = {}

    def snapshot(self) -> "Generators":
        """Give a copy that later changes do not reach."""
        copy = Generators()
        copy.entries = dict(self.entries)
        return copy


def words(text: str) -> list[str]:
    """Give the words and marks of a text."""
    return _TOKEN.findall(text)


def register(cloud: Cloud, model: str, generate: Generate, *, cut: Cut = words) -> None:
    """Let a function stand for a generative model.

    Args:
        cloud: The cloud.
        model: Its id, such as `gemini-2.5-flash`, or a name that ends with it; for a tuned one the endpoint's name.
        generate: Gives what it says.
        cut: Gives the tokens of a text; by default its words and marks.
    """
    with cloud.lock:
        part = cloud.parts.get(PART)
        generators = part if isinstance(part, Generators) else Generators()
        generators.entries[model.rpartition("/")[2]] = Generator(generate, cut)
        cloud.parts[PART] = generators


def known(cloud: Cloud) -> list[str]:
    """Give the ids of the models for which a function stands."""
    part = cloud.parts.get(PART)
    return sorted(part.entries) if isinstance(part, Generators) else []


def _generator(call: Call) -> Generator:
    part = call.cloud.parts.get(PART)
    found = part.entries.get(_model(call)) if isinstance(part, Generators) else None
    if found is None:
        raise not_modelled(f"what '{call.name}' says until something stands for it. Register it: {_REGISTER}")
    return found


def _model(call: Call) -> str:
    return call.name.rpartition("/")[2]


def _methods(name: str) -> tuple[str, ...]:
    return tuple(f"{each}.{name}" for each in _PLACES)


# Text
# ---------------------------------------------------------------------------------------------------------------------


def _text(contents: object) -> str:
    """Give the text of contents: that of all parts, one a line."""
    found = []
    for content in contents if isinstance(contents, list) else [contents]:
        if isinstance(content, Mapping):
            found += [each["text"] for each in content.get("parts", []) if isinstance(each.get("text"), str)]
    return "\n".join(found)


def _said(call: Call, shape: Callable[[list[Body]], Answer | Body]) -> Answer:
    """Give what the model says, in some shape of the parts in which it is streamed.

    Raises:
        ApiError: The request holds nothing, or the function gives what is no text and no content.
    """
    if not call.body.get("contents"):
        raise invalid("There are no contents.", Violation("contents", "It is required."))
    generator = _generator(call)
    common = {
        "modelVersion": _model(call),
        "createTime": stamp(call.cloud.clock.now),
        "responseId": call.cloud.ids.hexadecimal("aiplatform/responses"),
    }
    return predictors.outside(lambda: shape(_chunks(generator, call.body, common)))


def _chunks(generator: Generator, body: Body, common: Body) -> list[Body]:
    said = predictors.call_function(generator.generate, dict(body))
    if isinstance(said, Mapping):
        contents = [{"role": "model", **said}]
    else:
        texts = [said] if isinstance(said, str) else list(said)
        if not texts or not all(isinstance(each, str) for each in texts):
            raise failed_precondition("The function gave neither text nor a content.")
        contents = [{"role": "model", "parts": [{"text": each}]} for each in texts]
    asked = len(generator.cut(_text([body.get("systemInstruction", {}), *body["contents"]])))
    made = len(generator.cut(_text(contents)))
    usage = {"promptTokenCount": asked, "candidatesTokenCount": made, "totalTokenCount": asked + made}
    last = len(contents) - 1
    return [
        {
            "candidates": [{"index": 0, "content": each, **({"finishReason": "STOP"} if at == last else {})}],
            **({"usageMetadata": usage} if at == last else {}),
            **common,
        }
        for at, each in enumerate(contents)
    ]


@SERVICE.method(*_methods("generateContent"))
def generate_content(call: Call) -> Answer | Body:
    """Say something."""
    return _said(call, _joined)


def _joined(chunks: list[Body]) -> Body:
    """Give the parts of what is streamed as one."""
    parts = [part for each in chunks for part in each["candidates"][0]["content"].get("parts", [])]
    last = chunks[-1]
    joined = parts
    if len(chunks) > 1:
        joined = [{"text": "".join(part["text"] for part in parts)}]
    candidate = {**last["candidates"][0], "content": {"role": "model", "parts": joined}}
    return {**last, "candidates": [candidate]}


@SERVICE.method(*_methods("streamGenerateContent"))
def stream_generate_content(call: Call) -> Answer | Body:
    """Say something, part by part."""
    return _said(call, lambda chunks: Answer(stream=tuple(chunks)))


@SERVICE.method(*_methods("countTokens"))
def count_tokens(call: Call) -> Answer | Body:
    """Count the tokens of contents."""
    text = _text([call.body.get("systemInstruction", {}), *call.body.get("contents", [])])
    cut, billed = _generator(call).cut, len("".join(text.split()))
    return predictors.outside(
        lambda: {"totalTokens": len(predictors.call_function(cut, text)), "totalBillableCharacters": billed}
    )


@SERVICE.method(*_methods("computeTokens"))
def compute_tokens(call: Call) -> Answer | Body:
    """Give the tokens of contents: their bytes in base64, and no ids, which only the real model has."""
    cut, contents = _generator(call).cut, call.body.get("contents", [])
    return predictors.outside(
        lambda: {
            "tokensInfo": [
                {
                    "role": each.get("role", "user"),
                    "tokens": [
                        base64.b64encode(one.encode()).decode() for one in predictors.call_function(cut, _text(each))
                    ],
                }
                for each in contents
            ]
        }
    )


@SERVICE.method(f"{_MODELS}.predict")
def predict(call: Call) -> Answer | Body:
    """Predict with a publisher's model, such as one for embeddings, by what is registered with `predictions`."""
    name = "publishers/" + call.name.rpartition("/publishers/")[2]
    predictor = predictors.find(call.cloud, name)
    instances, parameters = call.body.get("instances", []), call.body.get("parameters")
    return predictors.outside(lambda: {"predictions": predictors.answers(predictor, instances, parameters)})
