"""IAM-20: API keys open few APIs, to few callers."""

import re

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.identity.accounts import DedicatedAccount
from groundplan_policies.rules.network.ranges import NarrowRanges

_KEY = "projects.ApiKey"
_SERVICES = Path("restrictions.apiTargets.service")
_ALL_APIS = "cloudapis.googleapis.com"
_ADDRESSES = NarrowRanges("restrictions.serverKeyRestrictions.allowedIps")
_SITES = Path("restrictions.browserKeyRestrictions.allowedReferrers")
_HOST = re.compile(r"(?:\*\.[A-Za-z0-9-]+\.)?[A-Za-z0-9][A-Za-z0-9.-]*")
"""A host, or a domain with its subdomains: `*.example.com`, and not `*.com`."""

_BLOCKS = tuple(Path(f"restrictions.{each}KeyRestrictions") for each in ("server", "browser", "android", "ios"))
_PACKAGES = Path("restrictions.androidKeyRestrictions.allowedApplications.packageName")
_BUNDLES = Path("restrictions.iosKeyRestrictions.allowedBundleIds")
_ACCOUNT = DedicatedAccount(Path("serviceAccountEmail"), absent=Verdict.PASS)
_ANYBODY = "so that whoever has the key can use it from anywhere"


def _judge(resource: Resource, context: Context) -> Outcome:
    return all_of([*map(_service, _SERVICES.read(resource)), _callers(resource, context), _ACCOUNT(resource, context)])


def _service(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=fail("is absent, so that the key opens every API", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the name of a service")
    name = reading.value.strip().lower()
    if name == _ALL_APIS or "*" in name:
        return fail("is all APIs; expected is one", reading.path, reading.text)
    return PASS if name else fail("is empty; expected is one API", reading.path)


def _callers(resource: Resource, context: Context) -> Outcome:
    """Ask each restriction of callers that is there, and for one. Google takes one kind for a key."""
    asked = [each.one(resource).state is not State.ABSENT for each in _BLOCKS]
    if not any(asked):
        return fail(f"restrict no callers, {_ANYBODY}", "restrictions")
    server, browser, android, ios = asked
    outcomes = [_ADDRESSES(resource, context)] if server else []
    if browser:
        outcomes += [_site(each) for reading in _SITES.read(resource) for each in entries(reading)]
    if android:
        outcomes += [_app(each) for each in _PACKAGES.read(resource)]
    if ios:
        outcomes += [_app(each) for reading in _BUNDLES.read(resource) for each in entries(reading)]
    return all_of(outcomes)


def _site(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=fail(f"is absent, {_ANYBODY}", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a site")
    if _HOST.fullmatch(reading.value.strip().rpartition("://")[2].partition("/")[0].partition(":")[0]):
        return PASS
    return fail("names no site; expected is a host, or a domain with its subdomains", reading.path)


def _app(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=fail(f"is absent, {_ANYBODY}", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "the id of an application")
    if "*" in reading.value or not reading.value.strip():
        return indeterminate("is no id of an application", reading.path)
    return PASS


CONTROL = Control(
    id="IAM-20",
    title="API keys open few APIs, to few callers",
    why=(
        "An API key is a password without a user: it ends up in a page or a notebook, and works for whoever reads it. "
        "A key without targets opens every API of the project, and the name for all of Google's APIs is no target. "
        "Callers are restricted by addresses, sites or applications; the whole internet, however it is cut up, and "
        "patterns that leave a domain open are no restriction. One's own domain with its subdomains is. A key that is "
        "bound to a service account acts as that account, so it must not be a default one; it needs the same limits."
    ),
    remedy="Set `restrictions` with `api_targets` and one of the restrictions of callers, or use an identity instead.",
    severity=Severity.HIGH,
    objectives=("2.2.b", "6.1.a"),
    clauses=(
        partial("cis-gcp-5.0", "1.14", "Keys that were made outside of this program."),
        partial("cis-gcp-5.0", "1.15", "Keys that were made outside of this program."),
        partial("nist-800-53-r5", "IA-5", "How the key is kept by those who use it."),
    ),
    reads=(
        Read(_KEY, _SERVICES.text),
        _ADDRESSES.reads(_KEY),
        Read(_KEY, _SITES.text),
        *(Read(_KEY, path.text) for path in (_PACKAGES, _BUNDLES)),
        _ACCOUNT.reads(_KEY),
    ),
    checks={_KEY: _judge},
)
