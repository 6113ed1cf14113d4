"""Conditions: values, missing values, and what is not known."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockcloud.cloud.access import cel

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)


class Tags:
    def tag(self, key: str) -> str | None:
        return {"1/env": "prod"}.get(key)

    def tag_id(self, key: str) -> str | None:
        return {"tagKeys/1": "tagValues/2"}.get(key)


class Api:
    def attribute(self, name: str, default: object) -> object:
        return ["roles/viewer"] if name == "roles" else default


GIVEN: dict[str, Any] = {
    "resource": {
        "name": "projects/_/buckets/b/objects/a/x.csv",
        "type": "storage.googleapis.com/Object",
        "tags": Tags(),
    },
    "request": {"time": NOW},
    "api": Api(),
    "assertion": {"sub": "repo:acme/m", "n": 3, "groups": ["a", "b"], "ok": True, "map": {"k": "v"}},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 == 3", True),
        ("-1 < 0 && 1.5 > 1", True),
        ("'a' + 'b'", "ab"),
        ("assertion.sub.startsWith('repo:') || false", True),
        ('resource.name.endsWith(".csv")', True),
        ("assertion.sub.contains('acme')", True),
        ("assertion.sub.matches('^repo:[a-z]+/m$')", True),
        ("resource.name.extract('buckets/{b}/objects')", "b"),
        ("resource.name.extract('objects/{rest}')", "a/x.csv"),
        ("resource.name.extract('nothing/{x}/')", ""),
        ("resource.name.extract('buckets/{x}/nothing')", ""),
        ("'x' in assertion.groups", False),
        ("'a' in assertion.groups", True),
        ("'k' in assertion.map", True),
        ("assertion.map['k']", "v"),
        ("assertion.groups[1]", "b"),
        ("size(assertion.groups) == 2 && assertion.sub.size() == 11", True),
        ("assertion.groups.exists(g, g == 'b')", True),
        ("assertion.groups.all(g, g == 'b')", False),
        ("assertion.groups.exists_one(g, g == 'b')", True),
        ("assertion.groups.filter(g, g != 'b')", ["a"]),
        ("assertion.groups.map(g, g + '!')", ["a!", "b!"]),
        ("has(assertion.sub) && !has(assertion.nothing)", True),
        ("assertion.n > 2 ? 'many' : 'few'", "many"),
        ("assertion.n == 4 ? 'four' : 'other'", "other"),
        ("{'a': 1}['a'] == 1 && [1, 2][1] == 2", True),
        ("request.time < timestamp('2026-12-31T00:00:00Z')", True),
        ("request.time + duration('1h30m') == timestamp('2026-03-04T17:00:00Z')", True),
        ("timestamp(request.time) == request.time", True),
        ("request.time - timestamp('2026-03-04T15:00:00Z') == duration('30m')", True),
        ("request.time.getHours('Europe/Berlin')", 16),
        ("request.time.getFullYear() == 2026 && request.time.getMonth() == 2", True),
        ("request.time.getDate() == 4 && request.time.getDayOfMonth() == 3", True),
        ("request.time.getDayOfWeek() == 3 && request.time.getDayOfYear() == 62", True),
        ("request.time.getMinutes() == 30 && request.time.getSeconds() == 0", True),
        ("inIpRange('10.1.2.3', ['192.168.0.0/16', '10.0.0.0/8'])", True),
        ("inIpRange('10.1.2.3', '192.168.0.0/16')", False),
        ("resource.matchTag('1/env', 'prod') && resource.hasTagKey('1/env')", True),
        ("resource.matchTagId('tagKeys/1', 'tagValues/2') && !resource.hasTagKeyId('tagKeys/9')", True),
        ("api.getAttribute('roles', []).hasOnly(['roles/viewer', 'roles/editor'])", True),
        ("api.getAttribute('other', 'x') == 'x'", True),
        ("'A'.lowerAscii() + 'b'.upperAscii()", "aB"),
        ("'a,b'.split(',')[0].replace('a', 'c')", "c"),
        ("['a', 'b'].join('-')", "a-b"),
        ("string(1) + string(true) + string('x')", "1truex"),
        ("int('4') + 1", 5),
        ("r'\\d' == '\\\\d'", True),
        ("null == null // a comment", True),
        ("assertion.nothing == 1 || true", True),
        ("assertion.nothing == 1 && false", False),
        ("!(assertion.n != 3)", True),
    ],
)
def test_an_expression_has_its_value(text: str, value: object) -> None:
    assert cel.expression(text)(GIVEN) == value


@pytest.mark.parametrize(
    "text",
    [
        "assertion.nothing",
        "nothing",
        "assertion.nothing == 1 || false",
        "assertion.nothing == 1 && true",
        "1 && true",
        "!1",
        "'a' < 1",
        "1 in 2",
        "'a' + 1",
        "'a' - 'b'",
        "[1][5]",
        "size(1)",
        "assertion.n.startsWith('a')",
        "'a'.matches('(')",
        "timestamp('never')",
        "duration('long')",
        "'x'.getHours()",
        "request.time.getHours('Nowhere')",
        "inIpRange('x', '10.0.0.0/8')",
        "assertion.matchTag('a', 'b')",
        "'a'.hasOnly(['a'])",
        "int('x')",
        "assertion.n.exists(g, true)",
    ],
)
def test_what_has_no_value_holds_not(text: str) -> None:
    with pytest.raises(cel.CelError):
        cel.expression(text)(GIVEN)
    assert not cel.holds(text, GIVEN)


def test_a_chain_too_long_to_follow_holds_not() -> None:
    assert not cel.holds("a" + ".a" * 5_000, {"a": {}})


def test_only_true_holds() -> None:
    assert cel.holds("true", {})
    assert not cel.holds("'true'", {})
    assert isinstance(cel.expression("request.time - request.time")(GIVEN), timedelta)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("frob(1)", "frob"),
        ("'a'.frob()", "frob"),
        ("1 +", "not expected"),
        ("(1", "missing"),
        ("1 2", "not expected"),
        ("a.1", "field's name"),
        ("[].all(1, true)", "variable"),
        ("a # b", "# b"),
        ("(" * 80 + "1" + ")" * 80, "nested"),
        ("'" + "a" * 13_000 + "'", "characters"),
        ("!" * 9_000 + "true", "nested"),
    ],
)
def test_what_is_not_known_is_named(text: str, named: str) -> None:
    with pytest.raises(cel.Unsupported, match=named):
        cel.expression(text)


@pytest.mark.parametrize(
    "text",
    [
        '"a".startsWith()',
        '"a".split("")',
        'duration("99999999999999h") == duration("1s")',
        'timestamp("2026-03-04T15:30:00Z").getHours("America") == 1',
        '"a".getAttribute("roles", [])',
        "{[1]: 2} == 1",
        f"int(1{'0' * 390}.0) + int({'9' * 390}.0 + {'9' * 390}.0) == 1",
        '"a".matches("a{1001}")',
    ],
)
def test_what_functions_do_not_take_has_no_value(text: str) -> None:
    with pytest.raises(cel.CelError):
        cel.expression(text)(GIVEN)
    assert not cel.holds(text, GIVEN)
    assert cel.holds(f"{text} || true", GIVEN) or "{[1]" in text


def test_a_number_has_no_thousands_of_digits() -> None:
    with pytest.raises(cel.Unsupported, match="digits"):
        cel.expression("9" * 5000)


ONE_TO_EIGHT = "[1, 2, 3, 4, 5, 6, 7, 8]"
NESTED = "[1]" + ".map(e, [e, e])" * 60


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE_TO_EIGHT}.all(a, " * 8 + "true" + ")" * 8,
        f"{ONE_TO_EIGHT}.exists(a, " * 8 + "a == 9" + ")" * 8,
        f"{ONE_TO_EIGHT}.all(a, has(a.b) || " * 8 + "true" + ")" * 8,
        '"aaaaaaaaaa"' + '.replace("a", "aaaaaaaaaa")' * 9 + ' != ""',
        f"{NESTED} == {NESTED}",
        f"{NESTED} in [{NESTED}]",
        f"{NESTED} < {NESTED}",
        f"string({NESTED}) != ''",
        f"[{'1, ' * 1000}1].hasOnly([{'2, ' * 1000}1])",
        '["aaaaaaaaaa"' + '.replace("a", "aaaaaaaaaa")' * 4 + "].map(a, [" + "a, " * 20 + 'a])[0].join("") == ""',
        'duration("' + "1" * 5000 + '") != duration("1s")',
    ],
)
def test_what_takes_too_long_has_no_value(text: str) -> None:
    with pytest.raises(cel.CelError):
        cel.expression(text)(GIVEN)
    assert cel.holds("[1, 2].all(a, a > 0)", GIVEN)


def test_steps_suffice_for_long_lists() -> None:
    given = {"items": [{"name": f"n{each}", "sizes": [1, 2]} for each in range(1000)]}
    assert cel.holds("items.all(i, i.name.startsWith('n') && i.sizes.exists(s, s in [2, 3]))", given)
    assert cel.holds(
        "items == items && [[1, {'a': 2}]] == [[1, {'a': 2}]] && [1] != [2] && {'a': 1} != {'b': 1}", given
    )
