"""What users do with Compute Engine, through google-cloud-compute."""

import pytest
from google.api_core import exceptions
from google.cloud import compute_v1 as compute

from mockcloud.cloud.cloud import Cloud
from tests.mockcloud.scenarios.networks import PROJECT, REGION, ZONE, make_network, make_subnet

pytestmark = pytest.mark.scenario(library="google-cloud-compute")


def _instance(name: str, network: str = "", **fields: object) -> compute.Instance:
    boot = compute.AttachedDisk(
        boot=True,
        auto_delete=True,
        initialize_params=compute.AttachedDiskInitializeParams(
            source_image="projects/debian-cloud/global/images/family/debian-12", disk_size_gb=20
        ),
    )
    interface = compute.NetworkInterface(subnetwork=network) if network else compute.NetworkInterface()
    instance = compute.Instance(
        name=name,
        machine_type=f"zones/{ZONE}/machineTypes/e2-standard-4",
        disks=[boot],
        network_interfaces=[interface],
        **fields,
    )
    client = compute.InstancesClient()
    client.insert(project=PROJECT, zone=ZONE, instance_resource=instance).result()
    return client.get(project=PROJECT, zone=ZONE, instance=name)


def test_an_instance_lives(cloud: Cloud) -> None:
    make_network()
    make_subnet("global/networks/ml")
    instance = _instance("vm", f"regions/{REGION}/subnetworks/ml", labels={"team": "ml"})
    assert instance.status == "RUNNING"
    assert instance.network_interfaces[0].network.endswith("/global/networks/ml")
    assert instance.network_interfaces[0].network_i_p == "10.0.0.2"
    disk = compute.DisksClient().get(project=PROJECT, zone=ZONE, disk="vm")
    assert (disk.size_gb, disk.users) == (20, [instance.self_link])
    assert "debian-12-bookworm" in disk.source_image
    client = compute.InstancesClient()
    with pytest.raises(exceptions.BadRequest, match="already being used"):
        compute.DisksClient().delete(project=PROJECT, zone=ZONE, disk="vm")
    client.stop(project=PROJECT, zone=ZONE, instance="vm").result()
    assert client.get(project=PROJECT, zone=ZONE, instance="vm").status == "TERMINATED"
    resized = compute.InstancesSetMachineTypeRequest(machine_type=f"zones/{ZONE}/machineTypes/n1-standard-8")
    client.set_machine_type(
        project=PROJECT, zone=ZONE, instance="vm", instances_set_machine_type_request_resource=resized
    ).result()
    client.start(project=PROJECT, zone=ZONE, instance="vm").result()
    found = client.get(project=PROJECT, zone=ZONE, instance="vm")
    assert (found.status, found.machine_type.rpartition("/")[2]) == ("RUNNING", "n1-standard-8")
    client.delete(project=PROJECT, zone=ZONE, instance="vm").result()
    assert not list(compute.DisksClient().list(project=PROJECT, zone=ZONE))


def test_labels_tags_and_metadata_have_fingerprints(cloud: Cloud) -> None:
    instance = _instance("vm")
    client = compute.InstancesClient()
    old = instance.label_fingerprint
    request = compute.InstancesSetLabelsRequest(label_fingerprint=old, labels={"a": "b"})
    client.set_labels(project=PROJECT, zone=ZONE, instance="vm", instances_set_labels_request_resource=request).result()
    with pytest.raises(exceptions.PreconditionFailed):
        client.set_labels(project=PROJECT, zone=ZONE, instance="vm", instances_set_labels_request_resource=request)
    tags = compute.Tags(items=["iap"], fingerprint=instance.tags.fingerprint)
    client.set_tags(project=PROJECT, zone=ZONE, instance="vm", tags_resource=tags).result()
    metadata = compute.Metadata(
        items=[compute.Items(key="enable-oslogin", value="TRUE")], fingerprint=instance.metadata.fingerprint
    )
    client.set_metadata(project=PROJECT, zone=ZONE, instance="vm", metadata_resource=metadata).result()
    found = client.get(project=PROJECT, zone=ZONE, instance="vm")
    assert (dict(found.labels), list(found.tags.items)) == ({"a": "b"}, ["iap"])
    assert found.metadata.items[0].value == "TRUE"
    assert found.tags.fingerprint != instance.tags.fingerprint
    with pytest.raises(exceptions.PreconditionFailed):
        client.set_tags(project=PROJECT, zone=ZONE, instance="vm", tags_resource=tags)


