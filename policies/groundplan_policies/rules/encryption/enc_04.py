"""ENC-04: notebook disks use customer-managed keys."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, partial
from groundplan_policies.engine.expect import every, is_one_of
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict, indeterminate
from groundplan_policies.rules.encryption.keys import KeyExpectation, expect_keys, reads_of
from groundplan_policies.rules.encryption.uses import NOTEBOOK_DISKS, RUNTIMES

_RUNTIMES = expect_keys(RUNTIMES)
_METHODS = tuple(is_one_of(f"{disk}.diskEncryption", "CMEK") for disk in NOTEBOOK_DISKS)
_KEYS = tuple(KeyExpectation(Path(f"{disk}.kmsKey")) for disk in NOTEBOOK_DISKS)

_PATHS = (*(each.path for each in _METHODS), *(each.path for each in _KEYS))


def _seen(check: Check, *paths: Path) -> Check:
    """Leave open what Google never tells again: an imported or looked-up instance lacks it whatever its disks are."""

    def look(resource: Resource, context: Context) -> Outcome:
        outcome = check(resource, context)
        if outcome.verdict is not Verdict.FAIL or not (resource.external or resource.import_id):
            return outcome
        unseen = {each.path for path in paths for each in path.read(resource) if each.state is State.ABSENT}
        if any(each.path not in unseen for each in outcome.reasons):
            return outcome
        return indeterminate("is absent, as Google does not tell it of an existing instance", outcome.reasons[0].path)

    return look


CONTROL = Control(
    id="ENC-04",
    title="Notebook disks use customer-managed keys",
    why=(
        "A notebook's disks hold what people downloaded, and the results that nobody meant to keep. Each disk is asked "
        "for its method and its key: Google ignores a key where the method is not CMEK. An absent disk fails, as "
        "Google then makes one with a key of its own. Both properties can be written and not read: for an instance "
        "that was imported or only looked up, absent is indeterminate. A key that customers supply themselves, which "
        "CIS 4.7 asks of disks of virtual machines, is another thing, and earns no credit here."
    ),
    remedy=(
        "Use Workbench or ColabRuntime with `keys`, or set `disk_encryption` to CMEK and `kms_key` of `boot_disk` and "
        "`data_disks`; `encryption_spec.kms_key_name` of a runtime template."
    ),
    severity=Severity.HIGH,
    objectives=("2.2.b", "2.1.e"),
    clauses=(
        partial("google-ai", "COM-CO-2.3", "Other services, for which ENC-01 to ENC-08 and ENC-15 stand."),
        partial("nist-800-53-r5", "SC-28", "Data that leaves the notebook."),
    ),
    reads=(
        *(each.reads("workbench.Instance") for each in _METHODS),
        *(each.reads("workbench.Instance") for each in _KEYS),
        *reads_of(_RUNTIMES),
    ),
    checks={
        "workbench.Instance": _seen(every(*_METHODS, *_KEYS), *_PATHS),
        **_RUNTIMES,
    },
    settings=("key_projects",),
)
