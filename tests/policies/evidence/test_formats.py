"""What holds of every format: nobody else's words become markup, no secret comes out, and each says what it is of."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from groundplan_policies.engine.levels import Loosening
from groundplan_policies.evidence.levels import REACHES
from groundplan_policies.evidence.model import Bundle
from tests.policies.evidence.formats import FILES, texts
from tests.policies.evidence.world import TEAM, bundle_of, made, resources, review, waiver_of
from tests.policies.flow.world import bucket, on_bucket
from tests.policies.reports.test_untrusted import CANARY, FORBIDDEN, PLANTED, _caged
from tests.policies.rules.harness import R, document, put

JSON = tuple(each for each in FILES if each.endswith((".json", ".sarif")))
COMPLIANCE = re.compile(r"\bcompli(es|ed|ant|ance)\b|\bcomply|\bcertified\b", re.IGNORECASE)


@cache
def whole(name: str = "raw") -> Mapping[str, str]:
    return texts(made(*resources(name)))


def test_the_folder_has_every_format() -> None:
    assert set(whole()) == set(FILES)


def test_the_same_input_gives_the_same_bytes() -> None:
    again = texts(made())

    assert [name for name in FILES if again[name] != whole()[name]] == []


def test_what_to_do_is_read_as_a_sentence_in_markdown() -> None:
    public = R("storage.Bucket", {"name": "open", "publicAccessPrevention": "inherited"}, "open")
    said = texts(made(public))["evidence.md"]

    assert "| fails | DAT-05 Buckets prevent public access | Use DataBucket" in said


@pytest.mark.parametrize("name", JSON)
def test_json_is_json(name: str) -> None:
    assert isinstance(json.loads(whole()[name]), dict)
    assert whole()[name].isascii()


@cache
def at_level(level: str) -> Mapping[str, str]:
    return texts(replace(made(), reach=REACHES[level]))


@pytest.mark.parametrize("level", REACHES)
@pytest.mark.parametrize("name", FILES)
def test_a_watermark_is_in_every_format_and_only_where_it_belongs(name: str, level: str) -> None:
    mark = REACHES[level].watermark

    said = at_level(level)[name]

    words = re.escape(mark.partition(" ")[0]) if mark else "PLAN ONLY|MOCK CLOUD"
    assert (re.search(words, said) is not None) is bool(mark)


@pytest.mark.parametrize("name", FILES)
def test_nothing_claims_more_than_evidence(name: str) -> None:
    assert COMPLIANCE.search(whole()[name]) is None


@cache
def hostile(what: str) -> Mapping[str, str]:
    """Write evidence in which a text is wherever somebody else's text can be."""
    text = PLANTED[what]
    member = {"bucket": text, "role": text, "member": f"user:{text}", "condition": {"title": text, "expression": text}}
    found = (
        *resources(text),
        R("storage.Bucket", {"name": "open", "labels": {"classification": text}, "location": text}, "open"),
        R("storage.BucketIAMMember", member, text, record={"sourcePosition": f"project:///{text}.py#3"}),
        R("networksecurity.UrlList", {"values": [text]}, "list"),
        R("networkservices.Gateway", {}, text),
        R("iam.WorkloadIdentityPoolProvider", {"attributeCondition": text, "oidc": {"issuerUri": text}}, text),
        review(text, owner=text, reviewer=text, purposes=[text], modelCard={"uri": text, "digest": text}),
        R(f"{text.translate({58: None})}:index:Thing", {}, "thing"),
    )
    read = document(*found)
    held = waiver_of(read, "DAT-05", "open", reason=text, ticket=text, owner=text, approver=f"{text}!", place=text)
    loosened = Loosening(what=text, before=text, after=text, author=text, reason=text, place=text)
    settings = replace(TEAM, name=text, loosened=(loosened, replace(loosened, author="")))
    bundle = bundle_of(read, (held,), settings, text)
    evaluation = replace(bundle.report.evaluation, gaps=(text,))
    return texts(replace(bundle, report=replace(bundle.report, evaluation=evaluation)))


@pytest.mark.parametrize("what", PLANTED)
@pytest.mark.parametrize("name", FILES)
def test_what_others_wrote_is_text_and_nothing_else(what: str, name: str) -> None:
    output = hostile(what)[name]
    if name == "index.html":
        output, own, _ = output.rpartition("<script>")  # the page's own, which stands at its end
        assert own

    assert [each for each in FORBIDDEN[what] if each in output] == []


@cache
def caged() -> Bundle:
    """Gather evidence of resources in which a canary sits wherever a secret can."""
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": f'"{CANARY}"'}
    found: list[R] = []
    paths = (
        ("storage.Bucket", "location"),
        ("storage.Bucket", "encryption.defaultKmsKeyName"),
        ("storage.Bucket", "labels"),
        ("storage.BucketIAMMember", "member"),
        ("storage.BucketIAMMember", "role"),
        ("storage.BucketIAMMember", "bucket"),
        ("storage.BucketIAMMember", "condition.expression"),
        ("networksecurity.UrlList", "values"),
        ("compute.Subnetwork", "ipCidrRange"),
        ("compute.NetworkFirewallPolicyRule", "action"),
        ("compute.NetworkFirewallPolicyRule", "match.destIpRanges"),
        ("compute.Firewall", "sourceRanges"),
        ("servicenetworking.Connection", "service"),
        ("compute.GlobalForwardingRule", "target"),
        ("iam.WorkloadIdentityPoolProvider", "attributeCondition"),
        ("iam.WorkloadIdentityPoolProvider", "oidc.issuerUri"),
        ("vertex.AiEndpoint", "network"),
        ("colab.Schedule", "createPipelineJobRequest.pipelineJob.serviceAccount"),
    )
    for short, path in paths:
        found += [_caged(short, put({}, path, value), len(found) + at) for at, value in enumerate((secret, [secret]))]
    whole_review: dict[str, Any] = {"owner": secret, "purposes": [secret], "oversight": {"who": secret}}
    return made(*found, review("caged", **whole_review), bucket("b"), on_bucket("b", "roles/storage.objectViewer"))


@cache
def written() -> Mapping[str, str]:
    return texts(caged())


@pytest.mark.parametrize("name", FILES)
def test_no_canary_gets_out(name: str) -> None:
    assert CANARY not in written()[name]


def test_the_cage_is_full() -> None:
    bundle = caged()

    assert "a secret" in {fact for each in bundle.declarations for _, fact in each.facts}
    assert len(bundle.inventory) > 30
