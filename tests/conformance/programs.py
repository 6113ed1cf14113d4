"""Reference programs: each uses a part of Pulumi's programming model, and both engines run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pulumi


class Thing(pulumi.CustomResource):
    """A resource of the echo provider, with any properties and one that is computed."""

    computed: pulumi.Output[str]
    size: pulumi.Output[int]
    label: pulumi.Output[str]

    def __init__(
        self, name: str, props: Mapping[str, object] | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        given = {"computed": None, "size": None, "label": None, **(props or {})}
        super().__init__("gcp:storage/bucket:Bucket", name, given, opts)


class Cloud(pulumi.ProviderResource):
    """An explicit provider."""

    def __init__(
        self, name: str, props: Mapping[str, object] | None = None, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("gcp", name, dict(props or {}), opts)


class Group(pulumi.ComponentResource):
    """A component with one child and one output."""

    def __init__(
        self, name: str, opts: pulumi.ResourceOptions | None = None, *, kind: str = "team:index:Group", child: str = ""
    ) -> None:
        super().__init__(kind, name, {"kind": kind}, opts)
        self.thing = Thing(child or f"{name}-thing", {"size": 1}, pulumi.ResourceOptions(parent=self))
        self.register_outputs({"thing": self.thing.computed, "size": self.thing.size})


@dataclass(frozen=True)
class Reference:
    """One reference program and what it runs with."""

    program: Callable[[], None]
    config: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    stack_references: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    """Functions that answer with their arguments, as the echo provider's do."""
    applied: bool = True
    """Whether what a deployment makes of the program agrees with the preview, too."""

    @property
    def name(self) -> str:
        return self.program.__name__


def values() -> None:
    Thing(
        "all",
        {
            "text": "EU",
            "empty": "",
            "whole": 3,
            "part": 1.5,
            "huge": 12345678901234567,
            "yes": True,
            "none": None,
            "list": [1, "two", [3.0, None], {"k": "v"}],
            "nothing": [],
            "object": {"a.b": 1, "snake_case": {"deep": [True]}, "empty": {}},
            "asset": pulumi.StringAsset("hello"),
            "archive": pulumi.AssetArchive({"a.txt": pulumi.StringAsset("hello"), "b/c.txt": pulumi.StringAsset("x")}),
        },
    )


def unknowns() -> None:
    first = Thing("first", {"label": "known"})
    Thing(
        "second",
        {
            "direct": first.computed,
            "nested": {"list": [first.computed, "plain"]},
            "joined": pulumi.Output.concat("x-", first.id),
            "known": first.label,
            "reference": first,
            "all": pulumi.Output.all(first.computed, first.label).apply("-".join),
        },
    )
    pulumi.export("computed", first.computed)
    pulumi.export("known", first.label)


def secrets() -> None:
    config = pulumi.Config()
    password = config.require_secret("password")
    first = Thing(
        "first",
        {"password": password, "nested": {"list": [pulumi.Output.secret("hush-hush"), "plain"]}, "label": password},
        pulumi.ResourceOptions(additional_secret_outputs=["computed"]),
    )
    Thing("second", {"from": first.computed, "copied": first.label, "mixed": pulumi.Output.concat("a", password)})
    pulumi.export("password", password)
    pulumi.export("nested", {"secret": pulumi.Output.secret(1), "plain": 2})


def stack_outputs() -> None:
    thing = Thing("thing", {"size": 4})
    pulumi.export("plain", {"text": "x", "list": [1, 2]})
    pulumi.export("size", thing.size)
    pulumi.export("sum", thing.size.apply(lambda size: size + 1))
    pulumi.export("nothing", None)


def components() -> None:
    outer = Group("outer")
    inner = Group("inner", pulumi.ResourceOptions(parent=outer))
    Thing("user", {"size": inner.thing.size}, pulumi.ResourceOptions(parent=inner.thing, depends_on=[outer]))


def depends_on() -> None:
    first, second = Thing("first"), Thing("second")
    group = Group("group")
    Thing("third", {"label": second.computed}, pulumi.ResourceOptions(depends_on=[first, group]))


def providers() -> None:
    one, two = Cloud("one", {"project": "first"}), Cloud("two", {"project": "second"})
    versioned = Cloud("versioned", {}, pulumi.ResourceOptions(version="10.2.0"))
    Thing("explicit", {}, pulumi.ResourceOptions(provider=one))
    Thing("versioned-default", {}, pulumi.ResourceOptions(version="10.2.0"))
    Thing("with-version", {}, pulumi.ResourceOptions(provider=versioned))
    outer = Group("outer", pulumi.ResourceOptions(providers=[two]))
    Group("inner", pulumi.ResourceOptions(parent=outer))
    Thing("child-of-custom", {}, pulumi.ResourceOptions(parent=outer.thing))


def default_provider() -> None:
    Thing("thing")


def options() -> None:
    first = Thing("first", {}, pulumi.ResourceOptions(protect=True))
    Thing("child", {}, pulumi.ResourceOptions(parent=first))
    Thing("unprotected", {}, pulumi.ResourceOptions(parent=first, protect=False))
    Thing(
        "many",
        {"label": "x", "size": 1},
        pulumi.ResourceOptions(
            ignore_changes=["label", "nested.list[0]"],
            replace_on_changes=["size"],
            delete_before_replace=True,
            additional_secret_outputs=["computed"],
            custom_timeouts=pulumi.CustomTimeouts(create="5m", update="1h30m", delete="90s"),
            retain_on_delete=True,
            deleted_with=first,
            hide_diffs=["label", 'object["a.b"]'],
        ),
    )


