"""Options, inheritance and transforms: what the comparison with the real engine has shown to be right, without it."""

from __future__ import annotations

import pulumi
import pytest

from mockcloud import Preview, ProgramFailed, preview_program
from tests.conformance import programs
from tests.conformance.programs import REFERENCES, Cloud, Group, Reference, Thing
from tests.mockcloud.embedded.helpers import SECRET, THING, UNKNOWN, inputs, member, resources


def run(reference: Reference) -> Preview:
    return preview_program(
        reference.program,
        project="proj",
        stack="dev",
        config=reference.config,
        secret_config=reference.secrets,
        stack_references=reference.stack_references,
        invokes={token: lambda arguments: arguments for token in reference.functions},
    )


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference.name)
def test_every_reference_program_runs_the_same_twice(reference: Reference) -> None:
    first, second = run(reference), run(reference)
    assert first.document == second.document
    assert len(resources(first)) > 1


def test_transforms_run_from_the_resource_outwards() -> None:
    preview = run(Reference(programs.transforms))
    orders = {name: inputs(preview, name).get("order") for name in resources(preview)}
    assert orders["own"] == ["own", "parent", "stack"]
    assert orders["group-thing"] == ["parent", "stack"]
    assert orders["silent"] == orders["outside"] == ["stack"]
    assert orders["before"] is None
    assert inputs(preview, "own")["from"] == UNKNOWN
    assert inputs(preview, "own")["secret"] == SECRET


def test_transforms_change_options() -> None:
    states = resources(run(Reference(programs.transforms)))
    assert {name for name, state in states.items() if state.get("protect")} == {"group", "group-thing", "own"}
    assert states["own"]["ignoreChanges"] == ["label"]


def test_a_resources_own_transform_takes_the_dependencies_of_properties_away() -> None:
    # As in the real engine: what the SDK sends back from a transform says nothing about the dependencies of properties.
    states = resources(run(Reference(programs.transforms)))
    before = [f"urn:pulumi:dev::proj::{THING}::before"]
    assert states["own"]["dependencies"] == [*before, f"urn:pulumi:dev::proj::{THING}::needed"]
    assert states["own"]["propertyDependencies"] == {"from": [], "known": [], "order": [], "secret": []}
    outside = states["outside"]["propertyDependencies"]
    assert isinstance(outside, dict)
    assert (outside["from"], outside["known"], outside["secret"]) == (before, before, [])


def test_a_transform_that_leaves_a_resource_alone_leaves_its_dependencies() -> None:
    def silent(args: pulumi.ResourceTransformArgs) -> None:
        return None

    def program() -> None:
        one = Thing("one", {"label": "x"})
        props = {"from": one.computed, "list": [one.label, {"secret": one.label.apply(pulumi.Output[str].secret)}]}
        Thing("two", props, pulumi.ResourceOptions(transforms=[silent]))

    preview = preview_program(program)
    one = [f"urn:pulumi:stack::project::{THING}::one"]
    assert resources(preview)["two"]["propertyDependencies"] == {"from": one, "list": one}
    assert resources(preview)["two"]["dependencies"] == one
    assert inputs(preview, "two") == {"from": UNKNOWN, "list": ["x", {"secret": SECRET}]}


