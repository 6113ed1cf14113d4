"""NET-26: buckets of a restricted class filter the networks that they are read from."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import every, is_false, is_one_of, is_set
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, indeterminate
from groundplan_policies.rules.data.classes import is_restricted
from groundplan_policies.rules.network.ranges import NarrowRanges

_BUCKET: Final = "storage.Bucket"
_MODE = is_one_of("ipFilter.mode", "Enabled")
_NETWORK = is_set("ipFilter.vpcNetworkSources.network", "compute.Network", expected="the full name of a network")
_PUBLIC = NarrowRanges("ipFilter.publicNetworkSource.allowedIpCidrRanges", absent=Verdict.PASS, empty=Verdict.PASS)
_OTHERS = is_false("ipFilter.allowCrossOrgVpcs")
_FILTER = every(_MODE, _NETWORK, _PUBLIC, _OTHERS)


def _bucket(resource: Resource, context: Context) -> Outcome:
    asked = context.parameters.bucket_network_filter
    restricted = is_restricted(resource, context) if asked is not False else False
    if restricted is False:
        return NOT_APPLICABLE
    if asked is None or restricted is None:
        return indeterminate("the settings do not say whether buckets filter networks, or which classes are restricted")
    return _FILTER(resource, context)


CONTROL = Control(
    id="NET-26",
    title="Buckets of a restricted class filter the networks that they are read from",
    why=(
        "A leaked credential of an account that may read a bucket works from anywhere, unless the bucket asks whence a "
        "request comes. The filter must be on and name networks of your own; what ranges it takes from each of them is "
        "free, as addresses inside are yours. Public ranges may not be the internet, and networks of other "
        "organisations stay out. Google's own agents may pass, as the provider makes everybody say whether they do. "
        "The settings say whether this is asked; a bucket without a class counts as restricted."
    ),
    remedy="Use DataBucket with a network, or set `ip_filter`.",
    severity=Severity.MEDIUM,
    objectives=("2.1.e",),
    clauses=(partial("nist-800-53-r5", "SC-7", "The other borders: these are buckets alone."),),
    reads=(
        Read.aside(_BUCKET, "labels.classification"),
        *(each.reads(_BUCKET) for each in (_MODE, _NETWORK, _PUBLIC, _OTHERS)),
    ),
    checks={_BUCKET: _bucket},
    settings=("bucket_network_filter", "restricted_classes", "classifications"),
)
