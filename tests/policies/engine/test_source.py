import pytest

from groundplan_policies.engine import Document
from groundplan_policies.engine.source import find_source
from tests.policies.engine import examples
from tests.policies.engine.examples import BUCKET, STACK, STORE

INSTALLED = "project:///.venv/lib/python3.11/site-packages/shop/store.py#9"
OUTSIDE = "project:///../elsewhere/tool.py#3"


def test_the_innermost_frame_inside_the_project_counts() -> None:
    source = find_source(INSTALLED, [INSTALLED, OUTSIDE, "project:///net.py#12", "project:///__main__.py#4"])

    assert str(source) == "net.py:12"
    assert source is not None
    assert source.own


def test_the_position_counts_where_no_frame_is_the_users() -> None:
    source = find_source(OUTSIDE, [INSTALLED])

    assert str(source) == "../elsewhere/tool.py:3"
    assert source is not None
    assert not source.own


def test_the_position_is_taken_where_there_is_no_trace() -> None:
    assert str(find_source("project:///__main__.py#7,2", [])) == "__main__.py:7"


def test_a_library_inside_the_project_is_passed_over() -> None:
    trace = ["project:///constructs/groundplan/network/network.py#80", "project:///stacks/blueprint/platform.py#41"]

    assert str(find_source(trace[0], trace, ["constructs/groundplan/"])) == "stacks/blueprint/platform.py:41"
    assert str(find_source(trace[0], trace)) == "constructs/groundplan/network/network.py:80"


def test_a_path_that_leaves_the_project_on_the_way_is_outside() -> None:
    source = find_source("project:///parts/../../tool.py#3", [])

    assert source is not None
    assert not source.own


def test_a_file_uri_is_outside_of_the_project() -> None:
    source = find_source("file:///srv/app/main%20program.py#3", [])

    assert str(source) == "/srv/app/main program.py:3"
    assert source is not None
    assert not source.own


@pytest.mark.parametrize("position", ["", "project:///a.py", "project:///a.py#x", "https://a.test/x.py#1"])
def test_what_is_no_position_gives_none(position: str) -> None:
    assert find_source(position, []) is None


def test_documents_carry_the_line() -> None:
    document = Document.read(examples.export())
    elsewhere = Document.read(examples.export(), libraries=["parts/"])

    assert str(document[STORE].source) == "parts/store.py:13"
    assert str(elsewhere[STORE].source) == "__main__.py:4"
    assert document[BUCKET].source is None
    stack = document[STACK].source
    assert stack is not None
    assert not stack.own