def test_an_awaited_transform_is_awaited() -> None:
    async def slow(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult({**args.props, "late": True}, args.opts)

    preview = preview_program(lambda: Thing("thing", {}, pulumi.ResourceOptions(transforms=[slow])))
    assert inputs(preview, "thing") == {"late": True}
    name = member(preview, "requests")["thing"]["transforms"]
    assert str(name).endswith("slow']")


def test_children_inherit_what_a_transform_gave_their_parent() -> None:
    def protect(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        if args.type_ != "team:index:Group":
            return None
        options = pulumi.ResourceOptions(protect=True, retain_on_delete=True)
        return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions.merge(args.opts, options))

    def program() -> None:
        pulumi.runtime.register_resource_transform(protect)
        Group("group")

    child = resources(preview_program(program))["group-thing"]
    assert (child["protect"], child["retainOnDelete"]) == (True, True)


def test_a_failing_transform_is_the_programs_failure() -> None:
    def broken(args: pulumi.ResourceTransformArgs) -> None:
        raise LookupError(args.name)

    with pytest.raises(ProgramFailed, match="LookupError") as raised:
        preview_program(lambda: Thing("thing", {}, pulumi.ResourceOptions(transforms=[broken])))
    assert "raise LookupError(args.name)" in raised.value.traceback


def test_children_inherit_from_their_parents() -> None:
    states = resources(run(Reference(programs.inherited_options)))
    keeper = f"urn:pulumi:dev::proj::{THING}::keeper"
    for name in ("group-thing", "grandchild"):
        assert (states[name]["protect"], states[name]["retainOnDelete"], states[name]["deletedWith"]) == (
            True,
            True,
            keeper,
        )
    own = resources(run(Reference(programs.options)))
    assert own["child"]["protect"] is True
    assert "protect" not in own["unprotected"]


def test_providers_are_found_as_the_engine_finds_them() -> None:
    states = resources(run(Reference(programs.providers, config={"gcp:region": "europe-west4"})))

    def provider(name: str) -> str:
        return str(states[name]["provider"]).rpartition("::")[0].rpartition("::")[2]

    found = {name: provider(name) for name, state in states.items() if "provider" in state}
    assert found == {
        "explicit": "one",
        "versioned-default": "default_10_2_0",
        "with-version": "versioned",
        "outer-thing": "two",
        "inner-thing": "two",
        "child-of-custom": "two",
    }
    assert states["versioned"]["inputs"] == {"__internal": {}, "version": "10.2.0"}
    assert states["default_10_2_0"]["inputs"] == {"__internal": {}, "region": "europe-west4", "version": "10.2.0"}


def test_a_provider_of_another_package_is_not_inherited() -> None:
    class Other(pulumi.CustomResource):
        def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
            super().__init__("random:index:Thing", name, {}, opts)

    def program() -> None:
        parent = Thing("parent", {}, pulumi.ResourceOptions(provider=Cloud("cloud")))
        Other("child", pulumi.ResourceOptions(parent=parent))

    assert "::pulumi:providers:random::default::" in str(resources(preview_program(program))["child"]["provider"])


def test_rare_options_reach_the_state() -> None:
    states = resources(run(Reference(programs.options)))
    assert states["many"]["customTimeouts"] == {"create": 300, "update": 5400, "delete": 90}
    assert states["many"]["hideDiff"] == ["label", 'object["a.b"]']
    replacing = run(Reference(programs.replacement))
    assert resources(replacing)["second"]["replacementTrigger"] == {"generation": 2}
    assert (replacing.document["version"], replacing.document["features"]) == (4, ["replaceWith"])
    hooked = run(Reference(programs.hooks))
    assert resources(hooked)["hooked"]["resourceHooks"] == {"BeforeCreate": ["before"], "AfterDelete": ["after"]}
    assert hooked.document["features"] == ["hooks"]


def test_a_component_hands_its_providers_to_components_below() -> None:
    def program() -> None:
        Group(
            "inner", pulumi.ResourceOptions(parent=Group("outer", pulumi.ResourceOptions(providers=[Cloud("cloud")])))
        )

    requests = member(preview_program(program), "requests")
    assert requests["inner"]["providers"] == requests["outer"]["providers"]


def test_additional_secret_outputs_are_secret_where_they_go() -> None:
    def program() -> None:
        options = pulumi.ResourceOptions(additional_secret_outputs=["computed", "label"])
        thing = Thing("thing", {"label": "x"}, options)
        pulumi.export("outputs", [thing.computed, thing.label, thing.size])

    assert preview_program(program).outputs == {"outputs": [SECRET, SECRET, UNKNOWN]}


def test_a_parameterised_package_has_its_own_provider() -> None:
    from pulumi.runtime.settings import register_package

    class Member(pulumi.CustomResource):
        def __init__(self) -> None:
            async def ref() -> str:
                return await register_package("terraform-provider", "1.0.0", "", "acme", "2.3.4", "e30=")

            import asyncio

            super().__init__("acme:index:Member", "m", {}, package_ref=asyncio.ensure_future(ref()))

    states = resources(preview_program(Member))
    assert "::pulumi:providers:acme::default_2_3_4::" in str(states["m"]["provider"])
    inputs = states["default_2_3_4"]["inputs"]
    assert inputs == {
        "__internal": {"parameterization": {"name": "acme", "version": "2.3.4"}},
        "version": "2.3.4",
    }


def test_a_provider_keeps_how_its_environment_variables_are_renamed() -> None:
    def program() -> None:
        Cloud("cloud", None, pulumi.ResourceOptions(env_var_mappings={"MINE": "GOOGLE_CREDENTIALS"}))

    inputs = resources(preview_program(program))["cloud"]["inputs"]
    assert inputs == {"__internal": {"envVarMappings": {"MINE": "GOOGLE_CREDENTIALS"}}}
