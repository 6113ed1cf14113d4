"""More reference programs: options that meet one another, and what components hand on."""

from __future__ import annotations

import pulumi

from tests.conformance.programs import NETWORK, Cloud, Group, Reference, Thing, marked


def components_in_components() -> None:
    class Deep(pulumi.ComponentResource):
        def __init__(self, name: str, depth: int, opts: pulumi.ResourceOptions | None = None) -> None:
            super().__init__("team:index:Deep", name, {"depth": depth}, opts)
            below = pulumi.ResourceOptions(parent=self)
            self.thing = Thing(f"{name}-thing", {"size": depth}, below)
            self.inner = Deep(f"{name}-in", depth - 1, below) if depth else None
            lowest = self.inner.lowest if self.inner else self.thing.computed
            self.lowest: pulumi.Output[str] = lowest
            self.register_outputs({"lowest": lowest, "depth": depth})

    deep = Deep("deep", 3)
    Thing("after", {"label": deep.lowest}, pulumi.ResourceOptions(depends_on=[deep]))
    pulumi.export("lowest", deep.lowest)


def providers_of_components() -> None:
    cloud = Cloud("cloud", {"project": "first", "region": pulumi.Output.secret("hidden")})
    late = Cloud("late", {"project": Thing("first", {}, pulumi.ResourceOptions(provider=cloud)).computed})
    Group("by-list", pulumi.ResourceOptions(providers=[cloud]))
    Group("by-name", pulumi.ResourceOptions(providers={"gcp": late}))
    outer = Group("outer", pulumi.ResourceOptions(provider=cloud))
    Group("another", pulumi.ResourceOptions(parent=outer, providers=[late]))
    Thing("own", {}, pulumi.ResourceOptions(parent=outer, provider=late))


def aliases_of_parents() -> None:
    group = Group("group", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="before", type_="team:index:Older")]))
    inner = Group("inner", pulumi.ResourceOptions(parent=group, aliases=[pulumi.Alias(name="inner-before")]))
    Thing("child", {}, pulumi.ResourceOptions(parent=inner, aliases=[pulumi.Alias(name="child-before")]))
    Thing("elsewhere", {}, pulumi.ResourceOptions(aliases=[pulumi.Alias(stack="prod"), pulumi.Alias(project="other")]))


def deletion_order() -> None:
    keeper = Thing("keeper", {}, pulumi.ResourceOptions(retain_on_delete=True))
    inside = pulumi.ResourceOptions(deleted_with=keeper, delete_before_replace=True)
    first = Thing("first", {"label": keeper.computed}, inside)
    Thing("second", {}, pulumi.ResourceOptions.merge(inside, pulumi.ResourceOptions(depends_on=[first], protect=True)))


def changes_that_count() -> None:
    Thing(
        "wild",
        {"list": [{"a": 1}, {"a": 2}], "object": {"x": {"y": 1}}},
        pulumi.ResourceOptions(ignore_changes=["list[*].a", "*"], replace_on_changes=["object.x", "list[0]"]),
    )
    Group("group", pulumi.ResourceOptions(ignore_changes=["size"], replace_on_changes=["*"]))


def imported_into_components() -> None:
    group = Group("group")
    one = Thing("adopted", {}, pulumi.ResourceOptions(parent=group, import_="projects/p/one", protect=True))
    Thing("found", {}, pulumi.ResourceOptions(parent=group, id="projects/p/two"))
    Thing("user", {}, pulumi.ResourceOptions(parent=one))


def secrets_through_components() -> None:
    token = pulumi.Config().require_secret("token")

    class Vault(pulumi.ComponentResource):
        def __init__(self, name: str) -> None:
            super().__init__("team:index:Vault", name, {"token": token})
            self.thing = Thing("kept", {"label": token}, pulumi.ResourceOptions(parent=self))
            self.register_outputs({"token": token, "shown": pulumi.Output.unsecret(token).apply(len)})

    vault = Vault("vault")
    Thing("user", {"text": pulumi.Output.json_dumps({"token": vault.thing.label}), "list": [vault.thing.label]})
    pulumi.export("token", vault.thing.label)
    pulumi.export("length", pulumi.Output.unsecret(token).apply(len))


def secret_references() -> None:
    other = pulumi.StackReference("organization/network/prod")
    copied = pulumi.Output.concat(pulumi.Output.secret("key-"), other.require_output("key"))
    Thing("thing", {"key": copied, "name": pulumi.Output.format("{0}/x", other.get_output("subnet"))})
    pulumi.export("none", other.get_output("none"))
    pulumi.export("key", copied)


def unknown_arithmetic() -> None:
    first = Thing("first", {"size": 2, "label": "known"})
    both = pulumi.Output.all(one=first.computed, two=first.size).apply(lambda each: f"{each['one']}-{each['two']}")
    Thing(
        "second",
        {
            "both": both,
            "document": pulumi.Output.json_dumps({"computed": first.computed, "size": first.size}),
            "lifted": pulumi.Output.from_input({"a": [first.computed]})["a"][0],
            "secret": pulumi.Output.concat(pulumi.Output.secret("hush-"), first.computed),
            "none": pulumi.Output.from_input(None),
        },
    )


def later_dependencies() -> None:
    first, group = Thing("first"), Group("group")
    Thing("second", {}, pulumi.ResourceOptions(depends_on=pulumi.Output.from_input([first, group.thing])))
    Thing("third", {"label": first.computed}, pulumi.ResourceOptions(depends_on=[pulumi.Output.from_input(first)]))


def transforms_of_components() -> None:
    def outer(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        return pulumi.ResourceTransformResult(marked(args, "outer"), args.opts)

    def inner(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        options = pulumi.ResourceOptions(additional_secret_outputs=["computed"], aliases=[pulumi.Alias(name="was")])
        return pulumi.ResourceTransformResult(marked(args, "inner"), pulumi.ResourceOptions.merge(args.opts, options))

    group = Group("group", pulumi.ResourceOptions(transforms=[outer]))
    Group("inner", pulumi.ResourceOptions(parent=group, transforms=[inner]))


def hooks_of_components() -> None:
    def say(args: pulumi.ResourceHookArgs) -> None:
        """Do nothing: only that the hook is recorded matters."""

    hook = pulumi.ResourceHook("say", say, pulumi.ResourceHookOptions(on_dry_run=False))
    binding = pulumi.ResourceHookBinding(before_update=[hook], after_create=[hook], before_delete=[hook])
    Group("group", pulumi.ResourceOptions(hooks=binding))


MORE = [
    Reference(components_in_components),
    Reference(providers_of_components),
    Reference(aliases_of_parents),
    Reference(deletion_order),
    Reference(changes_that_count),
    Reference(imported_into_components),
    Reference(secrets_through_components, secrets={"proj:token": "canary-token"}),
    Reference(secret_references, stack_references={"organization/network/prod": NETWORK}),
    Reference(unknown_arithmetic),
    Reference(later_dependencies),
    Reference(transforms_of_components),
    Reference(hooks_of_components),
]
