"""The embedded engine's document equals the real engine's, for what the preview profile claims.

The claims are the table in docs/reference/deployment-document.md. Skipped where the real CLI is not at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from groundplan_cli.engine.origins import with_origins
from mockcloud import preview_program
from mockcloud.doors.embedded import watching
from mockcloud.doors.embedded.watching import Watch
from tests.conformance.echo_provider import serve_echo_provider
from tests.conformance.more_programs import MORE
from tests.conformance.programs import NETWORK, REFERENCES, Reference
from tests.conformance.real_engine import REPOSITORY, RealEngine, find_pulumi

if TYPE_CHECKING:
    Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"

State: TypeAlias = "Mapping[str, Json]"

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"

pulumi_cli = find_pulumi()
needs_pulumi = pytest.mark.skipif(
    pulumi_cli is None, reason="the real Pulumi CLI is not at hand (PATH, $GROUNDPLAN_PULUMI, .tools/pulumi/bin)"
)


def claims() -> dict[str, str]:
    """Read the claims from the documentation: field -> how far it agrees."""
    text = (REPOSITORY / "docs" / "reference" / "deployment-document.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(\w+)` \| ([\w ]+?) \|", text, re.MULTILINE))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealEngine]:
    assert pulumi_cli is not None
    with serve_echo_provider() as port:
        yield RealEngine(pulumi_cli, tmp_path_factory.mktemp("pulumi"), port)


@pytest.fixture(scope="module")
def network(engine: RealEngine) -> None:
    """A stack with outputs, for the program that refers to it."""
    directory = engine.home / "network"
    engine.start(directory, "network", "prod", {}, {})

    def program() -> None:
        import pulumi

        for name, value in NETWORK.items():
            pulumi.export(name, value)

    engine.up(directory, program)


def redacted(value: Json) -> Json:
    """Write secrets of either engine, in either profile, in one way."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return "[secret]"
        return {key: redacted(item) for key, item in value.items()}
    return [redacted(item) for item in value] if isinstance(value, list) else value


def agrees(ours: Json, real: Json) -> bool:
    """Whether a value agrees with one that is known: what ours does not know agrees with anything."""
    if ours == UNKNOWN or (ours == "" and isinstance(real, str)):
        return True
    if isinstance(ours, Mapping) and isinstance(real, Mapping):
        return ours.keys() == real.keys() and all(agrees(ours[key], real[key]) for key in ours)
    if isinstance(ours, list) and isinstance(real, list):
        return len(ours) == len(real) and all(agrees(a, b) for a, b in zip(ours, real, strict=True))
    return ours == real


def in_any_order(value: Json) -> Json:
    """Sort the lists that stand for sets."""
    if isinstance(value, Mapping):
        return {key: in_any_order(item) for key, item in value.items()}
    return sorted(value, key=str) if isinstance(value, list) else value


def own_frames(value: Json) -> list[str]:
    """The frames that are in the reference programs."""
    frames = value if isinstance(value, list) else [{"sourcePosition": value}] if value else []
    found = [str(frame["sourcePosition"]) for frame in frames if isinstance(frame, Mapping) and frame]
    return [position for position in found if "programs.py#" in position]


def provider_urn(value: Json) -> str:
    return str(value or "").rpartition("::")[0]


def check(ours: State, real: State, *, applied: bool) -> None:
    """Check every field that either state has against what is claimed about it."""
    claimed = claims()
    for name in sorted({*ours, *real} - {"created", "modified"}):
        mine, other = redacted(ours.get(name)), redacted(real.get(name))
        match claimed[name]:
            case "equal":
                same = mine == other
            case "equal as a set":
                same = in_any_order(mine) == in_any_order(other)
            case "equal where known":
                same = agrees(mine, other) if applied else mine == other
            case "where registered":
                same = (mine is None and bool(ours["custom"])) or not applied or agrees(mine, other)
            case "where given":
                same = mine is None or mine == other
            case "equal but for the id":
                same = provider_urn(mine) == provider_urn(other) if applied else mine == other
            case "own frames":
                same = own_frames(mine) == own_frames(other)
            case unknown:
                pytest.fail(f"the table claims {unknown!r} about {name}, which this test does not know")
        assert same, f"{ours['urn']}: {name} is {mine!r} and with the real engine {other!r}"


