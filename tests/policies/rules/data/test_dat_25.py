"""DAT-25: data exchanges are private."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_25 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict
from tests.policies.rules.identity.written import ANN, FORMS, MEMBER_PATHS, forms, places, written

SUBSCRIBER = "roles/analyticshub.subscriber"
SHARED = ("bigqueryanalyticshub.DataExchange", "bigqueryanalyticshub.Listing")
GRANTS = ("bigqueryanalyticshub.DataExchangeIam", "bigqueryanalyticshub.ListingIam")

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(R(each, {"dataExchangeId": "x", "discoveryType": "DISCOVERY_TYPE_PRIVATE"}) for each in SHARED),
        *(written(on, form, ANN, SUBSCRIBER, dataExchangeId="x") for on in GRANTS for form in FORMS),
    ],
)


@pytest.mark.parametrize("type_", SHARED)
@pytest.mark.parametrize("value", ["DISCOVERY_TYPE_PUBLIC", "DISCOVERY_TYPE_UNSPECIFIED", "discovery_type_private"])
def test_an_exchange_that_can_be_found_fails(type_: str, value: str) -> None:
    found = places(CONTROL, R(type_, {"dataExchangeId": "x", "discoveryType": value}))
    assert found == (Verdict.FAIL, [("discoveryType", value)])


@pytest.mark.parametrize(("on", "form"), forms(*GRANTS))
@pytest.mark.parametrize(
    ("member", "shown"), [("allAuthenticatedUsers", "allAuthenticatedUsers"), ("user:eve@example.com", "")]
)
def test_subscribers_from_elsewhere_fail(on: str, form: str, member: str, shown: str) -> None:
    found = places(CONTROL, written(on, form, member, SUBSCRIBER, dataExchangeId="x"))
    assert found == (Verdict.FAIL, [(MEMBER_PATHS[form], shown)])


def test_an_unknown_subscriber_is_not_passed() -> None:
    grant = written(GRANTS[0], "Member", UNKNOWN, SUBSCRIBER, dataExchangeId="x")
    assert verdict(CONTROL, grant) is Verdict.INDETERMINATE
