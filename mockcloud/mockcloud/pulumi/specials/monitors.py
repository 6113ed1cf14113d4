"""Monitoring: labels that are secret, periods in days, dashboards that are JSON, projects that a scope shows."""

import json
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Fixed, Place, State
from mockcloud.pulumi.special import special, special_row
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.templates import fill, parse
from mockcloud.pulumi.translate import holds

_HOST: Final = "monitoring.googleapis.com"
_RESOURCES: Final = "cloudresourcemanager.googleapis.com"
_SECRET: Final = {"authToken": "auth_token", "password": "password", "serviceKey": "service_key"}
_DAY: Final = 86400


@special_row("monitoring/notificationChannel:NotificationChannel")
class NotificationChannel(Tabled):
    """Channels. Secret labels are labels to the API, which does not give them back."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return self._body(place, values, inputs)

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        body, secret = super()._body(place, values, inputs), inputs.get("sensitiveLabels") or {}
        told = {label: secret.get(name) or secret.get(f"{name}Wo") for name, label in _SECRET.items()}
        labels = {label: value for label, value in told.items() if value}
        return {**body, "labels": {**body.get("labels", {}), **labels}} if labels else body

    def _mask(self, changed: frozenset[str]) -> list[str]:
        return super()._mask(changed | ({"labels"} if "sensitiveLabels" in changed else set()))

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        labels = {name: value for name, value in body.get("labels", {}).items() if name not in _SECRET.values()}
        given = inputs.get("labels") or {}
        kept = {name: value for name, value in given.items() if name in _SECRET.values()}
        return super()._state(place, {**body, "labels": {**labels, **kept}}, inputs, values)


@special_row("monitoring/slo:Slo")
class Slo(Tabled):
    """Service-level objectives, whose period is told in days."""

    def _creation(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return self._body(place, values, inputs)

    def _body(self, place: Place, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        days = inputs.get("rollingPeriodDays")
        period = {"rollingPeriod": f"{int(days) * _DAY}s"} if days else {}
        return {**super()._body(place, values, inputs), **period}

    def _mask(self, changed: frozenset[str]) -> list[str]:
        return sorted([*super()._mask(changed), *(["rollingPeriod"] if "rollingPeriodDays" in changed else [])])

    def _state(
        self, place: Place, body: Mapping[str, Any], inputs: Mapping[str, Any], values: Mapping[str, Any]
    ) -> State:
        state, period = super()._state(place, body, inputs, values), str(body.get("rollingPeriod", "")).rstrip("s")
        told: dict[str, Any] = {"rollingPeriodDays": int(float(period)) // _DAY} if period else {}
        name = str(body.get("name", "")).split("/")
        if "serviceLevelObjectives" in name:
            told |= {"sloId": name[-1], "service": name[-3]}
        return State(state.id, {**state.outputs, **told})


class Dashboard:
    """Dashboards, told as JSON. What the API adds to it does not count."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a dashboard."""
        project = fill("{project}", {"project": place.project(inputs)})
        made = place.api.call("POST", _HOST, f"v1/projects/{project}/dashboards", json.loads(inputs["dashboardJson"]))
        return self._state(made, {**inputs, "project": project})

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a dashboard, by its full name or the last word of it."""
        name = identifier if "/" in identifier else f"projects/{place.project({})}/dashboards/{identifier}"
        found = place.api.find(_HOST, f"v1/{name}")
        if found is None:
            return None
        known = {**outputs, **inputs}
        return self._state(found, {"project": name.split("/")[1], **known})

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - the protocol's
        """Change a dashboard."""
        found = place.api.call("GET", _HOST, f"v1/{old.id}")
        told = {**json.loads(inputs["dashboardJson"]), "name": found["name"], "etag": found.get("etag", "")}
        made = place.api.call("PATCH", _HOST, f"v1/{old.id}", told)
        return self._state(
            made, {**{name: old.outputs[name] for name in ("project",) if name in old.outputs}, **inputs}
        )

    def delete(self, place: Place, state: State) -> None:
        """Remove a dashboard."""
        place.api.remove("DELETE", _HOST, f"v1/{state.id}")

    def _state(self, found: Mapping[str, Any], known: Mapping[str, Any]) -> State:
        given = known.get("dashboardJson")
        told = given if given and holds(found, json.loads(given)) else _written(found)
        return State(str(found["name"]), {**known, "dashboardJson": told})


def _written(found: Mapping[str, Any]) -> str:
    return json.dumps(found, separators=(",", ":"), sort_keys=True)


@special("monitoring/dashboard:Dashboard")
def _dashboard(token: str) -> Dashboard:  # noqa: ARG001 - one type
    return Dashboard()


class MonitoredProject(Fixed):
    """Projects whose metrics a scope shows beside its own. The API has them by number, in the scope."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Add a project to a scope."""
        scope, project = _scope(inputs["metricsScope"]), str(inputs["name"]).rpartition("/")[2]
        sent = {"name": f"{scope}/projects/{project}"}
        place.api.finish(_HOST, "v1", place.api.call("POST", _HOST, f"v1/{scope}/projects", sent))
        return self._found(place, inputs) or State(f"v1/{sent['name']}", dict(inputs))

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Find a project in a scope."""
        named = parse("locations/global/metricsScopes/{metricsScope}/projects/{name}", identifier.removeprefix("v1/"))
        known = {**(named or {}), **outputs, **inputs}
        return self._found(place, known) if "name" in known else None

    def delete(self, place: Place, state: State) -> None:
        """Take a project from a scope."""
        place.api.finish(_HOST, "v1", place.api.remove("DELETE", _HOST, state.id))

    def _found(self, place: Place, known: Mapping[str, Any]) -> State | None:
        scope, project = _scope(known["metricsScope"]), str(known["name"]).rpartition("/")[2]
        there = place.api.find(_RESOURCES, f"v1/projects/{project}") or {}
        names = {project, str(there.get("projectNumber", project))}
        for each in (place.api.find(_HOST, f"v1/{scope}") or {}).get("monitoredProjects", []):
            if str(each.get("name", "")).rpartition("/")[2] in names:
                created = {"createTime": each["createTime"]} if "createTime" in each else {}
                return State(f"v1/{scope}/projects/{project}", {**known, **created})
        return None


def _scope(given: object) -> str:
    return f"locations/global/metricsScopes/{str(given).rpartition('/')[2]}"


@special("monitoring/monitoredProject:MonitoredProject")
def _monitored(token: str) -> MonitoredProject:  # noqa: ARG001 - one type
    return MonitoredProject()
