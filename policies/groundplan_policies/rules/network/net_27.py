"""NET-27: Google's APIs are reached by a private way."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.network.google_apis import (
    ALL,
    ENDPOINT,
    GUARDED,
    bundle_of_address,
    bundle_of_name,
    bundle_of_source,
    is_of_google,
    may_hold_google,
    plain_name,
)
from groundplan_policies.rules.network.links import named_by
from groundplan_policies.rules.network.ranges import parse_range

_RECORD: Final = "dns.RecordSet"
_TARGET, _SCHEME = Path("target"), Path("loadBalancingScheme")
_NAME, _TYPE, _RECORDS, _ZONE = Path("name"), Path("type"), Path("rrdatas"), Path("managedZone")
_DNS_NAME: Final = Path("dnsName")
_ADDRESSES: Final = frozenset({"A", "AAAA"})
_ALIAS: Final = "CNAME"
_NOTHING: Final = frozenset({State.ABSENT, State.EMPTY})


def _bundle(bundle: str, path: str, context: Context) -> Outcome:
    """Judge a bundle of APIs: that of all APIs is a way past a perimeter, where the settings ask for one."""
    if bundle != ALL:
        return PASS
    required = context.parameters.required_perimeter_services
    if required is None:
        return indeterminate("leads to every API, and the settings do not say whether there is a perimeter", path)
    return fail("leads to APIs that no perimeter guards; expected is the restricted way", path) if required else PASS


def _endpoint(resource: Resource, context: Context) -> Outcome:
    target = _TARGET.one(resource)
    if target.state is State.KNOWN and target.text:
        return _bundle(target.text, target.path, context) if target.text in {ALL, GUARDED} else NOT_APPLICABLE
    # An endpoint for APIs has an empty scheme; a load balancer names one, or its target is made by this document.
    scheme = _SCHEME.one(resource)
    if scheme.state in {State.KNOWN, State.ABSENT} or context.graph.origins(resource, target):
        return NOT_APPLICABLE
    return unreadable(target, absent=NOT_APPLICABLE) or wrong_type(target, "the name of a bundle of APIs")


def _record(resource: Resource, context: Context) -> Outcome:
    kind = _TYPE.one(resource).text.upper()
    if _TYPE.one(resource).state is State.KNOWN and kind and kind not in {*_ADDRESSES, _ALIAS}:
        return NOT_APPLICABLE
    name = _name(resource, context)
    if isinstance(name, Outcome):
        return name
    if not is_of_google(plain_name(name)):
        return NOT_APPLICABLE
    found = [each for reading in _RECORDS.read(resource) for each in entries(reading)]
    return all_of([_answer(resource, each, context) for each in found])


def _name(resource: Resource, context: Context) -> str | Outcome:
    """Give the name of a record; where it is not known, the zone says whether it can matter."""
    reading = _NAME.one(resource)
    if reading.state is State.KNOWN and reading.text:
        return reading.text
    zones = named_by(resource, _ZONE.one(resource), context, "dns.ManagedZone")
    names = [_DNS_NAME.one(each) for each in zones or ()]
    if names and not any(each.state is not State.KNOWN or may_hold_google(plain_name(each.text)) for each in names):
        return NOT_APPLICABLE
    absent = indeterminate("is absent; expected is a name", reading.path)
    return unreadable(reading, absent=absent) or wrong_type(reading, "a name")


def _answer(resource: Resource, reading: Reading, context: Context) -> Outcome:
    graph = context.graph
    if reading.state is State.UNKNOWN:
        bundle = bundle_of_source(resource, reading, context)
        if bundle:
            return _bundle(bundle, reading.path, context)
    missing = unreadable(reading, absent=indeterminate("is absent or empty; expected are addresses", reading.path))
    if missing is not None:
        return missing
    if not reading.text:
        return wrong_type(reading, "an address or a name")
    address = parse_range(reading.text)
    bundle = bundle_of_name(reading.text, graph) if address is None else bundle_of_address(reading.text, graph)
    if bundle:
        return _bundle(bundle, reading.path, context)
    if address is not None and not address.is_private:
        return fail("is an address on the internet; expected is a private way to Google's APIs", reading.path)
    return indeterminate("is no endpoint that this document shows", reading.path)


CONTROL = Control(
    id="NET-27",
    title="Google's APIs are reached by a private way",
    why=(
        "Names below googleapis.com decide where calls with data and tokens go. Answers must be Google's restricted "
        "range, or an endpoint of Private Service Connect for the APIs that VPC Service Controls guards. The range "
        "and the bundle for all APIs serve also what no perimeter guards, so they fail where the settings ask for a "
        "perimeter, and pass elsewhere. An alias leads to one of Google's two names or to a record of this document. "
        "Private addresses that this document does not explain are indeterminate, as they may be another's endpoint."
    ),
    remedy="Use Network or PrivateServiceConnect; answer with 199.36.153.4/30 or the address of a `vpc-sc` endpoint.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.2.b", "6.1.a"),
    clauses=(
        partial("cis-gcp-5.0", "3.9", "Networks that have no zone and no endpoint; the restricted range also passes."),
        partial("nist-800-53-r5", "SC-7", "Ways to anything but Google's APIs."),
    ),
    reads=(
        Read(ENDPOINT, _TARGET.text, absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
        Read.aside(ENDPOINT, _SCHEME.text),
        Read(_RECORD, _NAME.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read.aside(_RECORD, _TYPE.text),
        Read(_RECORD, _RECORDS.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read.aside(_RECORD, _ZONE.text),
    ),
    checks={ENDPOINT: _endpoint, _RECORD: _record},
    settings=("required_perimeter_services",),
)
