"""Metadata stores and lineage."""

from tests.mockcloud.services.aiplatform.rest import Api

STORE = "metadataStores/default"


def _api() -> Api:
    api = Api()
    api.done("POST", "metadataStores?metadataStoreId=default", {})
    return api


def test_ids_are_given_where_none_are_chosen() -> None:
    api = _api()
    made = api.ok("POST", f"{STORE}/artifacts", {"schemaTitle": "system.Dataset"})
    assert len(made["name"].rpartition("/")[2]) == 36
    assert api.ok("POST", f"{STORE}/artifacts?artifactId=own.id", {})["name"].endswith("/own.id")
    assert api.refused("POST", f"{STORE}/artifacts?artifactId=-", {}) == "INVALID_ARGUMENT"
    assert api.refused("POST", f"{STORE}/artifacts?artifactId=own.id", {}) == "ALREADY_EXISTS"
    assert len(api.done("POST", "metadataStores", {})["name"].rpartition("/")[2]) == 36
    schema = {"schema": "title: x\ntype: object\n", "schemaType": "ARTIFACT_TYPE", "schemaVersion": "0.0.1"}
    assert api.ok("POST", f"{STORE}/metadataSchemas", schema)["schema"].startswith("title")


def test_a_store_with_something_in_it_needs_force() -> None:
    api = _api()
    api.ok("POST", f"{STORE}/contexts", {})
    assert api.refused("DELETE", STORE) == "FAILED_PRECONDITION"
    deleted = api.ok("DELETE", f"{STORE}?force=true")
    assert deleted["metadata"]["@type"].endswith(".DeleteMetadataStoreOperationMetadata")


def test_an_update_may_make_what_is_missing() -> None:
    api = _api()
    assert api.refused("PATCH", f"{STORE}/artifacts/new-one", {"uri": "gs://b/x"}) == "NOT_FOUND"
    made = api.ok("PATCH", f"{STORE}/artifacts/new-one?allowMissing=true", {"uri": "gs://b/x"})
    assert made["uri"] == "gs://b/x"


def test_lists_are_filtered_and_paged() -> None:
    api = _api()
    for number in range(3):
        body = {"displayName": f"a{number}", "metadata": {"rows": number, "name": "x"}}
        api.ok("POST", f"{STORE}/artifacts?artifactId=a-{number}", body)
    first = api.ok("GET", f"{STORE}/artifacts?pageSize=2&orderBy=display_name desc")
    assert [each["displayName"] for each in first["artifacts"]] == ["a2", "a1"]
    token = first["nextPageToken"]
    rest = api.ok("GET", f"{STORE}/artifacts?pageSize=2&orderBy=display_name desc&pageToken={token}")
    assert [each["displayName"] for each in rest["artifacts"]] == ["a0"]
    few = api.ok("GET", f'{STORE}/artifacts?filter=metadata.rows.number_value>0 AND metadata.name.string_value="x"')
    assert len(few["artifacts"]) == 2
    assert api.ok("GET", f'{STORE}/artifacts?filter=in_context("none")') == {}
    assert api.refused("GET", f"{STORE}/artifacts?filter=((") == "INVALID_ARGUMENT"
    assert api.refused("GET", "metadataStores/none/artifacts") == "NOT_FOUND"


def test_a_purge_needs_a_filter() -> None:
    api = _api()
    api.ok("POST", f"{STORE}/executions?executionId=e-1", {"state": "RUNNING"})
    assert api.refused("POST", f"{STORE}/executions:purge", {}) == "INVALID_ARGUMENT"
    sampled = api.done("POST", f"{STORE}/executions:purge", {"filter": "state=RUNNING"})
    assert (sampled["purgeCount"], len(sampled["purgeSample"])) == ("1", 1)
    operation = api.ok("POST", f"{STORE}/executions:purge", {"filter": "state=RUNNING", "force": True})
    assert operation["metadata"]["@type"].endswith(".PurgeExecutionsMetadata")
    assert api.ok("GET", f"{STORE}/executions") == {}


