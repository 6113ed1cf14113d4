import jsonschema
import pytest

from groundplan_policies.engine import Document, DocumentError, Member, member_schema
from groundplan_policies.engine.values import Value
from tests.policies.engine import examples
from tests.policies.engine.examples import BUCKET, OBJECT

MEMBER: dict[str, Value] = {
    "profile": "preview",
    "engine": "embedded",
    "provenance": {OBJECT: {"bucket": [BUCKET]}},
    "requests": {BUCKET: {"version": "10.2.0"}},
}


def test_the_member_is_read() -> None:
    member = Document.read(examples.export(groundplan=MEMBER)).member

    assert member.engine == "embedded"
    assert member.provenance == {OBJECT: {"bucket": (BUCKET,)}}
    assert member.requests == {BUCKET: {"version": "10.2.0"}}


def test_a_document_without_it_is_as_good() -> None:
    assert Document.read(examples.export()).member == Member()


def test_the_schema_accepts_the_member() -> None:
    schema = member_schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    jsonschema.validate(MEMBER, schema)


@pytest.mark.parametrize(
    "change",
    [
        {"profile": "guess"},
        {"engine": "other"},
        {"provenance": {OBJECT: ["bucket"]}},
        {"provenance": {"bucket": {}}},
        {"provenance": {OBJECT: {"bucket": []}}},
        {"requests": {BUCKET: 1}},
    ],
)
def test_the_schema_refuses_others(change: dict[str, Value]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(MEMBER | change, member_schema())


@pytest.mark.parametrize(
    "change", [{"provenance": {OBJECT: ["bucket"]}}, {"provenance": {OBJECT: {"bucket": 1}}}, {"requests": {BUCKET: 1}}]
)
def test_the_reader_refuses_other_shapes(change: dict[str, Value]) -> None:
    with pytest.raises(DocumentError, match="wrong type"):
        Document.read(examples.export(groundplan=MEMBER | change))