def inherited_options() -> None:
    keeper = Thing("keeper")
    group = Group("group", pulumi.ResourceOptions(protect=True, retain_on_delete=True, deleted_with=keeper))
    Thing("grandchild", {}, pulumi.ResourceOptions(parent=group.thing))


def replacement() -> None:
    first = Thing("first")
    Thing("second", {}, pulumi.ResourceOptions(replace_with=[first], replacement_trigger={"generation": 2}))


def aliases() -> None:
    Thing(
        "renamed", {}, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old"), pulumi.Alias(type_="gcp:old:Thing")])
    )
    group = Group("group", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="former")]))
    Thing("moved", {}, pulumi.ResourceOptions(parent=group, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]))
    Thing("literal", {}, pulumi.ResourceOptions(aliases=["urn:pulumi:dev::proj::gcp:storage/bucket:Bucket::before"]))


def imported() -> None:
    Thing("adopted", {}, pulumi.ResourceOptions(import_="projects/p/adopted"))


def read() -> None:
    found = Thing("found", {"label": "state"}, pulumi.ResourceOptions(id="projects/p/found"))
    Thing("user", {}, pulumi.ResourceOptions(depends_on=[found]))


def marked(args: pulumi.ResourceTransformArgs, mark: str) -> dict[str, object]:
    """The properties of a resource, with one more mark in a list that shows the order of the transforms."""
    order = args.props.get("order")
    return {**args.props, "order": [*(order if isinstance(order, list) else []), mark]}


def transforms() -> None:
    def stack(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if not args.custom or args.type_ != "gcp:storage/bucket:Bucket":
            return None
        return pulumi.ResourceTransformResult(marked(args, "stack"), args.opts)

    def parent(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        return pulumi.ResourceTransformResult(
            marked(args, "parent"), pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
        )

    def own(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        changed = pulumi.ResourceOptions(ignore_changes=["label"], depends_on=[needed])
        return pulumi.ResourceTransformResult(marked(args, "own"), pulumi.ResourceOptions.merge(args.opts, changed))

    def silent(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        return None

    needed, before = Thing("needed"), Thing("before", {"label": "b"})
    pulumi.runtime.register_resource_transform(stack)
    group = Group("group", pulumi.ResourceOptions(transforms=[parent]))
    props = {"from": before.computed, "known": before.label, "secret": pulumi.Output.secret("hush-hush")}
    Thing("own", props, pulumi.ResourceOptions(parent=group, transforms=[own]))
    Thing("silent", props, pulumi.ResourceOptions(transforms=[silent]))
    Thing("outside", props)


def old_transformations() -> None:
    def change(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult({**args.props, "label": "changed"}, args.opts)

    pulumi.runtime.register_stack_transformation(change)
    Thing("thing", {"size": 1})


def configuration() -> None:
    config, cloud = pulumi.Config(), pulumi.Config("gcp")
    Thing(
        "thing",
        {
            "region": cloud.require("region"),
            "size": config.require_int("size"),
            "flag": config.get_bool("flag"),
            "missing": config.get("missing") or "none",
            "stack": f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}",
            "preview-free": "constant",
        },
    )


def stack_reference() -> None:
    other = pulumi.StackReference("organization/network/prod")
    Thing("thing", {"subnet": other.get_output("subnet"), "key": other.require_output("key")})
    pulumi.export("subnet", other.get_output("subnet"))


def functions() -> None:
    def add(args: pulumi.InvokeTransformArgs) -> pulumi.InvokeTransformResult | None:
        return pulumi.InvokeTransformResult({**args.args, "added": "yes"}, args.opts)

    pulumi.runtime.register_invoke_transform(add)
    answer = pulumi.runtime.invoke("gcp:test/getThing:getThing", {"name": "x"}).value
    later = pulumi.runtime.invoke_output("gcp:test/getThing:getThing", {"name": "y"})
    Thing("thing", {"answer": answer, "later": later})


def unknown_functions() -> None:
    unknown = pulumi.runtime.invoke_output("gcp:test/getThing:getThing", {"name": Thing("first").computed})
    Thing("thing", {"unknown": unknown})


def hooks() -> None:
    def say(args: pulumi.ResourceHookArgs) -> None:
        """Do nothing: only that the hook is recorded matters."""

    binding = pulumi.ResourceHookBinding(
        before_create=[pulumi.ResourceHook("before", say)], after_delete=[pulumi.ResourceHook("after", say)]
    )
    Thing("hooked", {}, pulumi.ResourceOptions(hooks=binding))


def late() -> None:
    first = Thing("first", {"label": "made"})
    first.label.apply(lambda label: Thing(f"{label}-late", {"size": 1}))
    first.computed.apply(lambda text: Thing(f"{text}-only-after-the-deployment"))


NETWORK = {"subnet": "subnets/a", "key": "keys/k"}

REFERENCES = [
    Reference(values),
    Reference(unknowns),
    Reference(secrets, secrets={"proj:password": "canary-password"}),
    Reference(stack_outputs),
    Reference(components),
    Reference(depends_on),
    Reference(providers, config={"gcp:region": "europe-west4"}),
    Reference(default_provider, config={"gcp:project": "p", "gcp:flag": "true"}, secrets={"gcp:token": "canary-token"}),
    Reference(options),
    Reference(inherited_options),
    Reference(replacement),
    Reference(aliases),
    Reference(imported),
    Reference(read),
    Reference(transforms),
    Reference(old_transformations),
    Reference(configuration, config={"gcp:region": "europe-west4", "proj:size": "3", "proj:flag": "true"}),
    Reference(stack_reference, stack_references={"organization/network/prod": NETWORK}),
    Reference(functions, functions=("gcp:test/getThing:getThing",)),
    Reference(unknown_functions, applied=False),
    Reference(hooks),
    Reference(late),
]
