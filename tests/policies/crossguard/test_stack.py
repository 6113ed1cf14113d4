"""What the engine shows becomes a document, as far as it goes."""

import pytest

from groundplan_policies.crossguard.alone import Alone, NeedsTheStackError
from groundplan_policies.crossguard.registered import Provider, Registered
from groundplan_policies.crossguard.stack import as_document
from groundplan_policies.engine import Document, Profile
from groundplan_policies.engine.names import token
from groundplan_policies.engine.values import UNKNOWN
from tests.policies.rules.harness import STACK, urn

PROVIDER = Provider(
    urn="urn:pulumi:dev::shop::pulumi:providers:gcp::it", type="pulumi:providers:gcp", inputs={"project": "acme-ml"}
)
ROOT = Registered(urn=STACK, type="pulumi:pulumi:Stack", properties={"url": "https://acme.test"})
BUCKET = Registered(
    urn=urn("storage.Bucket", "logs"),
    type=token("storage.Bucket"),
    properties={"id": "logs-1", "location": "EU", "selfLink": "https://storage/logs-1"},
    provider=PROVIDER,
    parent=STACK,
    protect=True,
    ignore_changes=("labels",),
    aliases=("urn:pulumi:dev::shop::a:b:C::old",),
    additional_secret_outputs=("url",),
    dependencies=(STACK,),
    property_dependencies={"location": (STACK,)},
)
ASKED_FOR = {STACK: {}, BUCKET.urn: {"location": "EU"}}


def made(*resources: Registered, dry_run: bool = False) -> Document:
    return as_document([*resources, ROOT], ASKED_FOR, dry_run=dry_run)


def test_a_deployment_has_outputs_and_ids() -> None:
    document = made(BUCKET)
    bucket = document[BUCKET.urn]

    assert document.profile is Profile.STATE
    assert bucket.inputs == {"location": "EU"}
    assert bucket.outputs == BUCKET.properties
    assert bucket.id == "logs-1"
    assert document.outputs == ROOT.properties


def test_a_preview_has_neither_but_for_what_the_program_exports() -> None:
    document = made(BUCKET, dry_run=True)
    bucket = document[BUCKET.urn]

    assert document.profile is Profile.PREVIEW
    assert bucket.outputs == {}
    assert bucket.id == ""
    assert document.outputs == ROOT.properties


def test_an_id_that_is_unknown_is_none() -> None:
    unknown = Registered(urn=BUCKET.urn, type=BUCKET.type, properties={"id": UNKNOWN}, provider=PROVIDER)

    assert made(unknown)[BUCKET.urn].id == ""


def test_options_are_kept() -> None:
    bucket = made(BUCKET)[BUCKET.urn]

    assert (bucket.parent, bucket.protect, bucket.ignore_changes) == (STACK, True, ("labels",))
    assert (bucket.aliases, bucket.additional_secret_outputs) == (BUCKET.aliases, ("url",))
    assert (bucket.dependencies, bucket.property_dependencies) == ((STACK,), {"location": (STACK,)})
    assert bucket.provider_urn == PROVIDER.urn


def test_parents_stand_before_children_in_whatever_order_they_are_shown() -> None:
    assert [each.urn for each in made(BUCKET)] == [PROVIDER.urn, STACK, BUCKET.urn]


def test_a_provider_that_is_shown_as_a_resource_is_there_once() -> None:
    shown = Registered(urn=PROVIDER.urn, type=PROVIDER.type, properties=PROVIDER.inputs)
    document = made(BUCKET, shown)

    assert [each.urn for each in document].count(PROVIDER.urn) == 1
    assert document[PROVIDER.urn].custom


@pytest.mark.parametrize(
    ("type_", "provider", "custom"),
    [
        ("gcp:storage/bucket:Bucket", None, True),
        ("pulumi:providers:gcp", None, True),
        ("random:index/randomId:RandomId", PROVIDER, True),
        ("acme:ml:Team", None, False),
        ("pulumi:pulumi:Stack", None, False),
    ],
)
def test_what_has_a_provider_is_managed(type_: str, provider: Provider | None, custom: bool) -> None:
    found = Registered(urn=f"urn:pulumi:dev::shop::{type_}::it", type=type_, properties={}, provider=provider)

    assert found.custom is custom


def test_the_whole_has_no_gaps() -> None:
    assert made(BUCKET).gaps == ()


def test_only_a_provider_answers_for_a_resource_that_stands_alone() -> None:
    bucket = BUCKET.resource({})

    assert Alone(PROVIDER.resource()).effective(bucket, "project").text == "acme-ml"
    for graph, resource in (
        (Alone(None), bucket),
        (Alone(PROVIDER.resource()), Registered(urn=BUCKET.urn, type=BUCKET.type, properties={}).resource({})),
    ):
        with pytest.raises(NeedsTheStackError):
            graph.provider(resource)
    with pytest.raises(NeedsTheStackError):
        _ = Alone(PROVIDER.resource()).by_token