def watched(engine: RealEngine, directory: Path, reference: Reference) -> tuple[list[dict[str, Any]], Watch]:
    """Preview a program on the real engine, and watch it."""
    watches: list[Watch] = []

    def program() -> None:
        watches.append(watching.watch(directory))
        reference.program()

    states = engine.preview(directory, program)
    return states, watches[-1]


def member(document: Mapping[str, Json]) -> Mapping[str, Mapping[str, Mapping[str, Json]]]:
    found: Any = document["groundplan"]
    assert isinstance(found, Mapping)
    return found


def check_origins(ours: Mapping[str, Mapping[str, Mapping[str, Json]]], real: Mapping[str, Any]) -> None:
    """Check where leaves come from. After a transform the real engine may know less, and says less."""
    for urn in {*ours["provenance"], *real["provenance"]}:
        mine, other = ours["provenance"].get(urn, {}), real["provenance"].get(urn, {})
        assert mine.items() >= other.items(), urn
        assert mine == other or ours["requests"][urn].get("transforms"), urn


@needs_pulumi
@pytest.mark.pulumi_cli
@pytest.mark.parametrize("reference", [*REFERENCES, *MORE], ids=lambda reference: reference.name)
def test_documents_agree(
    reference: Reference, engine: RealEngine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if reference.stack_references:
        request.getfixturevalue("network")
    engine.start(tmp_path, "proj", reference.name, reference.config, reference.secrets)
    preview = preview_program(
        reference.program,
        project="proj",
        stack=reference.name,
        config=reference.config,
        secret_config=reference.secrets,
        stack_references=reference.stack_references,
        invokes={token: lambda arguments: arguments for token in reference.functions},
        source_root=tmp_path,
    )
    deployment = preview.document["deployment"]
    assert isinstance(deployment, dict)
    resources = deployment["resources"]
    assert isinstance(resources, list)
    ours = {str(state["urn"]): state for state in resources if isinstance(state, dict)}
    # What is compared from here on also shows that to watch a program changes nothing of what it sends.
    states, watch = watched(engine, tmp_path, reference)
    planned = {str(state["urn"]): state for state in states}
    seen = with_origins({"steps": [{"urn": state["urn"], "newState": state} for state in states]}, watch)
    check_origins(member(preview.document), member(seen))
    # The real preview does not print the providers that the engine makes.
    made = {urn for urn in ours if "::pulumi:providers:" in urn and "::default" in urn}
    assert ours.keys() - made == planned.keys()
    for urn, state in planned.items():
        check(ours[urn], state, applied=False)
    if not reference.applied:
        return
    exported = engine.up(tmp_path, reference.program)
    applied = {str(state["urn"]): state for state in exported["deployment"]["resources"]}
    only_after = {urn for urn in applied if urn.endswith("only-after-the-deployment")}
    # Where the process has loaded the package of a resource that an output refers to, the SDK asks the engine for it,
    # and the engine makes the provider of that question. It is the test process's, not the program's.
    asked = {urn for urn in applied.keys() - ours.keys() if "::pulumi:providers:pulumi::" in urn}
    assert applied.keys() - only_after - asked == ours.keys()
    for urn, state in ours.items():
        check(state, applied[urn], applied=True)
    assert {key: preview.document.get(key) for key in ("version", "features")} == {
        key: exported.get(key) for key in ("version", "features")
    }


def test_every_claim_has_a_field() -> None:
    assert {"urn", "inputs", "outputs", "stackTrace", "resourceHooks"} <= claims().keys()
