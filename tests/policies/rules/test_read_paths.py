"""Every property that a control says it reads is one that the installed provider takes."""

import importlib
import re

from pulumi._types import input_type_py_to_pulumi_names

from groundplan_policies.engine.registry import all_controls

_BLOCK = re.compile(r"\b(\w+Args)\b")
_FREE = re.compile(r"\b(?:Mapping|dict)\[")
"""Below such a property the keys are the user's: labels, parameters."""


def paths() -> list[tuple[str, str]]:
    """Give type and path of what controls read of Google's resources: no options, no patterns of types."""
    return sorted(
        {
            (read.type, read.path)
            for control in all_controls().values()
            for read in control.reads
            if "." in read.type and not {":", "*"} & set(read.type + read.path)
        }
    )


def unknown_part(type_: str, path: str) -> str:
    """Give the part of a path that the provider does not know, "" if it knows all of it."""
    module, _, name = type_.rpartition(".")
    here = getattr(importlib.import_module(f"pulumi_gcp.{module}"), f"{name}Args")
    inputs = importlib.import_module(f"pulumi_gcp.{module}._inputs")
    for key in path.split("."):
        names = {camel: snake for snake, camel in input_type_py_to_pulumi_names(here).items()} if here else {}
        if key not in names:
            return key
        annotation = str(here.__init__.__annotations__[names[key]])
        block = _BLOCK.search(annotation)
        if block is None and _FREE.search(annotation):
            return ""
        here = getattr(inputs, block[1]) if block else None
    return ""


def test_a_control_reads_properties_that_there_are() -> None:
    found = paths()
    assert len(found) > 700
    assert [(*each, part) for each in found if (part := unknown_part(*each))] == []


def test_a_property_that_is_none_is_found() -> None:
    assert unknown_part("storage.Bucket", "encryption.defaultKmsKey") == "defaultKmsKey"
    assert unknown_part("storage.Bucket", "location.region") == "region"
    assert unknown_part("storage.Bucket", "labels.anything") == ""
