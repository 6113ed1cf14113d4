# ruff: noqa: T201 - the programs under test print
"""What a program gets from the engine, and what the document says of it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pulumi
import pytest

from mockcloud import InvalidSettings, Progress, preview_program
from tests.conformance.programs import Cloud, Group, Thing
from tests.mockcloud.embedded.helpers import THING, UNKNOWN, inputs, member, resources


def test_importing_the_package_does_not_import_pulumi() -> None:
    check = "import sys, mockcloud; sys.exit('pulumi' in sys.modules or 'grpc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    import mockcloud

    with pytest.raises(AttributeError, match="nothing"):
        _ = mockcloud.nothing
    assert all(getattr(mockcloud, name) is not None for name in mockcloud.__all__)


def test_a_program_sees_its_project_stack_and_organisation() -> None:
    def program() -> None:
        pulumi.export("names", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
        pulumi.export("preview", pulumi.runtime.is_dry_run())

    preview = preview_program(program, project="p", stack="s", organization="o")
    assert preview.outputs == {"names": ["p", "s", "o"], "preview": True}
    assert next(iter(resources(preview))) == "p-s"


def test_a_program_without_resources_has_a_stack() -> None:
    preview = preview_program(lambda: None)
    assert list(resources(preview)) == ["project-stack"]
    assert preview.outputs == {}


def test_resources_stand_as_the_program_made_them() -> None:
    def program() -> None:
        late = Thing("z-needs-much", {"of": [Thing(f"b{index}").computed for index in range(3)]})
        group = Group("group")
        Thing("a-last", {"of": late.computed}, pulumi.ResourceOptions(depends_on=[group]))

    preview = preview_program(program)
    names = list(resources(preview))
    assert names == ["project-stack", "default", "b0", "b1", "b2", "z-needs-much", "group", "group-thing", "a-last"]


def test_what_a_resource_needs_stands_before_it_although_it_was_made_later() -> None:
    def program() -> None:
        promised: asyncio.Future[pulumi.Output[str]] = asyncio.get_event_loop().create_future()
        Thing("early", {"of": promised})
        late = Thing("late")
        promised.set_result(late.computed)

    names = list(resources(preview_program(program)))
    assert names.index("late") < names.index("early")


def test_the_same_program_gives_the_same_bytes_under_any_hash_seed() -> None:
    code = (
        "import sys, json; from tests.conformance.programs import *; from mockcloud import preview_program\n"
        "def program():\n"
        "    for part in (components, depends_on, unknowns): part()\n"
        "sys.stdout.write(json.dumps(preview_program(unknowns).document)"
        " + json.dumps(preview_program(components).document) + json.dumps(preview_program(depends_on).document))"
    )
    documents = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[3])},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(documents) == 1


def test_what_the_member_says_stands_in_the_order_of_the_resources_whatever_became_ready_first() -> None:
    def program() -> None:
        promised: asyncio.Future[pulumi.Output[str]] = asyncio.get_event_loop().create_future()
        root = Thing("root")
        Thing("waits", {"of": promised}, pulumi.ResourceOptions(version="1.0.0"))
        ready = Thing("ready", {"of": root.computed}, pulumi.ResourceOptions(version="1.0.0"))
        ready.urn.apply(lambda _: promised.set_result(root.computed))

    document = preview_program(program).document

    member = document["groundplan"]
    assert isinstance(member, dict)
    for part in ("provenance", "requests"):
        said = member[part]
        assert isinstance(said, dict)
        assert [urn.rpartition("::")[2] for urn in said] == ["waits", "ready"]


def test_a_document_is_plain_json() -> None:
    preview = preview_program(lambda: Thing("thing", {"size": 3, "part": 0.5}))
    assert json.loads(json.dumps(preview.document)) == preview.document


def test_an_asynchronous_program_exports_what_it_returns() -> None:
    async def main() -> pulumi.Inputs:
        await asyncio.sleep(0)
        return {"made": Thing("thing", {"label": "x"}).label}

    assert preview_program(lambda: pulumi.run(main)).outputs == {"made": "x"}


def test_a_coroutine_function_is_a_program() -> None:
    async def main() -> None:
        await asyncio.sleep(0)
        pulumi.export("done", value=True)

    assert preview_program(main).outputs == {"done": True}


def test_work_that_a_program_hands_to_threads_runs_there() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        pulumi.export("answer", await loop.run_in_executor(None, lambda: 42))

    assert preview_program(main).outputs == {"answer": 42}


def test_apply_runs_on_what_is_known_only() -> None:
    ran: list[str] = []

    def loud(text: str) -> str:
        ran.append(text)
        return text.upper()

    def program() -> None:
        thing = Thing("thing", {"label": "known"})
        pulumi.export("known", thing.label.apply(loud))
        pulumi.export("unknown", thing.computed.apply(loud))
        pulumi.export("id", thing.id)

    preview = preview_program(program)
    assert preview.outputs == {"known": "KNOWN", "unknown": UNKNOWN, "id": UNKNOWN}
    assert ran == ["known"]


def test_provenance_reaches_the_leaves_known_or_not() -> None:
    def program() -> None:
        one, two = Thing("one", {"label": "known"}), Thing("two")
        Thing(
            "user",
            {
                "plain": "x",
                "deep": {"list": ["x", one.computed, {"a.b": two.computed}]},
                "known": one.label,
                "both": pulumi.Output.concat(one.computed, two.id),
                "secret": one.label.apply(pulumi.Output[str].secret),
                "object": one.label.apply(lambda label: {"inner": [label], "other": 1}),
                "reference": two,
            },
        )

    preview = preview_program(program)
    one, two = (f"urn:pulumi:stack::project::{THING}::{name}" for name in ("one", "two"))
    assert member(preview, "provenance") == {
        "user": {
            "both": [one, two],
            "deep.list[1]": [one],
            'deep.list[2]["a.b"]': [two],
            "known": [one],
            "object.inner[0]": [one],
            "object.other": [one],
            "reference": [two],
            "secret": [one],
        }
    }
    assert inputs(preview, "user")["known"] == "known"


def test_a_transform_sees_values_and_not_where_they_came_from() -> None:
    seen: list[object] = []

    def look(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        seen.extend(args.props[name] for name in ("known", "plain") if name in args.props)
        replaced = {**args.props, **({"fixed": "x"} if "fixed" in args.props else {})}
        return pulumi.ResourceTransformResult(replaced, args.opts)

    def program() -> None:
        pulumi.runtime.register_resource_transform(look)
        one = Thing("one", {"label": "known"})
        Thing("user", {"known": one.label, "unknown": one.computed, "plain": "y", "fixed": one.computed})

    preview = preview_program(program)
    assert seen == ["known", "y"]
    kept = member(preview, "provenance")["user"]
    assert set(kept) == {"known", "unknown"}
    assert member(preview, "requests")["user"]["transforms"] == [
        f"{__name__}.{test_a_transform_sees_values_and_not_where_they_came_from.__name__}.<locals>.look"
    ]


def test_a_thousand_transformed_resources_do_not_nest() -> None:
    def protect(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult(
            args.props, pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
        )

    def program() -> None:
        pulumi.runtime.register_resource_transform(protect)
        for index in range(1000):
            Thing(f"thing-{index}")

    states = resources(preview_program(program))
    assert sum(bool(state.get("protect")) for state in states.values()) == 1000


def test_aliases_are_resolved_and_inherited() -> None:
    def program() -> None:
        group = Group("new", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old", stack="prod", project="other")]))
        Thing("new-file", {}, pulumi.ResourceOptions(parent=group, aliases=[pulumi.Alias(name="file", parent=None)]))
        Thing("top", {}, pulumi.ResourceOptions(aliases=[pulumi.Alias(type_="gcp:x:Y"), "urn:pulumi:a::b::c:d:E::f"]))

    requests = member(preview_program(program), "requests")
    assert requests["new"]["aliases"] == ["urn:pulumi:prod::other::team:index:Group::old"]
    assert requests["new-file"]["aliases"] == [
        f"urn:pulumi:stack::project::{THING}::file",
        f"urn:pulumi:stack::project::team:index:Group${THING}::old-file",
        f"urn:pulumi:stack::project::team:index:Group${THING}::file",
    ]
    assert requests["top"]["aliases"] == ["urn:pulumi:stack::project::gcp:x:Y::top", "urn:pulumi:a::b::c:d:E::f"]


def test_requests_keep_what_a_state_has_no_place_for() -> None:
    def program() -> None:
        cloud = Cloud("cloud")
        Group("group", pulumi.ResourceOptions(providers=[cloud]))
        options = pulumi.ResourceOptions(
            version="9.1.0", plugin_download_url="https://plugins.example.test/a", delete_before_replace=True
        )
        Thing("thing", {}, options)

    preview = preview_program(program)
    requests = member(preview, "requests")
    assert requests["thing"] == {
        "deleteBeforeReplace": True,
        "pluginDownloadURL": "https://plugins.example.test/a",
        "version": "9.1.0",
    }
    assert list(requests["group"]["providers"]) == ["gcp"]  # type: ignore[arg-type] # a mapping, as the next line shows
    made = [name for name in resources(preview) if name.startswith("default_9_1_0_https")]
    assert resources(preview)[made[0]]["inputs"] == {
        "__internal": {"pluginDownloadURL": "https://plugins.example.test/a"},
        "version": "9.1.0",
    }


def test_a_source_position_is_the_line_of_the_program() -> None:
    def program() -> None:
        Group("group")

    preview = preview_program(program, source_root=Path(__file__).parent)
    state = resources(preview)["group-thing"]
    line = program.__code__.co_firstlineno + 1
    trace = state["stackTrace"]
    assert isinstance(trace, list)
    assert trace[-1] == {"sourcePosition": f"project:///test_program.py#{line}"}
    assert str(state["sourcePosition"]).startswith("project:///../../conformance/programs.py#")
    assert "stackTrace" not in resources(preview)["project-stack"]


def test_messages_are_kept_with_their_severity_and_resource() -> None:
    def program() -> None:
        pulumi.log.debug("unheard")
        pulumi.log.info("a")
        pulumi.warn("b", Thing("thing"))
        pulumi.error("c")
        pulumi.require_pulumi_version(">=99")

    found = preview_program(program).diagnostics
    assert {(one.severity, one.message, one.urn.rpartition("::")[2]) for one in found} == {
        ("info", "a", ""),
        ("warning", "b", "thing"),
        ("error", "c", ""),
    }


def test_what_a_program_prints_is_kept_and_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def program() -> None:
        print("to out")
        print("to err", file=sys.stderr)
        sys.stdout.buffer.write(b"bytes")
        assert not sys.stdout.isatty()

    preview = preview_program(program)
    assert (preview.stdout, preview.stderr) == ("to out\nbytes", "to err\n")
    print("afterwards")
    assert capsys.readouterr().out == "afterwards\n"


def test_progress_counts_resources() -> None:
    seen: list[Progress] = []
    preview_program(lambda: [Thing(f"t{index}") for index in range(3)], on_progress=seen.append)
    assert [one.registered for one in seen] == [1, 3, 4, 5]  # the second thing comes with the default provider
    assert {one.phase for one in seen} == {"program"}


def test_a_read_resource_is_external_with_its_id() -> None:
    def program() -> None:
        pulumi.export("id", Thing("found", {}, pulumi.ResourceOptions(id="projects/p/found")).id)

    preview = preview_program(program)
    assert resources(preview)["found"]["external"] is True
    assert preview.outputs == {"id": "projects/p/found"}


def test_get_resource_by_urn_answers_from_the_run() -> None:
    def program() -> None:
        thing = Thing("thing", {"label": "x"})

        def again(urn: str) -> pulumi.Output[str]:
            return Thing("thing", {}, pulumi.ResourceOptions(urn=urn)).label

        pulumi.export("label", thing.urn.apply(again))

    assert preview_program(program).outputs == {"label": "x"}


def test_it_is_not_known_whether_a_cloud_resource_exists() -> None:
    from pulumi.runtime.resource import exists_resource

    def program() -> None:
        pulumi.export("exists", exists_resource(None, THING, "x", {}, pulumi.ResourceOptions()))

    assert preview_program(program).outputs == {"exists": UNKNOWN}


@pytest.mark.parametrize(
    "settings",
    [
        {"config": {"proj:size": 3}},
        {"secret_config": {"proj:size": None}},
        {"stack_references": {"network": {"subnet": object()}}},
        {"stack_references": {"network": ["subnet"]}},
    ],
)
def test_settings_of_another_kind_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(InvalidSettings) as raised:
        preview_program(lambda: None, **settings)  # type: ignore[arg-type] # that is the point
    assert "to do:" in str(raised.value)
