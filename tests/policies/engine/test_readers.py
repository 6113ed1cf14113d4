"""Which controls read which properties of a type."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read
from groundplan_policies.engine.document import Document
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import token
from groundplan_policies.engine.readers import Readers, names
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.verdicts import Severity, Verdict

BUCKET, MEMBER = token("storage.Bucket"), token("projects.IAMMember")


def control(identifier: str, *reads: Read) -> Control:
    return Control(id=identifier, title="", why="", remedy="", severity=Severity.LOW, reads=reads)


READERS = Readers(
    [
        control("NET-90", Read("storage.Bucket", "location"), Read("storage.Bucket", "a.b", secret=Verdict.PASS)),
        control("NET-91", Read("*IamMember", "member"), Read("storage.Bucket", "document:protect")),
        control("NET-92", Read("*", "labels")),
        control("BYP-90", Read("storage.Bucket", "location")),
    ]
)


def test_each_property_that_a_control_reads_is_there_in_order() -> None:
    found = [(each.control, each.path.text, each.secret) for each in READERS.of(BUCKET)]
    assert found == [
        ("NET-90", "location", Verdict.INDETERMINATE),
        ("NET-90", "a.b", Verdict.PASS),
        ("NET-92", "labels", Verdict.INDETERMINATE),
    ]
    assert READERS.of(BUCKET) is READERS.of(BUCKET)


def test_patterns_count() -> None:
    assert [each.control for each in READERS.of(MEMBER)] == ["NET-91", "NET-92"]
    assert READERS.of("random:index/randomId:RandomId") == ()


def test_entries_cover_what_they_take_in() -> None:
    assert names(READERS.covered(BUCKET, ("a", "labels.x"))) == "NET-90, NET-92"
    assert READERS.covered(BUCKET, ("website",)) == ()
    assert READERS.covered(BUCKET, ()) == ()


def test_a_control_is_named_once() -> None:
    assert names(READERS.of(BUCKET)) == "NET-90, NET-92"


def test_a_context_knows_the_controls_that_are_asked() -> None:
    graph = Graph(Document.read({"version": 3, "deployment": {"resources": []}}))
    asked = Context(graph, asked=[control("NET-90", Read("storage.Bucket", "location"))])
    assert names(asked.readers.of(BUCKET)) == "NET-90"
    assert asked.readers is asked.readers
    assert Context(graph, asked=[]).readers.of(BUCKET) == ()
    every = {each.control for each in Context(graph).readers.of(BUCKET)}
    assert every
    assert every <= all_controls().keys()
