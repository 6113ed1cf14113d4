"""Which entries filters match: yes, no, or nobody can tell."""

import pytest

from groundplan_policies.rules.monitoring.filters import parse
from groundplan_policies.rules.monitoring.matching import Entry, matches, pinned

ENTRY: Entry = {
    "logName": "projects/acme/logs/cloudaudit.googleapis.com%2Factivity",
    "log_id": "cloudaudit.googleapis.com/activity",
    "severity": "NOTICE",
    "resource": {"type": "gce_route"},
    "labels": {"a.b": "X"},
    "protoPayload": {"methodName": "v1.compute.routes.insert", "deltas": ({"action": "ADD"}, {"action": "REMOVE"})},
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-- a remark\n",
        "resource.type=gce_route",
        'resource.type="GCE_ROUTE"',
        "resource.type = 'gce_route'",
        'resource.type="gce_route" protoPayload.methodName:"compute.routes.insert"',
        'resource.type="gce_route"\nAND NOT severity>=ERROR',
        'protoPayload.methodName=("x" OR "v1.compute.routes.insert")',
        "protoPayload.methodName:(compute AND routes)",
        'protoPayload.methodName=~"compute\\.routes\\.(insert|delete)$"',
        'protoPayload.methodName!~"^beta"',
        "protoPayload.deltas.action=REMOVE",
        "protoPayload.deltas:*",
        'labels."a.b"=x',
        'log_id("cloudaudit.googleapis.com/activity")',
        'logName="projects/acme/logs/cloudaudit.googleapis.com%2Factivity"',
        "severity>=NOTICE severity<=NOTICE severity>INFO severity<WARNING",
        "-severity=ERROR",
        "routes.insert",
        "(absent=1) OR (resource.type=gce_route)",
        # OR binds closer than AND
        "resource.type=gce_route OR resource.type=x AND severity=NOTICE",
    ],
)
def test_what_matches(text: str) -> None:
    assert matches(parse(text), ENTRY) is True
    assert matches(parse(f"NOT ({text}\n)"), ENTRY) is False


@pytest.mark.parametrize(
    "text",
    [
        "resource.type=gce_routes",
        "resource.type:gce_routes",
        "resource.type!=gce_route",
        "severity<NOTICE",
        'protoPayload.methodName=~"^compute"',
        "absent=1 AND severity=ERROR",
        "severity=ERROR AND severity=NOTICE OR resource.type=gce_route",
        'protoPayload.methodName=("x" OR "y")',
        "protoPayload.deltas.action=CHANGE",
    ],
)
def test_what_does_not_match(text: str) -> None:
    assert matches(parse(text), ENTRY) is False


@pytest.mark.parametrize(
    "text",
    [
        "absent=1",
        "NOT absent=1",
        "absent!=1",
        "absent:*",
        "a_word_that_is_nowhere",
        "sample(insertId, 0.1)",
        'ip_in_net(jsonPayload.ip, "10.0.0.0/8")',
        "cast(a, FLOAT) > 1",
        "severity>=STRANGE",
        "resource.type>gce",
        "resource=x",
        'protoPayload.methodName=~"(a+)+$"',
        'protoPayload.methodName=~"a.*b.*c.*d.*"',
        'protoPayload.methodName=~"a{1,9}"',
        'protoPayload.methodName=~"a(b"',
        "absent=1 AND resource.type=gce_route",
        "absent=1 OR resource.type=x",
    ],
)
def test_what_nobody_can_tell(text: str) -> None:
    assert matches(parse(text), ENTRY) is None


def test_the_name_of_a_log_is_judged_by_its_end_where_the_project_is_not_known() -> None:
    some: Entry = {"log_id": "cloudaudit.googleapis.com/activity"}
    assert matches(parse('logName="projects/x/logs/stdout"'), some) is False
    assert matches(parse('logName="projects/x/logs/cloudaudit.googleapis.com%2Factivity"'), some) is None
    assert matches(parse('logName:"cloudaudit.googleapis.com%2Factivity"'), some) is True
    assert matches(parse('logName:"stdout"'), some) is None
    assert matches(parse('logName=~"stdout"'), some) is None
    assert matches(parse('logName="stdout"'), some) is None
    assert matches(parse('logName="stdout"'), {}) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=x", {"x"}),
        ("a.b=x AND c=1", {"x"}),
        ("c=1 AND (a.b=x OR a.b=y)", {"x", "y"}),
        ("a.b=x AND (a.b=x OR a.b=y)", {"x"}),
        ("a.b=x OR c=1", set()),
        ("a.b:x", set()),
        ("NOT a.b=x", set()),
        ("f(a.b)", set()),
        ("a=x", set()),
    ],
)
def test_which_values_a_field_has_wherever_a_filter_matches(text: str, values: set[str]) -> None:
    assert pinned(parse(text), ("a", "b")) == values


SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")


@pytest.mark.parametrize("index", range(len(SEVERITIES)))
def test_severities_are_in_order(index: int) -> None:
    for other, limit in enumerate(SEVERITIES):
        entry = {"severity": SEVERITIES[index]}
        found = [
            matches(parse(f"severity{operator}{limit.lower()}"), entry) for operator in ("<", "<=", ">", ">=", "=")
        ]
        assert found == [index < other, index <= other, index > other, index >= other, index == other]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a.b*c?", True),
        ("a|x", True),
        ("^abbc", True),
        ("abbc$", True),
        ("[a-c]bb", True),
        (r"\w\sx", False),
        (r"a\.b", False),
        ("a*b*c*", True),
        ("a*b*c*d*", None),
        ("(ab)+", None),
        (r"\(ab\)+", False),
        ("a{2}", None),
        ("[", None),
        ("a(", None),
        (r"\k", None),
    ],
)
def test_only_patterns_that_take_a_bounded_time_are_searched_for(pattern: str, expected: bool | None) -> None:
    assert matches(parse(f'a=~"{pattern}"'), {"a": "abbc"}) is expected
    opposite = None if expected is None else not expected
    assert matches(parse(f'a!~"{pattern}"'), {"a": "abbc"}) is opposite


def test_what_is_known_to_be_absent_matches_nothing() -> None:
    entry: Entry = {"a": None, "b": {"c": None}, "d": ({"e": None}, {"e": "x"})}
    for text in ("a=x", "a:*", "b.c=x", "b.c.d:x", 'a=~"x"', "a>x"):
        assert matches(parse(text), entry) is False
        assert matches(parse(f"NOT {text}"), entry) is True
    assert matches(parse("a!=x"), entry) is True
    assert matches(parse("b.x=x"), entry) is None
    assert matches(parse("x"), {"a": None, "b": "x y"}) is True
