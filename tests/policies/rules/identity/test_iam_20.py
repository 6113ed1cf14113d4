"""IAM-20: API keys open few APIs, to few callers."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_20 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

TARGETS = [{"service": "translate.googleapis.com"}]
EVERY_KIND = {
    "apiTargets": TARGETS,
    "serverKeyRestrictions": {"allowedIps": ["203.0.113.0/24"]},
    "browserKeyRestrictions": {"allowedReferrers": ["https://acme.test/*"]},
    "androidKeyRestrictions": {"allowedApplications": [{"packageName": "test.acme", "sha1Fingerprint": "AA"}]},
    "iosKeyRestrictions": {"allowedBundleIds": ["test.acme"]},
}
GOOD = R(
    "projects.ApiKey",
    {"restrictions": EVERY_KIND, "serviceAccountEmail": "caller@acme-ml.iam.gserviceaccount.com"},
)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def key(targets: Any = TARGETS, **restrictions: Any) -> R:
    given = {"apiTargets": targets, **restrictions}
    return R("projects.ApiKey", {"restrictions": {name: each for name, each in given.items() if each is not ...}})


def server(*ips: str) -> dict[str, Any]:
    return {"serverKeyRestrictions": {"allowedIps": list(ips)}}


def browser(*sites: Any) -> dict[str, Any]:
    return {"browserKeyRestrictions": {"allowedReferrers": list(sites)}}


@pytest.mark.parametrize("kind", ["server", "browser", "android", "ios"])
def test_one_kind_of_restriction_is_enough(kind: str) -> None:
    name = f"{kind}KeyRestrictions"
    assert verdict(CONTROL, key(**{name: EVERY_KIND[name]})) is Verdict.PASS
    assert verdict(CONTROL, key(**{name: {}})) is Verdict.FAIL


@pytest.mark.parametrize("inputs", [{}, {"restrictions": {}}, {"restrictions": {"apiTargets": TARGETS}}])
def test_a_key_that_anybody_can_use_fails(inputs: dict[str, Any]) -> None:
    found = outcome(CONTROL, R("projects.ApiKey", inputs))
    assert found.verdict is Verdict.FAIL
    assert found.reasons[-1].path == "restrictions"


@pytest.mark.parametrize(
    "targets",
    [
        ...,
        [],
        [{}],
        [{"service": ""}],
        [{"service": " "}],
        [*TARGETS, {"methods": ["Get*"]}],
        [*TARGETS, {"service": "cloudapis.googleapis.com"}],
        [{"service": "CloudAPIs.googleapis.com"}],
        [{"service": "*.googleapis.com"}],
    ],
)
def test_a_key_for_every_api_fails(targets: object) -> None:
    found = outcome(CONTROL, key(targets, **server("203.0.113.7")))
    assert found.verdict is Verdict.FAIL
    assert all(each.path.startswith("restrictions.apiTargets") for each in found.reasons)


def test_a_key_may_name_single_methods_of_an_api() -> None:
    targets = [{"service": "translate.googleapis.com", "methods": ["Get*"]}]
    assert verdict(CONTROL, key(targets, **server("203.0.113.7"))) is Verdict.PASS


@pytest.mark.parametrize("ips", [["0.0.0.0/0"], ["::/0"], ["203.0.113.7", "0.0.0.0/0"], ["0.0.0.0/1", "128.0.0.0/1"]])
def test_the_internet_is_no_restriction(ips: list[str]) -> None:
    assert verdict(CONTROL, key(**server(*ips))) is Verdict.FAIL


@pytest.mark.parametrize(
    "site",
    [
        "*",
        "*.test",
        "*.test/*",
        "https://*",
        "https://*/x",
        "*://*/*",
        "*acme.test",
        "acme.*",
        "*.*.test",
        ".+",
        "*.",
        "/",
        "acme.test|.*",
    ],
)
def test_a_pattern_for_every_site_fails(site: str) -> None:
    found = outcome(CONTROL, key(**browser("acme.test", site)))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["restrictions.browserKeyRestrictions.allowedReferrers[1]"]


@pytest.mark.parametrize(
    "site",
    ["acme.test", "acme.test/*", "https://www.acme.test/app/*", "*.acme.test/*", "*://acme.test:8443/*", "localhost"],
)
def test_a_site_with_what_is_below_it_passes(site: str) -> None:
    assert verdict(CONTROL, key(**browser(site))) is Verdict.PASS


def test_a_pattern_for_applications_is_none() -> None:
    for value in ("*", "test.*", " "):
        assert verdict(CONTROL, key(iosKeyRestrictions={"allowedBundleIds": [value]})) is Verdict.INDETERMINATE


def test_what_cannot_be_read_is_indeterminate() -> None:
    assert verdict(CONTROL, R("projects.ApiKey", {"restrictions": UNKNOWN})) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R("projects.ApiKey", {"restrictions": secret()})) is Verdict.INDETERMINATE
    assert verdict(CONTROL, key(browserKeyRestrictions=UNKNOWN)) is Verdict.INDETERMINATE


def test_a_key_that_acts_as_a_default_account_fails() -> None:
    bound = R("projects.ApiKey", {**GOOD.inputs, "serviceAccountEmail": "1-compute@developer.gserviceaccount.com"})
    found = outcome(CONTROL, bound)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["serviceAccountEmail"]
