"""Filters of lists."""

from typing import Any

import pytest

from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.filters import Matcher, matcher

BODY: dict[str, Any] = {
    "name": "projects/acme/models/churn-1",
    "displayName": "Churn",
    "state": "ACTIVE",
    "sizeGb": "20",
    "replicas": 3,
    "done": True,
    "createTime": "2026-03-01T10:00:00.5Z",
    "labels": {"team": "ml", "my.key": "x"},
    "tags": ["one", "two"],
    "parts": [{"kind": "a", "size": 1}, {"kind": "b", "size": 5}],
    "score": "NaN",
}


def read(text: str) -> Matcher:
    found = matcher(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        'displayName = "Churn"',
        "display_name=Churn",
        'displayName == "Churn"',
        "displayName != Other",
        "missing != x",
        "displayName = Ch*",
        "displayName = *urn",
        "displayName:chur",
        "displayName:CHUR*",
        "labels.team = ml",
        'labels."my.key" = x',
        "labels:team",
        "labels.team:*",
        "tags:one",
        "tags = two",
        "parts.kind = b",
        "parts.size > 4",
        "sizeGb > 3",
        "sizeGb <= 20",
        "replicas >= 3",
        "replicas < 3.5",
        "done = true",
        "done = TRUE",
        "NOT done = false",
        "-done = false",
        "- done = false",
        'createTime > "2026-03-01T09:00:00Z"',
        "createTime < 2026-03-01T12:00:00+01:00",
        'createTime >= "2026-03-01T10:00:00.500Z"',
        'createTime > "2026-02-28"',
        "state = (ACTIVE OR PENDING)",
        "state != (PENDING)",
        "state = ACTIVE AND labels.team = ml",
        "state = ACTIVE labels.team = ml",
        "state = OTHER OR labels.team = ml",
        "(state = OTHER OR state = ACTIVE) AND NOT labels.team = web",
        "name =~ 'churn-[0-9]$'",
        "name !~ '^models'",
        "churn",
        '"models/churn"',
        "ml",
        "two",
        "displayName eq 'Ch.*'",
        "displayName eq Churn",
        "displayName ne 'Ch'",
        "missing ne x",
        "score = NaN",
    ],
)
def test_a_body_passes(text: str) -> None:
    assert read(text)(BODY)


@pytest.mark.parametrize(
    "text",
    [
        "displayName = churn",
        "displayName = Chu",
        "missing = x",
        "missing:*",
        "labels:absent",
        "tags:three",
        "parts.kind = c",
        "sizeGb > 100",
        "replicas < 3",
        "done > false",
        "done = false",
        "NOT done = true",
        'createTime > "2026-03-02T00:00:00Z"',
        "state = (PENDING OR DONE)",
        "state = ACTIVE AND labels.team = web",
        "name =~ '^churn'",
        "absent",
        "displayName eq 'Ch'",
        "displayName ne 'Churn'",
        "score = 5",
        "state.inner = x",
    ],
)
def test_a_body_does_not_pass(text: str) -> None:
    assert not read(text)(BODY)


def test_no_filter_is_none() -> None:
    assert matcher("") is None
    assert matcher("   ") is None


@pytest.mark.parametrize(
    "text",
    [
        *("(", ")", "a =", "= a", "a = (", "a = (b", "(a = b", "NOT", "a AND", "OR a", "a..b = c", ".a = b", "a = b)"),
        *(
            '"unclosed',
            "a =~ '('",
            "a eq",
            "a eq =",
            "a eq '('",
            "a > > b",
            "(" * 60 + "a" + ")" * 60,
            "a = 'b",
            "NOT " * 5000 + "a",
            "a = (b OR",
        ),
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(ApiError) as caught:
        matcher(text)
    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")
    assert caught.value.details[0]["fieldViolations"][0]["field"] == "filter"


def test_quotes_may_be_quoted() -> None:
    assert read(r'a = "say \"hi\""')({"a": 'say "hi"'})
    assert read("a = 'it\\'s'")({"a": "it's"})
