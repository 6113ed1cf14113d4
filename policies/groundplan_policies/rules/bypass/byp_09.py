"""BYP-09: every resource is of a type that is known."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.index import Index
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.resource import PROVIDER_PREFIX, Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.bypass.options import EVERY, GOOGLE, PROVIDERS
from groundplan_policies.types import reviewed_types

_ANYTHING: Final = frozenset({"command", "google-native", "kubernetes"})
"""Packages whose resources run code, or make what no rule reads. Only the settings open them, no review of a type."""

_DYNAMIC: Final = "pulumi-"
"""How the packages of dynamic providers begin: `pulumi-python`, `pulumi-nodejs`."""

_BUILT_IN: Final = "pulumi"
_PARAMETERS: Final = Path("__internal.parameterization")
"""Where Pulumi keeps them in a provider's inputs (pulumi `pkg/resource/deploy/providers/registry.go`)."""


@lru_cache(maxsize=1)
def _index() -> Index:
    return Index(all_controls().values())


@lru_cache(maxsize=4096)
def _known(type_: str) -> bool:
    return type_ in reviewed_types() or _index().knows(type_)


def _allowed(package: str, context: Context) -> bool:
    """Whether the settings allow a package. They cannot allow Google's as a whole: its types are known one by one."""
    return package != "gcp" and package in (context.parameters.allowed_packages or ())


def _check(resource: Resource, context: Context) -> Outcome:
    if resource.type.startswith(GOOGLE) and _known(resource.type):
        return PASS  # the usual case at once
    package = resource.type.partition(":")[0]
    if _allowed(package, context):
        return PASS
    if package in _ANYTHING or package.startswith(_DYNAMIC):
        return fail("is of a package that runs code, or makes what no rule reads", shown=package)
    if _known(resource.type):
        return PASS
    if package in {"gcp", _BUILT_IN}:
        return indeterminate("is of a type that nobody has reviewed, so nothing of it was looked at")
    return fail("is of a package that the settings do not allow, and of a type that nobody has reviewed")


def _provider(resource: Resource, context: Context) -> Outcome:
    package = resource.type.removeprefix(PROVIDER_PREFIX)
    allowed = _allowed(package, context)
    return all_of([_package(package, allowed=allowed), _parameters(resource, allowed=allowed)])


def _package(package: str, *, allowed: bool) -> Outcome:
    if allowed or package in {"gcp", _BUILT_IN}:
        return PASS
    if package in _ANYTHING or package.startswith(_DYNAMIC):
        return fail("serves a package that runs code, or makes what no rule reads", shown=package)
    return fail("serves a package that the settings do not allow")


def _parameters(resource: Resource, *, allowed: bool) -> Outcome:
    reading = _PARAMETERS.one(resource)
    unclear = unreadable(reading, absent=PASS, empty=fail("makes the plugin serve another package", reading.path))
    if unclear is not None:
        return unclear
    return (
        PASS if allowed else fail("makes the plugin serve another package, whose types may have any name", reading.path)
    )


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    """Look at what says that it is a component and has the type of a managed resource: no rule would look at it."""
    for resource in context.graph.document.resources:
        if not resource.custom and resource.type.startswith((GOOGLE, PROVIDER_PREFIX)):
            yield resource, fail("has the type of a managed resource but says that it is none, so that no rule sees it")


CONTROL = Control(
    id="BYP-09",
    title="Every resource is of a type that is known",
    why=(
        "A resource that no rule knows passes by being unknown, and some packages make anything: `command` runs "
        "a shell, a dynamic provider is a function of the program, `google-native` makes the same buckets under other "
        "names, Kubernetes objects open what the cluster's controls close. Those fail until the settings allow the "
        "package. Known is a type that a control reads, or that was reviewed. A Google type that is neither is "
        "indeterminate; of another package it fails. Providers count by themselves, as a component that a plugin "
        "builds shows only by its provider; a parameterised one serves types of any name, Google's too. Components "
        "group others and are no such resources, unless they have the type of a managed one."
    ),
    remedy="Use a resource of Google's provider, or list the package in the settings under `allowed_packages`.",
    severity=Severity.HIGH,
    clauses=(
        partial("nist-800-53-r5", "CM-7", "What runs inside of machines and containers."),
        partial("nist-800-53-r5", "CM-8", "What was made past this program."),
    ),
    reads=(
        Read(EVERY, "document:type", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read("Provider", _PARAMETERS.text, absent=Verdict.PASS, wrong=Verdict.FAIL),
    ),
    checks={PROVIDERS: _provider, EVERY: _check},
    stack=_stack,
    settings=("allowed_packages",),
    waivable=False,
)
