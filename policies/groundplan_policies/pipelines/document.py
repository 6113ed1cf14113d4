"""A compiled pipeline of a file, as a document with one resource: rules and reports take it as any other."""

import json
import re
from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.document import Document, Profile
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.source import Source
from groundplan_policies.engine.values import SECRET, SIGNATURE, join_key
from groundplan_policies.pipelines.found import SPEC
from groundplan_policies.pipelines.text import Text, read_text

_TOP_KEY: Final = re.compile(rb'^\s*(?:"pipelineInfo"|pipelineInfo|"deploymentSpec"|deploymentSpec)\s*:', re.MULTILINE)
_UNNAMED: Final = "pipeline"


def is_pipeline(raw: bytes, name: str) -> bool:
    """Whether what somebody asks to have checked is a compiled pipeline, and no deployment document.

    Args:
        raw: The bytes.
        name: Name of the file; "" for standard input.
    """
    if name.lower().endswith((".yaml", ".yml")):
        return True
    if raw.lstrip()[:1] != b"{":
        return _TOP_KEY.search(raw) is not None
    try:
        found = json.loads(raw) if b'"pipelineInfo"' in raw or b'"deploymentSpec"' in raw else None
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and ("pipelineInfo" in found or "deploymentSpec" in found)


def pipeline_document(raw: bytes, name: str, file: str) -> Document:
    """Make the document of a compiled pipeline.

    Args:
        raw: What the file holds.
        name: The name by which messages call it.
        file: Its path as reports give it; "" for standard input.

    Raises:
        PipelineError: It is no compiled pipeline that can be read.
    """
    text = read_text(raw, name)
    info = text.spec.get("pipelineInfo")
    named = info.get("name") if isinstance(info, dict) else None
    title = named if isinstance(named, str) and named.strip() else _UNNAMED
    urn = f"urn:pulumi:file::pipeline::{SPEC}::{title}"
    written = json.dumps(text.spec, sort_keys=True, separators=(",", ":"))
    return Document(
        profile=Profile.PIPELINE,
        version=3,
        features=(),
        resources=(_resource(urn, title, written, file),),
        deleted=0,
        may_hold_secrets=SECRET in written or SIGNATURE in written,
        places={urn: _places(text, file)} if file else {},
    )


def _places(text: Text, file: str) -> Mapping[str, Source]:
    """Give the line of each value by its path."""
    found: dict[str, Source] = {}
    for place, line in text.lines.items():
        path = ""
        for part in place:
            path = f"{path}[{part}]" if isinstance(part, int) else join_key(path, part)
        found[path] = Source(file=file, line=line, own=True)
    return found


def _resource(urn: str, name: str, spec: str, file: str) -> Resource:
    return Resource(
        urn=urn,
        type=SPEC,
        name=name,
        custom=True,
        parent="",
        inputs={"spec": spec},
        outputs={},
        defaults=(),
        id="",
        dependencies=(),
        property_dependencies={},
        provider="",
        protect=False,
        external=False,
        retain_on_delete=False,
        ignore_changes=(),
        replace_on_changes=(),
        additional_secret_outputs=(),
        aliases=(),
        deleted_with="",
        view_of="",
        import_id="",
        init_errors=(),
        hide_diff=(),
        hooks={},
        pending_replacement=False,
        taint=False,
        source=Source(file=file, line=1, own=True) if file else None,
    )
