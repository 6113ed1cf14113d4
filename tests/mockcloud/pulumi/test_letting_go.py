"""What a program sets no more goes from the cloud, whatever the call that changes it takes for that."""

import pytest

from mockcloud.pulumi.provider import ProviderError
from mockcloud.pulumi.values import plain
from tests.mockcloud.pulumi.lives import examples, world


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("compute/crossSiteNetwork:CrossSiteNetwork", "description"),  # the mask names it
        ("compute/securityPolicy:SecurityPolicy", "adaptiveProtectionConfig"),
        ("compute/router:Router", "bgp"),  # there is no mask: it is sent as nothing
        ("compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", "ruleName"),  # so it is by a POST that patches
        ("compute/networkFirewallPolicyPacketMirroringRule:NetworkFirewallPolicyPacketMirroringRule", "description"),
        ("container/cluster:Cluster", "maintenancePolicy"),  # an object of a call of its own: an empty one
    ],
)
def test_it_goes(key: str, name: str) -> None:
    here, example = world(), examples()[key]
    inputs = here.make(key)
    state = here.made[key]
    assert plain(state.outputs[name])
    new = here.checked(example, {other: value for other, value in example.inputs.items() if other != name})
    difference = here.provider.diff(example.token, inputs, new, state.outputs)
    assert [each.top for each in difference.changes] == [name]
    assert difference.replaces == ()

    after = here.provider.update(example.token, state, new, inputs, "urn")

    read = here.provider.read(example.token, after.id, new, after.outputs)
    assert read is not None
    assert read[0].outputs.get(name) in (None, "", [], {})


@pytest.mark.parametrize(
    ("key", "name", "part"),
    [
        ("storage/bucket:Bucket", "website", "notFoundPage"),
        ("storage/bucket:Bucket", "encryption", "defaultKmsKeyName"),
        ("compute/securityPolicy:SecurityPolicy", "rules", "description"),
    ],
)
def test_so_does_a_part_of_an_object(key: str, name: str, part: str) -> None:
    here, example = world(), examples()[key]
    inputs = here.make(key)
    state = here.made[key]
    given = example.inputs[name]
    one = given[0] if isinstance(given, list) else given
    left = {other: value for other, value in one.items() if other != part}
    new = here.checked(example, {**example.inputs, name: [left, *given[1:]] if isinstance(given, list) else left})

    after = here.provider.update(example.token, state, new, inputs, "urn")

    read = here.provider.read(example.token, after.id, new, after.outputs)
    assert read is not None
    found = read[0].outputs.get(name) or {}
    assert (found[0] if isinstance(found, list) else found).get(part) in (None, "")


def test_another_name_is_that_of_another_resource() -> None:
    here, key = world(), "networksecurity/urlList:UrlList"
    example, inputs = examples()[key], here.make(key)
    new = here.checked(example, {**example.inputs, "name": "other"})
    assert here.provider.diff(example.token, inputs, new, here.made[key].outputs).replaces == ()
    with pytest.raises(ProviderError, match="NOT_FOUND"):
        here.provider.update(example.token, here.made[key], new, inputs, "urn")


def test_a_script_that_a_machine_starts_with_makes_a_new_one() -> None:
    here, key = world(), "compute/instance:Instance"
    example, inputs = examples()[key], here.make(key)
    new = here.checked(example, {**example.inputs, "metadataStartupScript": "#!/bin/sh\nfalse\n"})
    difference = here.provider.diff(example.token, inputs, new, here.made[key].outputs)
    assert difference.replaces == ("metadataStartupScript",)
