"""NET-15: Composer environments are private."""

import re

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import every, is_true, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, all_of, indeterminate
from groundplan_policies.engine.ways import one_way, other_way
from groundplan_policies.rules.network.ranges import NarrowRanges

_ENVIRONMENT = "composer.Environment"
_VERSION = Path("config.softwareConfig.imageVersion")
_NUMBER = re.compile(r"composer-([1-9][0-9]*|latest)(?=[.-])")
_PRIVATE = is_true("config.enablePrivateEnvironment")
_BUILDS = is_true("config.enablePrivateBuildsOnly")
_ENDPOINT = is_true("config.privateEnvironmentConfig.enablePrivateEndpoint")
_RANGES = NarrowRanges("config.webServerNetworkAccessControl.allowedIpRanges.value", lists=False)
_THREE: Check = every(_PRIVATE, _BUILDS)
_ANY = one_way(_THREE, _ENDPOINT)
_FIRST_WITH_FLAGS = 3


def _machines(resource: Resource, context: Context) -> Outcome:
    """Ask for what the version of Composer has; where it is not told, for what either has."""
    version = _VERSION.one(resource)
    if version.state in {State.ABSENT, State.EMPTY}:
        return _ANY(resource, context)
    missing = unreadable(version, absent=indeterminate("is absent", version.path))
    if missing is not None:
        return missing
    if not version.text:
        return wrong_type(version, "a version")
    match = _NUMBER.match(version.text)
    if match is None:
        return indeterminate("is no version of Cloud Composer", version.path)
    if match[1] == "latest":
        return _ANY(resource, context)
    return (_THREE if int(match[1]) >= _FIRST_WITH_FLAGS else _ENDPOINT)(resource, context)


def _environment(resource: Resource, context: Context) -> Outcome:
    return all_of([_machines(resource, context), _RANGES(resource, context)])


CONTROL = Control(
    id="NET-15",
    title="Composer environments are private",
    why=(
        "An environment runs whatever its pipelines say, as its account. In Composer 3 two flags keep its parts and "
        "its builds off the internet; in earlier ones the private endpoint does. Where the version is not told, "
        "either counts, as Google refuses the one that does not belong to it. The Airflow page answers anybody unless "
        "ranges are listed: absent and empty are open in the provider's view, and ranges that are the internet, "
        "alone or together, are no list."
    ),
    remedy="Set `enable_private_environment`, `enable_private_builds_only` and `allowed_ip_ranges`.",
    severity=Severity.HIGH,
    objectives=("5.1.e",),
    clauses=(partial("nist-800-53-r5", "SC-7", "The other boundaries of the system: these are environments alone."),),
    reads=(
        _PRIVATE.reads(_ENVIRONMENT),
        _BUILDS.reads(_ENVIRONMENT),
        other_way(_ENDPOINT.reads(_ENVIRONMENT)),
        other_way(Read(_ENVIRONMENT, _VERSION.text)),
        _RANGES.reads(_ENVIRONMENT),
    ),
    checks={_ENVIRONMENT: _environment},
)
