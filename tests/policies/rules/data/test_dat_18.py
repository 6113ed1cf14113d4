"""DAT-18: buckets do not face the web."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_18 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

GOOD = R("storage.Bucket", {"cors": [{"origins": ["https://app.acme.test"], "methods": ["GET"]}]})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def test_a_bucket_that_says_nothing_passes() -> None:
    assert verdict(CONTROL, R("storage.Bucket")) is Verdict.PASS
    assert verdict(CONTROL, R("storage.Bucket", {"cors": [], "website": {}})) is Verdict.PASS


@pytest.mark.parametrize("origin", ["*", "https://*.acme.test"])
def test_any_origin_fails_wherever_it_stands(origin: str) -> None:
    cors = [{"origins": ["https://app.acme.test"]}, {"origins": ["https://app.acme.test", origin]}]
    found = outcome(CONTROL, R("storage.Bucket", {"cors": cors}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("cors[1].origins[1]", "*")]


@pytest.mark.parametrize("origins", [[UNKNOWN], [secret()], [7], "https://app.acme.test"])
def test_an_origin_that_cannot_be_read_is_indeterminate(origins: object) -> None:
    assert verdict(CONTROL, R("storage.Bucket", {"cors": [{"origins": origins}]})) is Verdict.INDETERMINATE


def test_an_empty_origin_names_nobody() -> None:
    assert verdict(CONTROL, R("storage.Bucket", {"cors": [{"origins": [""]}]})) is Verdict.PASS


def test_a_website_fails() -> None:
    found = outcome(CONTROL, R("storage.Bucket", {"website": {"mainPageSuffix": "index.html"}}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["website"]
