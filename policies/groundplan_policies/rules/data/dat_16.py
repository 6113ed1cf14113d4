"""DAT-16: the log of predictions is protected."""

import re
from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.belief import believed
from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.look import check_for, trusted
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    declared,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.dat_03 import CONTROL as REGIONS
from groundplan_policies.rules.data.targets import dataset
from groundplan_policies.rules.encryption.enc_02 import CONTROL as KEYS
from groundplan_policies.rules.identity.iam_02 import CONTROL as ACCESSES

_ENDPOINT = "vertex.AiEndpoint"
_ENABLED = Path("predictRequestResponseLoggingConfig.enabled")
_URI = Path("predictRequestResponseLoggingConfig.bigqueryDestination.outputUri")
_JOINED: Final = (ACCESSES, KEYS, REGIONS)
_ADDRESS = re.compile(r"bq://((?:[a-z0-9.-]+:)?[a-z0-9-]+)(?:\.([A-Za-z0-9_]+)(?:\.[^.]+)?)?")
"""A project, which may stand behind a domain, a dataset and a table."""


def _check(resource: Resource, context: Context) -> Outcome:
    enabled, uri = _ENABLED.one(resource), _URI.one(resource)
    if enabled.value is False or (enabled.state is uri.state is State.ABSENT):
        return NOT_APPLICABLE
    missing = unreadable(uri, absent=fail("is absent, so that Google makes a dataset with its own defaults", uri.path))
    if missing is not None and uri.state is not State.UNKNOWN:
        return missing
    if not uri.text:
        return wrong_type(uri, "a text")
    found = _dataset(resource, uri, context)
    if isinstance(found, Outcome):
        return found
    return trusted(all_of([_on(enabled), *_verdicts(found, uri, context)]), context)


def _on(enabled: Reading) -> Outcome:
    """Say whether the switch can be read. Off was answered before; absent beside a destination is judged."""
    missing = unreadable(enabled, absent=PASS)
    return missing or (PASS if isinstance(enabled.value, bool) else wrong_type(enabled, "a boolean"))


def _dataset(resource: Resource, uri: Reading, context: Context) -> Resource | Outcome:
    elsewhere = indeterminate("names no dataset of this document, so nobody can see how it is protected", uri.path)
    if uri.state is State.UNKNOWN:
        return context.graph.resolve(resource, uri, "bigquery.Dataset") or elsewhere
    address = _ADDRESS.fullmatch(uri.text)
    if address is None:
        return indeterminate("is no address in BigQuery", uri.path)
    if not address[2]:
        return fail("names a project only, so that Google makes a dataset with its own defaults", uri.path)
    return dataset(context.graph, address[1], address[2]) or elsewhere


def _verdicts(found: Resource, uri: Reading, context: Context) -> Iterator[Outcome]:
    """Give the verdicts of the joined controls on a dataset, and on what grants access to it."""
    granting = {each.resource.urn: each.resource for each in context.graph.grants_on(found)}
    for control in _JOINED:
        for resource in (found, *granting.values()) if control is ACCESSES else (found,):
            check = check_for(control, resource.type)
            outcome = believed(control, resource, check(resource, context)) if check is not None else PASS
            if outcome.verdict is Verdict.FAIL:
                yield fail(f"names a dataset that does not pass {control.id}", uri.path)
            elif outcome.verdict is Verdict.DECLARED:
                yield declared(f"names a dataset of which only a declaration speaks for {control.id}", uri.path)
            elif outcome.verdict not in {Verdict.PASS, Verdict.NOT_APPLICABLE}:
                yield indeterminate(f"names a dataset of which {control.id} cannot say whether it passes", uri.path)
            else:
                yield PASS


CONTROL = Control(
    id="DAT-16",
    title="The log of predictions is protected",
    why=(
        "Requests and answers of a model are what people told it: the log needs the protection of the data that it was "
        "trained on. It has it if its dataset passes IAM-02 with all that is granted on it, ENC-02 and DAT-03. Where "
        "only a project is named, or nothing, Google makes a dataset in it with the project's default access and no "
        "key. A dataset of another document is indeterminate, and one of which only a declaration speaks for a control "
        "is declared. An endpoint that logs nothing is not judged here."
    ),
    remedy="Use OnlineEndpoint with `request_log`, or name a table in a dataset of a Warehouse as `output_uri`.",
    ask="See in BigQuery who may read the dataset of the log, and with which key it is encrypted.",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("2.1.e", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AU-9", "Logs other than those of predictions."),),
    reads=(
        Read(_ENDPOINT, _URI.text),
        Read(_ENDPOINT, _ENABLED.text, absent=Verdict.PASS, empty=Verdict.PASS),
    ),
    checks={_ENDPOINT: _check},
    settings=tuple(sorted({name for control in _JOINED for name in control.settings})),
)