def test_disks_are_attached_and_detached(cloud: Cloud) -> None:
    _instance("vm")
    disks, client = compute.DisksClient(), compute.InstancesClient()
    disks.insert(project=PROJECT, zone=ZONE, disk_resource=compute.Disk(name="data", size_gb=100)).result()
    attached = compute.AttachedDisk(source=f"zones/{ZONE}/disks/data", device_name="data")
    client.attach_disk(project=PROJECT, zone=ZONE, instance="vm", attached_disk_resource=attached).result()
    assert [each.device_name for each in client.get(project=PROJECT, zone=ZONE, instance="vm").disks][1] == "data"
    resize = compute.DisksResizeRequest(size_gb=200)
    disks.resize(project=PROJECT, zone=ZONE, disk="data", disks_resize_request_resource=resize).result()
    client.detach_disk(project=PROJECT, zone=ZONE, instance="vm", device_name="data").result()
    found = disks.get(project=PROJECT, zone=ZONE, disk="data")
    assert (found.size_gb, list(found.users)) == (200, [])
    disks.create_snapshot(
        project=PROJECT, zone=ZONE, disk="data", snapshot_resource=compute.Snapshot(name="before")
    ).result()
    snapshot = compute.SnapshotsClient().get(project=PROJECT, snapshot="before")
    assert (snapshot.disk_size_gb, snapshot.source_disk) == (200, found.self_link)


def test_lists_filter_and_span_zones(cloud: Cloud) -> None:
    for name in ("a-one", "a-two", "b-one"):
        _instance(name)
    client = compute.InstancesClient()
    listed = client.list(request={"project": PROJECT, "zone": ZONE, "filter": "name eq a-.*", "max_results": 1})
    assert [each.name for each in listed] == ["a-one", "a-two"]
    listed = client.list(request={"project": PROJECT, "zone": ZONE, "filter": '(status = "RUNNING") (name = b-one)'})
    assert [each.name for each in listed] == ["b-one"]
    scopes = {
        scope: [each.name for each in found.instances] for scope, found in client.aggregated_list(project=PROJECT)
    }
    assert scopes == {f"zones/{ZONE}": ["a-one", "a-two", "b-one"]}
    with pytest.raises(exceptions.BadRequest):
        list(client.list(request={"project": PROJECT, "zone": ZONE, "filter": "name eq ("}))


def test_operations_can_be_waited_for(cloud: Cloud) -> None:
    started = compute.NetworksClient().insert(project=PROJECT, network_resource=compute.Network(name="ml"))
    operations = compute.GlobalOperationsClient()
    found = operations.get(project=PROJECT, operation=started.name)
    assert (found.status, found.operation_type) == (compute.Operation.Status.RUNNING, "insert")
    assert found.target_link.endswith("/global/networks/ml")
    done = operations.wait(project=PROJECT, operation=started.name)
    assert (done.status, done.progress) == (compute.Operation.Status.DONE, 100)
    assert [each.name for each in operations.list(project=PROJECT)] == [started.name]
    operations.delete(project=PROJECT, operation=started.name)
    with pytest.raises(exceptions.NotFound):
        operations.get(project=PROJECT, operation=started.name)


def test_a_managed_group_keeps_its_size(cloud: Cloud) -> None:
    templates, managers = compute.InstanceTemplatesClient(), compute.InstanceGroupManagersClient()
    properties = compute.InstanceProperties(
        machine_type="e2-medium",
        disks=[compute.AttachedDisk(boot=True, auto_delete=True)],
        network_interfaces=[compute.NetworkInterface(network="global/networks/default")],
    )
    template = compute.InstanceTemplate(name="worker", properties=properties)
    templates.insert(project=PROJECT, instance_template_resource=template).result()
    manager = compute.InstanceGroupManager(
        name="workers", base_instance_name="worker", target_size=2, instance_template="global/instanceTemplates/worker"
    )
    managers.insert(project=PROJECT, zone=ZONE, instance_group_manager_resource=manager).result()
    managed = list(managers.list_managed_instances(project=PROJECT, zone=ZONE, instance_group_manager="workers"))
    assert [each.instance_status for each in managed] == ["RUNNING", "RUNNING"]
    managers.resize(project=PROJECT, zone=ZONE, instance_group_manager="workers", size=1).result()
    assert len(list(compute.InstancesClient().list(project=PROJECT, zone=ZONE))) == 1
    managers.delete(project=PROJECT, zone=ZONE, instance_group_manager="workers").result()
    assert not list(compute.InstancesClient().list(project=PROJECT, zone=ZONE))
    assert not list(compute.InstanceGroupsClient().list(project=PROJECT, zone=ZONE))


def test_catalogues_answer(cloud: Cloud) -> None:
    zones = [each.name for each in compute.ZonesClient().list(project=PROJECT)]
    assert ZONE in zones
    machine = compute.MachineTypesClient().get(project=PROJECT, zone=ZONE, machine_type="a2-highgpu-1g")
    assert (machine.guest_cpus, machine.memory_mb) == (12, 85 * 1024)
    gpus = compute.AcceleratorTypesClient().list(project=PROJECT, zone=ZONE)
    assert "nvidia-l4" in {each.name for each in gpus}
    image = compute.ImagesClient().get_from_family(project="deeplearning-platform-release", family="common-cpu")
    assert image.family == "common-cpu"
    region = compute.RegionsClient().get(project=PROJECT, region=REGION)
    assert len(region.zones) == 3
    custom = compute.MachineTypesClient().get(project=PROJECT, zone=ZONE, machine_type="n2-custom-6-12288")
    assert custom.guest_cpus == 6
    with pytest.raises(exceptions.NotFound):
        compute.ZonesClient().get(project=PROJECT, zone="atlantis-a")