def test_events_are_joined_once() -> None:
    api = _api()
    artifact = api.ok("POST", f"{STORE}/artifacts?artifactId=rows", {})["name"]
    execution = api.ok("POST", f"{STORE}/executions?executionId=work", {})["name"]
    event = {"artifact": artifact, "type": "INPUT"}
    for _ in range(2):
        api.ok("POST", f"{execution}:addExecutionEvents", {"events": [event]})
    found = api.ok("GET", f"{execution}:queryExecutionInputsAndOutputs")
    assert len(found["events"]) == 1
    missing = {"artifact": f"{artifact}-2", "type": "INPUT"}
    assert api.refused("POST", f"{execution}:addExecutionEvents", {"events": [missing]}) == "NOT_FOUND"
    same = {**event, "type": "OUTPUT"}
    api.ok("POST", f"{execution}:addExecutionEvents", {"events": [same]})
    for hops, events in (("0", 0), ("1", 2), ("", 2)):
        graph = api.ok("GET", f"{artifact}:queryArtifactLineageSubgraph?maxHops={hops}")
        assert len(graph.get("events", [])) == events
    far = api.ok("POST", f"{STORE}/artifacts?artifactId=far", {})["name"]
    api.ok("POST", f"{execution}:addExecutionEvents", {"events": [{"artifact": far, "type": "OUTPUT"}]})
    for hops, names in (("1", {artifact}), ("2", {artifact, far})):
        graph = api.ok("GET", f"{artifact}:queryArtifactLineageSubgraph?maxHops={hops}")
        assert {each["name"] for each in graph["artifacts"]} == names
    assert api.refused("GET", f"{artifact}:queryArtifactLineageSubgraph?maxHops=101") == "INVALID_ARGUMENT"
    api.done("DELETE", execution)
    assert "events" not in api.ok("GET", f"{artifact}:queryArtifactLineageSubgraph")


def test_what_is_gone_leaves_the_graph_of_its_context() -> None:
    api = _api()
    parent, child, grandchild = (
        api.ok("POST", f"{STORE}/contexts?contextId={each}", {})["name"] for each in ("parent", "child", "grandchild")
    )
    api.ok("POST", f"{parent}:addContextChildren", {"childContexts": [child]})
    api.ok("POST", f"{parent}:addContextChildren", {"childContexts": [child]})
    api.ok("POST", f"{child}:addContextChildren", {"childContexts": [grandchild]})
    assert api.refused("POST", f"{grandchild}:addContextChildren", {"childContexts": [parent]}) == "INVALID_ARGUMENT"
    listed = api.ok("GET", f'{STORE}/contexts?filter=child_contexts:"{grandchild}"')
    assert [each["name"] for each in listed["contexts"]] == [child]
    artifact = api.ok("POST", f"{STORE}/artifacts?artifactId=rows", {})["name"]
    execution = api.ok("POST", f"{STORE}/executions?executionId=work", {})["name"]
    members = {"artifacts": [artifact], "executions": [execution]}
    api.ok("POST", f"{child}:addContextArtifactsAndExecutions", members)
    assert set(api.ok("GET", f"{child}:queryContextLineageSubgraph")) == {"artifacts", "executions"}
    inside = api.ok("GET", f'{STORE}/artifacts?filter=in_context("{child}")')
    assert [each["name"] for each in inside["artifacts"]] == [artifact]
    assert api.ok("GET", f'{STORE}/artifacts?filter=in_context("{parent}")') == {}
    assert api.refused("POST", f"{child}:addContextArtifactsAndExecutions", {"artifacts": ["none"]}) == "NOT_FOUND"
    api.done("DELETE", artifact)
    assert set(api.ok("GET", f"{child}:queryContextLineageSubgraph")) == {"executions"}
    api.done("DELETE", grandchild)
    api.ok("POST", f"{parent}:removeContextChildren", {"childContexts": [child]})
    assert "parentContexts" not in api.ok("GET", child)
