"""Metrics scopes: which projects' metrics are seen together."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.errors import already_exists, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.services import operations
from mockcloud.services.monitoring.service import API, SERVICE

_PREFIX: Final = "locations/global/metricsScopes"


def _name(call: Call, identifier: str) -> str:
    return f"{_PREFIX}/{call.cloud.projects.number_of(call.cloud.projects.id_of(identifier))}"


def _shown(call: Call, name: str) -> Body:
    """Give a scope with its projects; its own one is always among them."""
    own = {"name": f"{name}/projects/{name.rpartition('/')[2]}", "createTime": stamp(call.cloud.clock.now)}
    projects = [own, *(each.body for each in call.cloud.store.page(API, f"{name}/projects"))]
    return {"name": name, "monitoredProjects": projects, "createTime": own["createTime"]}


@SERVICE.method("locations.global.metricsScopes.get")
def get(call: Call) -> Answer | Body:
    """Give the scope of a project."""
    return _shown(call, _name(call, call.request.variables["metricsScopesId"]))


@SERVICE.method("locations.global.metricsScopes.listMetricsScopesByMonitoredProject")
def list_of_project(call: Call) -> Answer | Body:
    """Give the scopes that a project's metrics are seen in."""
    text = call.text("monitoredResourceContainer").rpartition("/")[2]
    number = call.cloud.projects.number_of(call.cloud.projects.id_of(text))
    scopes = {f"{_PREFIX}/{number}"}
    scopes |= {
        each.name.rpartition("/projects/")[0]
        for each in call.cloud.store.of(API)
        if each.name.startswith(f"{_PREFIX}/") and each.id == number
    }
    return {"metricsScopes": [_shown(call, each) for each in sorted(scopes)]}


@SERVICE.method("locations.global.metricsScopes.projects.create")
def add(call: Call) -> Answer | Body:
    """Let a scope see a further project's metrics."""
    scope = _name(call, call.request.variables["metricsScopesId"])
    identifier = str(call.body.get("name", "")).rpartition("/")[2]
    number = call.cloud.projects.number_of(call.cloud.projects.id_of(identifier))
    name = f"{scope}/projects/{number}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name)
    body: dict[str, Any] = {"name": name, "createTime": call.cloud.clock.tick()}
    record = call.cloud.create(Record(API, name, body))
    kind = "google.monitoring.metricsscope.v1.MonitoredProject"
    return operations.start(call, "", record.body, type_name=kind)


@SERVICE.method("locations.global.metricsScopes.projects.delete")
def remove(call: Call) -> Answer | Body:
    """Let a scope see a project's metrics no more."""
    number = call.cloud.projects.number_of(call.cloud.projects.id_of(call.request.variables["projectsId"]))
    name = f"{_name(call, call.request.variables['metricsScopesId'])}/projects/{number}"
    record = call.cloud.store.get(API, name)
    if record is None:
        raise not_found(name)
    call.cloud.delete(record)
    return operations.start(call, "", {}, type_name="google.protobuf.Empty")
