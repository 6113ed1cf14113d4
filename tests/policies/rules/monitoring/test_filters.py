"""What filters say, and which entries they match: yes, no, or nobody can tell."""

import pytest

from groundplan_policies.rules.monitoring.filters import FilterError, parse
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
    "text",
    [
        *("a=", "=a", "(a=1", "a=1)", "a=(b", "a=(b=1)", "a=()", "AND a=1", "OR", "a=1 OR", "NOT", "f(a", "a==b", '"a'),
        *("a=AND b", "a=1 ~ b", "log_id(", "(" * 60 + "a" + ")" * 60, "a" * 20_001, "NOT " * 60 + "a"),
    ],
)
def test_what_is_no_filter(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text)


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
