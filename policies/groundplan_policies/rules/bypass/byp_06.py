"""BYP-06: provider plugins are pinned, known, and from where they should come."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import PROVIDER
from groundplan_policies.engine.paths import Path, Reading, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.bypass.options import PROVIDERS, without_provider
from groundplan_policies.rules.bypass.versions import Version, release, within

_VERSION: Final = Path("version")
_ADDRESSES: Final = (Path("__internal.pluginDownloadURL"), Path("pluginDownloadURL"))
"""Where Pulumi keeps the address, now and in older states (pulumi `pkg/resource/deploy/providers/registry.go`)."""
_BUILT_IN: Final = "pulumi:providers:pulumi"
"""The provider that is a part of Pulumi's engine, and has no version of its own."""
_REQUESTED: Final = "pluginDownloadURL"


def _check(resource: Resource, context: Context) -> Outcome:
    requested = context.graph.document.member.requests.get(resource.urn, {}).get(_REQUESTED)
    places = [path.one(resource) for path in _ADDRESSES]
    places += read_value(requested, _REQUESTED)
    return all_of([_version(resource, context), *(_address(each, context) for each in places)])


def _version(resource: Resource, context: Context) -> Outcome:
    if resource.type == _BUILT_IN:
        return PASS
    reading = _VERSION.one(resource)
    unclear = unreadable(reading, absent=fail("is absent, so that whatever version is installed runs", reading.path))
    if unclear is not None:
        return unclear
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    version = release(reading.value)
    if version is None:
        return fail("is no released version such as 10.2.0", reading.path)
    return _known(version, reading, context) if resource.type == PROVIDER else PASS


def _known(version: Version, reading: Reading, context: Context) -> Outcome:
    bounds = context.parameters.provider_versions
    if bounds is None:
        return indeterminate("the settings do not say which versions the rules know", reading.path)
    inside = within(version, bounds)
    if inside is None:
        return indeterminate("the settings' range of versions cannot be read", reading.path)
    shown = ".".join(map(str, version))
    return PASS if inside else fail("is a version of which the rules do not know the properties", reading.path, shown)


def _address(reading: Reading, context: Context) -> Outcome:
    unclear = unreadable(reading, absent=PASS)
    if unclear is not None:
        return unclear
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    allowed = {each.rstrip("/") for each in context.parameters.plugin_sources or ()}
    if reading.value.rstrip("/") in allowed:
        return PASS
    return fail("is a place from which the settings do not let plugins come", reading.path)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    yield from _requests(context)
    yield from without_provider(context, "may be of any version")


def _requests(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    """Look at resources that name a place of their own for their plugin: a default provider is made of it."""
    for urn, request in context.graph.document.member.requests.items():
        resource = context.graph.document.get(urn)
        if resource is not None and not resource.is_provider and _REQUESTED in request:
            yield resource, _address(read_value(request[_REQUESTED], _REQUESTED)[0], context)


CONTROL = Control(
    id="BYP-06",
    title="Provider plugins are pinned, known, and from where they should come",
    why=(
        "A plugin is a program that holds the credentials: from a place of somebody else's it may be anything. And the "
        "rules know the properties of certain versions of Google's provider: in another one a property may have "
        "another name, and absent would mean nothing. Every provider has a version, a released one; that of Google's "
        "lies within the range of the settings. Checksums are not asked for, as Pulumi's own plugins have none in a "
        "document; they do not make up for a foreign place."
    ),
    remedy="Pin the SDK package, which pins the plugin; leave out `plugin_download_url`, or list the place in the "
    "settings under `plugin_sources`.",
    severity=Severity.HIGH,
    clauses=(
        partial("nist-800-53-r5", "SR-4", "Plugins that are put on the machine by hand."),
        partial("nist-800-53-r5", "SI-7", "Checksums of the plugins."),
    ),
    reads=(
        Read(PROVIDERS, "version"),
        *(Read(PROVIDERS, path.text, absent=Verdict.PASS, empty=Verdict.PASS) for path in _ADDRESSES),
    ),
    checks={PROVIDERS: _check},
    stack=_stack,
    settings=("provider_versions", "plugin_sources"),
    waivable=False,
)
