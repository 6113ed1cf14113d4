"""IAM-22: custom roles can neither escalate nor carry models away."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.rules.identity.roles import escalates

_PERMISSIONS = Path("permissions")
_ROLE = Path("roleId")
_EXPORT = "aiplatform.models.export"


def _judge(resource: Resource, context: Context) -> Outcome:
    readings = [each for reading in _PERMISSIONS.read(resource) for each in entries(reading)]
    return all_of([_judge_one(resource, each, context) for each in readings])


def _judge_one(resource: Resource, reading: Reading, context: Context) -> Outcome:
    missing = unreadable(reading, absent=fail("is absent; expected are the permissions of the role", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a permission")
    permission = reading.value.strip()
    if escalates(permission):
        return fail("lets the holder of the role become somebody else, or give rights away", reading.path, permission)
    if permission == _EXPORT:
        return _judge_export(resource, reading, context)
    return PASS


def _judge_export(resource: Resource, reading: Reading, context: Context) -> Outcome:
    releases = context.parameters.release_roles
    role = _ROLE.one(resource)
    if releases is None:
        return indeterminate("exports models; the settings do not say which role may", reading.path, _EXPORT)
    if role.state in {State.UNKNOWN, State.SECRET}:
        return indeterminate("exports models, and the id of the role is not known", reading.path, _EXPORT)
    if role.text and role.text in releases:
        return PASS
    return fail("exports models, and is in no role that the settings allow to", reading.path, _EXPORT)


CONTROL = Control(
    id="IAM-22",
    title="Custom roles can neither escalate nor carry models away",
    why=(
        "A custom role looks small and can hold the one permission that makes its holder an administrator: to act as "
        "an account, to mint its tokens or keys, or to write a policy. Minting identity tokens and delegation are as "
        "good as access tokens, so they count too; so does what comes to the same in other services: keys for storage "
        "or interfaces, builds that run as an account, the account or the start scripts of a machine, providers of "
        "identities, other roles, entitlements, and the policies that forbid. A trained model holds what it learned "
        "from the data; taking it out is for the role that releases it. A role without permissions grants nothing, and "
        "is not finished: it fails."
    ),
    remedy="Take those permissions out of `permissions`; grant a predefined role on the one resource that needs it.",
    severity=Severity.HIGH,
    objectives=("6.1.a",),
    clauses=(partial("nist-800-53-r5", "AC-6", "Predefined roles, which other controls judge."),),
    reads=tuple(
        read
        for type_ in ("projects.IAMCustomRole", "organizations.IAMCustomRole")
        for read in (
            Read(type_, _PERMISSIONS.text),
            Read.aside(type_, _ROLE.text),
        )
    ),
    checks={"projects.IAMCustomRole": _judge, "organizations.IAMCustomRole": _judge},
    settings=("release_roles",),
)
