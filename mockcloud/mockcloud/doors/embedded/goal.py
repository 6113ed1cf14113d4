"""What a registration asks for, and how a document says it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

if TYPE_CHECKING:
    from mockcloud.pulumi.values import Value

HOOKS: Final = {
    "before_create": "BeforeCreate",
    "after_create": "AfterCreate",
    "before_update": "BeforeUpdate",
    "after_update": "AfterUpdate",
    "before_delete": "BeforeDelete",
    "after_delete": "AfterDelete",
    "on_error": "OnError",
}
"""The moments at which hooks run: the wire's names, and the document's."""

_DURATION: Final = re.compile(r"([0-9.]+)(ns|us|µs|ms|s|m|h)")
_SECONDS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(slots=True)
class Goal:
    """One resource as the engine keeps it: after inheritance and transforms.

    Attributes:
        answer: Its outputs on the wire, as far as a preview knows them.
        made: Its place among the resources as the program made them, from 1; 0 for what the engine made.
        source: Where the program made it; "" if that is not known.
        trace: The frames of the program's stack at that time, innermost first.
        own_transforms: Tokens of the resource's own transforms, which its children inherit.
        inputs: Its inputs, decoded.
        outputs: Its outputs, decoded; None until they are registered.
        timeouts: Its time limits in seconds, by operation.
    """

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    provider: str
    options: resource_pb2.TransformResourceOptions
    inputs: "dict[str, Value]"
    dependencies: Sequence[str] = ()
    property_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    external: bool = False
    id: str = ""
    answer: struct_pb2.Struct = field(default_factory=struct_pb2.Struct)
    made: int = 0
    source: str = ""
    trace: "list[Value]" = field(default_factory=list)
    own_transforms: Sequence[str] = ()
    providers: Mapping[str, str] = field(default_factory=dict)
    outputs: "dict[str, Value] | None" = None
    replacement_trigger: "Value" = None
    timeouts: "Mapping[str, Value]" = field(default_factory=dict)

    def state(self) -> "dict[str, Value]":
        """Give the resource as `pulumi stack export` prints it (pulumi `sdk/go/common/apitype`, ResourceV3)."""
        options = self.options
        entry: dict[str, Value] = {
            "urn": self.urn,
            "custom": self.custom,
            "id": self.id,
            "type": self.type,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "parent": self.parent,
            "protect": options.protect,
            "external": self.external,
            "dependencies": list(self.dependencies),
            "provider": self.provider,
            "propertyDependencies": {key: list(urns) for key, urns in sorted(self.property_dependencies.items())},
            "additionalSecretOutputs": list(options.additional_secret_outputs),
            "customTimeouts": dict(self.timeouts),
            "importID": getattr(options, "import"),
            "retainOnDelete": options.retain_on_delete,
            "deletedWith": options.deleted_with,
            "replaceWith": list(options.replace_with),
            "sourcePosition": self.source,
            "stackTrace": self.trace,
            "ignoreChanges": list(options.ignore_changes),
            "hideDiff": list(options.hide_diff),
            "replaceOnChanges": list(options.replace_on_changes),
            "replacementTrigger": self.replacement_trigger,
            "resourceHooks": hooks(options.hooks),
        }
        # What is empty is left out, but for the three fields that identify a resource.
        return {key: value for key, value in entry.items() if value or key in {"urn", "custom", "type"}}


def options_of(request: resource_pb2.RegisterResourceRequest, provider: str) -> resource_pb2.TransformResourceOptions:
    """Give the options of a registration in the form in which transforms see them."""
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies,
        ignore_changes=request.ignoreChanges,
        replace_on_changes=request.replaceOnChanges,
        version=request.version,
        aliases=request.aliases,
        provider=provider,
        plugin_download_url=request.pluginDownloadURL,
        deleted_with=request.deletedWith,
        additional_secret_outputs=request.additionalSecretOutputs,
        providers=request.providers,
        hide_diff=request.hideDiffs,
        replace_with=request.replace_with,
    )
    setattr(options, "import", request.importId)
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.deleteBeforeReplaceDefined or request.deleteBeforeReplace:
        options.delete_before_replace = request.deleteBeforeReplace
    if request.HasField("customTimeouts"):
        options.custom_timeouts.CopyFrom(request.customTimeouts)
    if request.HasField("hooks"):
        options.hooks.CopyFrom(request.hooks)
    if request.HasField("replacement_trigger"):
        options.replacement_trigger.CopyFrom(request.replacement_trigger)
    return options


def hooks(binding: resource_pb2.RegisterResourceRequest.ResourceHooksBinding) -> "dict[str, Value]":
    """Give the names of a resource's hooks by the moment at which they run."""
    return {moment: list(names) for field_, moment in HOOKS.items() if (names := getattr(binding, field_))}


def timeouts(given: resource_pb2.RegisterResourceRequest.CustomTimeouts) -> "dict[str, Value]":
    """Give a resource's time limits in seconds."""
    named = {"create": given.create, "update": given.update, "delete": given.delete, "read": given.read}
    return {name: seconds(text) for name, text in named.items() if text}


def seconds(duration: str) -> int | float:
    """Read a duration as Go writes it, such as `1h30m` or `500ms`.

    Raises:
        ValueError: It is not one.
    """
    parts = _DURATION.findall(duration)
    if not parts or "".join(number + unit for number, unit in parts) != duration:
        raise ValueError(f"custom timeout {duration!r} is not a duration such as 30s, 5m or 1h30m")
    total = sum((float(number) * _SECONDS[unit] for number, unit in parts), start=0.0)
    return int(total) if total.is_integer() else total
