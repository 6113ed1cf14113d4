"""Every resource of a document is evaluated, skipped, reviewed, or unknown, and in one of them only."""

from groundplan_policies.engine.control import Read
from groundplan_policies.engine.names import token
from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.results import TypeCount, TypeCoverage
from groundplan_policies.engine.verdicts import PASS
from groundplan_policies.settings.model import Settings
from tests.policies.engine.small import PRIVATE, control, evaluated
from tests.policies.rules.harness import R

BUCKET = R("storage.Bucket", PRIVATE)


def types_of(*resources: R, **world: object) -> dict[str, set[str]]:
    coverage = evaluated(*resources, **world).types  # type: ignore[arg-type]  # as `evaluated` has them
    names = ("evaluated", "skipped", "reviewed", "unknown")
    return {name: {each.type for each in getattr(coverage, name)} - {"pulumi:pulumi:Stack"} for name in names}


def test_a_type_for_which_there_is_a_rule_is_evaluated() -> None:
    coverage = evaluated(
        BUCKET, R("storage.Bucket", PRIVATE, "b"), R("acme:index:Site", record={"custom": False})
    ).types

    assert coverage == TypeCoverage(
        evaluated=(TypeCount(type="gcp:storage/bucket:Bucket", count=2),),
        skipped=(TypeCount(type="acme:index:Site", count=1), TypeCount(type="pulumi:pulumi:Stack", count=1)),
    )


def test_a_type_that_only_a_rule_on_the_stack_reads_is_evaluated() -> None:
    reader = control(checks={}, reads=(Read("kms.KeyRing", "location"),))

    assert types_of(R("kms.KeyRing"), controls=(reader,))["evaluated"] == {"gcp:kms/keyRing:KeyRing"}


def test_a_kind_of_types_is_evaluated() -> None:
    kind = control(checks={"*IamMember": lambda *_: PASS}, reads=())

    assert types_of(R("storage.BucketIAMMember"), R("apigee.Organization"), controls=(kind,)) == {
        "evaluated": {"gcp:storage/bucketIAMMember:BucketIAMMember"},
        "skipped": set(),
        "reviewed": set(),
        "unknown": {"gcp:apigee/organization:Organization"},
    }


def test_rules_on_the_options_of_every_resource_make_no_type_known() -> None:
    short = "apigee.Organization"
    everything = control(checks={"*": lambda *_: PASS}, reads=(Read("*", "labels"),))
    way_around = control(id="BYP-99", checks={short: lambda *_: PASS}, reads=(Read(short, "location"),))

    assert types_of(R(short), controls=(everything, way_around))["unknown"] == {token(short)}


def test_a_type_that_was_reviewed_comes_with_its_reason() -> None:
    (found,) = evaluated(R("compute.Address")).types.reviewed

    assert found.type == "gcp:compute/address:Address"
    assert found.reason.startswith("no rule needed: ")


def test_a_type_that_nobody_reviewed_is_unknown_and_not_clean() -> None:
    evaluation = evaluated(R("acme:index/thing:Thing"))

    assert evaluation.types.unknown == (TypeCount(type="acme:index/thing:Thing", count=1),)
    assert not evaluation.clean


def test_a_package_that_the_settings_allow_is_reviewed_by_them() -> None:
    settings = Settings(parameters=Parameters(allowed_packages=("random", "gcp")))
    pet, ring = R("random:index/randomPet:RandomPet"), R("apigee.Organization")

    assert types_of(pet, ring, settings=settings) == {
        "evaluated": set(),
        "skipped": set(),
        "reviewed": {"random:index/randomPet:RandomPet"},
        "unknown": {"gcp:apigee/organization:Organization"},
    }


def test_a_provider_without_a_rule_is_skipped_and_one_with_a_rule_is_not() -> None:
    provider = R("Provider", {"project": "acme"})
    reader = control(checks={"Provider": lambda *_: PASS}, reads=())

    assert types_of(provider)["skipped"] == {"pulumi:providers:gcp"}
    assert types_of(provider, controls=(reader,))["evaluated"] == {"pulumi:providers:gcp"}


def test_a_google_resource_that_says_it_is_a_component_does_not_pass_unseen() -> None:
    hidden = R("storage.Bucket", record={"custom": False})

    assert types_of(hidden)["unknown"] == {"gcp:storage/bucket:Bucket"}
