"""DAT-18: buckets do not face the web."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import every, is_absent, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail

_ORIGINS = Path("cors.origins")
_NO_WEBSITE = is_absent("website", "pages for the web")


def _no_foreign_origin(resource: Resource, _context: Context) -> Outcome:
    return all_of(_origins(reading) for reading in _ORIGINS.read(resource))


def _origins(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=PASS)
    if missing is not None:
        return missing
    return all_of(map(_origin, entries(reading))) if isinstance(reading.value, list) else wrong_type(reading, "a list")


def _origin(entry: Reading) -> Outcome:
    missing = unreadable(entry, absent=PASS)
    if missing is not None:
        return missing
    if not entry.text:
        return wrong_type(entry, "a text")
    return fail("lets pages of any origin read the bucket", entry.path, "*") if "*" in entry.text else PASS


_HIDDEN = every(_no_foreign_origin, _NO_WEBSITE)


def _check(resource: Resource, context: Context) -> Outcome:
    """Answer the usual case at once: neither is there."""
    if "cors" not in resource.inputs and "website" not in resource.inputs:
        return PASS
    return _HIDDEN(resource, context)


CONTROL = Control(
    id="DAT-18",
    title="Buckets do not face the web",
    why=(
        "A bucket of data that serves a website, or that pages of any origin may read, hands what a signed-in person "
        "can see to whatever page that person visits. An origin with a wildcard counts as any."
    ),
    remedy="Use DataBucket, or leave out `website` and name each origin of `cors`.",
    severity=Severity.MEDIUM,
    objectives=("2.1.e", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-3", "Who may read the bucket: the controls of the family IAM."),),
    reads=(
        Read("storage.Bucket", "cors.origins", absent=Verdict.PASS, empty=Verdict.PASS),
        _NO_WEBSITE.reads("storage.Bucket"),
    ),
    checks={"storage.Bucket": _check},
)
