"""DAT-25: data exchanges are private."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import is_one_of
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.identity.forms import each_grant, grant_reads, iam_types
from groundplan_policies.rules.identity.iam_01 import public
from groundplan_policies.rules.identity.iam_13 import known

_PRIVATE: Final = is_one_of("discoveryType", "DISCOVERY_TYPE_PRIVATE", absent=Verdict.PASS)
_SHARED: Final = ("bigqueryanalyticshub.DataExchange", "bigqueryanalyticshub.Listing")
_GRANTS: Final = iam_types("bigqueryanalyticshub.DataExchangeIam", "bigqueryanalyticshub.ListingIam")


def _member(grant: Grant, context: Context) -> Outcome:
    return all_of((public(grant, context), known(grant, context)))


CONTROL = Control(
    id="DAT-25",
    title="Data exchanges are private",
    why=(
        "An exchange that can be found is a catalogue for the whole world, and whoever may subscribe to one of its "
        "listings gets the data into a project of their own, out of reach of every rule here. Google's default is "
        "private, so absent passes; on a listing too. Members of exchanges and listings must meet what IAM-01 and "
        "IAM-13 ask of all members; those report them as well."
    ),
    remedy="Leave out `discovery_type`, and name subscribers of allowed domains.",
    severity=Severity.HIGH,
    objectives=("2.1.e",),
    clauses=(
        partial("nist-800-53-r5", "AC-3", "Subscriptions that exist already."),
        partial("nist-800-53-r5", "AC-4", "Flows other than those of exchanges."),
    ),
    reads=(*(_PRIVATE.reads(each) for each in _SHARED), *grant_reads(_GRANTS, roles=False)),
    checks={**dict.fromkeys(_SHARED, _PRIVATE), **dict.fromkeys(_GRANTS, each_grant(_member))},
    settings=("allowed_domains", "allowed_projects", "allowed_pools", "service_agent_projects"),
)
