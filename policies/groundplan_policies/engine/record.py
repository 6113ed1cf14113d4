"""From one entry of a document's `resources` to a typed `Resource`."""

from collections.abc import Mapping, Sequence

from groundplan_policies.engine.apart import as_kept
from groundplan_policies.engine.errors import DocumentError
from groundplan_policies.engine.fields import Fields
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.source import find_source
from groundplan_policies.engine.values import REDACTED, Value, redacted_secret

DEFAULTS_KEY = "__defaults"
"""Where providers made from Terraform's list the inputs that they filled in, in every object of the inputs."""

_URN_PREFIX = "urn:pulumi:"
_URN_PARTS = 4


def read_record(
    record: Mapping[str, Value],
    index: int,
    *,
    steps: bool,
    defaults: bool,
    libraries: Sequence[str],
) -> Resource:
    """Read one resource.

    Args:
        record: The entry, in the encoding of Pulumi's state (`apitype.ResourceV3`).
        index: Its place in the document, for messages about an entry without a name.
        steps: Whether it comes from `pulumi preview --json`, where secrets are a bare text.
        defaults: Whether `__defaults` may occur. Looking for it costs a walk through every value.
        libraries: Directories inside the project that hold a library's code.

    Raises:
        DocumentError: A field has another type than Pulumi gives it, or the URN is none.
    """
    urn, token, name = _identity(record, index)
    fields = Fields(record, f"Resource {urn}")
    inputs, outputs = fields.mapping("inputs"), fields.mapping("outputs")
    filled = Fields(inputs, fields.owner).texts(DEFAULTS_KEY)
    if defaults or steps:
        inputs = _clean_object(inputs, steps=steps)
        outputs = _clean_object(outputs, steps=steps)
    # Lazy, as the first frame is mostly the one that counts, and traces are the larger part of a document.
    trace = (Fields(frame, fields.owner).text("sourcePosition") for frame in fields.objects("stackTrace"))
    ignore_changes = fields.texts("ignoreChanges")
    return Resource(
        urn=urn,
        type=token,
        name=name,
        custom=fields.flag("custom"),
        parent=fields.text("parent"),
        inputs=as_kept(token, ignore_changes, inputs, outputs),
        outputs=outputs,
        defaults=filled,
        id=fields.text("id"),
        dependencies=fields.texts("dependencies"),
        property_dependencies=fields.texts_by_key("propertyDependencies"),
        provider=fields.text("provider"),
        protect=fields.flag("protect"),
        external=fields.flag("external"),
        retain_on_delete=fields.flag("retainOnDelete"),
        ignore_changes=ignore_changes,
        replace_on_changes=fields.texts("replaceOnChanges"),
        additional_secret_outputs=fields.texts("additionalSecretOutputs"),
        aliases=fields.texts("aliases"),
        deleted_with=fields.text("deletedWith"),
        view_of=fields.text("viewOf"),
        import_id=fields.text("importID"),
        init_errors=fields.texts("initErrors"),
        hide_diff=fields.texts("hideDiff"),
        hooks=fields.texts_by_key("resourceHooks"),
        pending_replacement=fields.flag("pendingReplacement"),
        taint=fields.flag("taint"),
        source=find_source(fields.text("sourcePosition"), trace, libraries),
    )


def _identity(record: Mapping[str, Value], index: int) -> tuple[str, str, str]:
    """Give URN, type and name of an entry. A type that contradicts the URN would hide the resource from rules."""
    fields = Fields(record, f"Resource number {index + 1}")
    urn, token = fields.text("urn"), fields.text("type")
    parts = urn.split("::", _URN_PARTS - 1)
    if len(parts) != _URN_PARTS or not urn.startswith(_URN_PREFIX):
        raise DocumentError(
            f"{fields.owner} has no URN",
            given=f"urn {urn!r}",
            allowed="urn:pulumi:STACK::PROJECT::TYPE::NAME",
            remedy="write the document again; if it was edited by hand, undo the edit",
        )
    own = parts[2].rpartition("$")[2]
    if token != own:
        raise DocumentError(
            f"Resource {urn} contradicts itself",
            given=f"type {token!r}, while the URN says {own!r}",
            allowed="one type, the same in both",
            remedy="write the document again; if it was edited by hand, undo the edit",
        )
    return urn, token, parts[3]


def _clean(value: Value, *, steps: bool) -> Value:
    """Bring a value to one encoding: a secret is marked as in the state, and the provider's notes are gone."""
    if isinstance(value, str):
        return redacted_secret() if steps and value == REDACTED else value
    if isinstance(value, dict):
        return _clean_object(value, steps=steps)
    if isinstance(value, list):
        return [_clean(each, steps=steps) for each in value]
    return value


def _clean_object(value: Mapping[str, Value], *, steps: bool) -> Mapping[str, Value]:
    if value.get("ciphertext") == REDACTED:
        return value  # already marked: the inner text must not be marked again
    return {key: _clean(each, steps=steps) for key, each in value.items() if key != DEFAULTS_KEY}
