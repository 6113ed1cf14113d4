"""URNs, names and data of the three environments stay as they are, or a change says how users keep theirs."""

import inspect
from typing import Any

import pulumi
import pulumi_gcp
import pytest
from pulumi import _types as pulumi_types

from groundplan.core.lifecycle import lifecycle_of
from mockcloud import preview_program
from tests.stacks import stability
from tests.stacks.previews import document, resources


@pytest.mark.parametrize("stack", stability.STACKS)
def test_nothing_that_users_have_is_renamed_or_replaced(stack: str) -> None:
    assert not list(stability.problems(stability.read(stack), document(stack)))


@pytest.mark.parametrize("stack", stability.STACKS)
def test_what_is_new_is_in_the_snapshot(stack: str) -> None:
    assert sorted(stability.read(stack)) == sorted(r["urn"] for r in resources(stack)), (
        "run `python -m tests.stacks.stability` and look at the difference"
    )


def _bucket(changed: dict[str, object]) -> dict[str, Any]:
    found = document("learner")
    bucket = next(r for r in found["deployment"]["resources"] if r["type"] == "gcp:storage/bucket:Bucket")
    bucket.update(changed)
    return found


def _first_bucket() -> str:
    return next(str(r["urn"]) for r in resources("learner") if r["type"] == "gcp:storage/bucket:Bucket")


def test_a_rename_without_an_alias_is_found() -> None:
    found = list(stability.problems(stability.read("learner"), _bucket({"urn": _first_bucket() + "-new"})))
    assert len(found) == 1
    assert "is gone" in found[0]
    assert "Alias" in found[0]


def test_a_rename_with_an_alias_is_fine() -> None:
    urn = _first_bucket()
    renamed = _bucket({"urn": urn + "-new"})
    renamed["groundplan"]["requests"][urn + "-new"] = {"aliases": [urn]}
    assert not list(stability.problems(stability.read("learner"), renamed))


def test_an_alias_of_a_program_is_seen() -> None:
    def program(name: str, aliases: list[pulumi.Alias]) -> None:
        pulumi.ComponentResource("acme:index:Store", name, None, pulumi.ResourceOptions(aliases=aliases))

    kept = stability.snapshot(preview_program(lambda: program("old", [])).document)
    without = preview_program(lambda: program("new", [])).document
    with_alias = preview_program(lambda: program("new", [pulumi.Alias(name="old")])).document
    assert len(list(stability.problems(kept, without))) == 1
    assert not list(stability.problems(kept, with_alias))


def test_a_new_cloud_name_is_found() -> None:
    found = document("learner")
    account = next(r for r in found["deployment"]["resources"] if r["type"] == "gcp:serviceaccount/account:Account")
    account["inputs"]["accountId"] = "another"
    problem = "\n".join(stability.problems(stability.read("learner"), found))
    assert "accountId was" in problem
    assert "'another'" in problem


def test_a_change_that_replaces_data_is_found() -> None:
    found = document("learner")
    notebook = next(r for r in found["deployment"]["resources"] if r["type"] == "gcp:workbench/instance:Instance")
    notebook["inputs"]["gceSetup"]["bootDisk"]["diskType"] = "PD_SSD"
    problem = "\n".join(stability.problems(stability.read("learner"), found))
    assert "gceSetup.bootDisk.diskType changed" in problem


@pytest.mark.parametrize("token", stability.replacing())
def test_the_replacing_properties_exist(token: str) -> None:
    _, path, kind = token.split(":")
    module, _, _ = path.partition("/")
    arguments = getattr(getattr(pulumi_gcp, module), f"{kind}Args")
    names = set(pulumi_types.input_type_py_to_pulumi_names(arguments).values())
    assert {path.split(".")[0] for path in stability.replacing()[token]} <= names, inspect.signature(arguments)


def test_every_type_that_holds_data_is_covered() -> None:
    stateful = {
        r["type"]
        for stack in stability.STACKS
        for r in resources(stack)
        if r["type"].startswith("gcp:") and lifecycle_of(r["type"]).stateful
    }
    assert stateful <= set(stability.replacing())
