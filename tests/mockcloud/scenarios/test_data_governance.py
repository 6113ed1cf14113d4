"""Sensitive data, catalogue, lineage, scans and documents, through Google's clients."""

import pytest
from google.api_core.exceptions import BadRequest, MethodNotImplemented, NotFound
from google.cloud import (
    datacatalog_lineage_v1,
    datacatalog_v1,
    dataplex_v1,
    dlp_v2,
    documentai_v1,
    language_v1,
    speech_v1,
    translate_v3,
    vision_v1,
)
from googleapiclient.discovery import build

from mockcloud.cloud.cloud import Cloud

HERE = "projects/acme-ml/locations/europe-west4"


@pytest.mark.scenario(library="google-cloud-dlp")
def test_personal_data_is_found_and_masked(cloud: Cloud, transport: str) -> None:
    client = dlp_v2.DlpServiceClient(transport=transport)
    template = client.create_inspect_template(
        request={
            "parent": HERE,
            "template_id": "personal",
            "inspect_template": {"inspect_config": {"info_types": [{"name": "EMAIL_ADDRESS"}], "include_quote": True}},
        }
    )
    assert template.name == f"{HERE}/inspectTemplates/personal"
    text = "Grüße an alice@acme.test, nicht an bob."
    found = client.inspect_content(
        request={"parent": HERE, "inspect_template_name": template.name, "item": {"value": text}}
    ).result.findings
    assert [(each.quote, each.info_type.name) for each in found] == [("alice@acme.test", "EMAIL_ADDRESS")]
    span = found[0].location.byte_range
    assert text.encode()[span.start : span.end] == b"alice@acme.test"

    step = {"primitive_transformation": {"character_mask_config": {"masking_character": "#", "number_to_mask": 5}}}
    masked = client.deidentify_content(
        request={
            "parent": HERE,
            "inspect_template_name": template.name,
            "deidentify_config": {"info_type_transformations": {"transformations": [step]}},
            "item": {"value": text},
        }
    )
    assert masked.item.value == "Grüße an #####@acme.test, nicht an bob."
    kinds = [{"name": "URL"}, {"name": "EMAIL_ADDRESS"}]
    named: dict[str, object] = {"primitive_transformation": {"replace_with_info_type_config": {}}}
    replaced = client.deidentify_content(
        request={
            "parent": HERE,
            "inspect_config": {"info_types": kinds},
            "deidentify_config": {"info_type_transformations": {"transformations": [named]}},
            "item": {"value": "see https://acme.test/?of=alice@acme.test now"},
        }
    )
    # What lies in something that is replaced already is gone with it.
    assert replaced.item.value == "see [URL] now"
    with pytest.raises(MethodNotImplemented, match="PERSON_NAME"):
        client.inspect_content(
            request={
                "parent": HERE,
                "inspect_config": {"info_types": [{"name": "PERSON_NAME"}]},
                "item": {"value": "x"},
            }
        )


@pytest.mark.scenario(library="google-cloud-dlp")
def test_a_bucket_is_scanned_by_a_trigger(cloud: Cloud, transport: str) -> None:
    client = dlp_v2.DlpServiceClient(transport=transport)
    storage = {"cloud_storage_options": {"file_set": {"url": "gs://acme-raw/**"}}}
    trigger = client.create_job_trigger(
        request={
            "parent": HERE,
            "trigger_id": "weekly",
            "job_trigger": {
                "inspect_job": {"storage_config": storage},
                "triggers": [{"schedule": {"recurrence_period_duration": {"seconds": 604800}}}],
                "status": "HEALTHY",
            },
        }
    )
    job = client.activate_job_trigger(request={"name": trigger.name})
    assert job.state == dlp_v2.DlpJob.JobState.PENDING
    cloud.advance(120)
    done = client.get_dlp_job(name=job.name)
    assert done.state == dlp_v2.DlpJob.JobState.DONE
    assert done.end_time != done.start_time
    assert done.inspect_details.requested_options.job_config.storage_config.cloud_storage_options is not None
    with pytest.raises(BadRequest):
        client.cancel_dlp_job(request={"name": job.name})
    paused = client.update_job_trigger(
        request={"name": trigger.name, "job_trigger": {"status": "PAUSED"}, "update_mask": {"paths": ["status"]}}
    )
    assert paused.status == dlp_v2.JobTrigger.Status.PAUSED
    assert [each.name for each in client.list_job_triggers(parent=HERE)] == [trigger.name]


@pytest.mark.scenario(library="google-cloud-datacatalog")
def test_columns_are_classified_by_policy_tags(cloud: Cloud) -> None:
    client = datacatalog_v1.PolicyTagManagerClient()
    taxonomy = client.create_taxonomy(
        parent=HERE,
        taxonomy=datacatalog_v1.Taxonomy(display_name="classes", activated_policy_types=[1]),
    )
    tag = client.create_policy_tag(
        parent=taxonomy.name, policy_tag=datacatalog_v1.PolicyTag(display_name="personal", description="a person")
    )
    tag.description = "of a person"
    assert client.update_policy_tag(policy_tag=tag).description == "of a person"
    policy = client.get_iam_policy(request={"resource": tag.name})
    policy.bindings.add(role="roles/datacatalog.categoryFineGrainedReader", members=["group:ml@acme.test"])
    client.set_iam_policy(request={"resource": tag.name, "policy": policy})
    assert client.get_iam_policy(request={"resource": tag.name}).bindings[0].members == ["group:ml@acme.test"]
    client.delete_taxonomy(name=taxonomy.name)
    with pytest.raises(NotFound):
        client.get_policy_tag(name=tag.name)


@pytest.mark.scenario(library="google-cloud-datacatalog-lineage")
def test_a_table_is_traced_to_its_source(cloud: Cloud, transport: str) -> None:
    client = datacatalog_lineage_v1.LineageClient(transport=transport)
    process = client.create_process(parent=HERE, process={"display_name": "prepare"})
    run = client.create_run(
        parent=process.name, run={"state": "COMPLETED", "start_time": {"seconds": 1}, "end_time": {"seconds": 2}}
    )
    source, target = "gcs:acme-raw.adult", "bigquery:acme-ml.features.adult"
    link = {"source": {"fully_qualified_name": source}, "target": {"fully_qualified_name": target}}
    client.create_lineage_event(
        parent=run.name, lineage_event={"links": [link], "start_time": {"seconds": 1}, "end_time": {"seconds": 2}}
    )
    found = list(client.search_links(request={"parent": HERE, "target": {"fully_qualified_name": target}}))
    assert [each.source.fully_qualified_name for each in found] == [source]
    for wrong in ("source", "target"):
        name = target if wrong == "source" else source
        assert list(client.search_links(request={"parent": HERE, wrong: {"fully_qualified_name": name}})) == []


@pytest.mark.scenario(library="google-cloud-dataplex")
def test_a_table_is_profiled(cloud: Cloud, transport: str) -> None:
    client = dataplex_v1.DataScanServiceClient(transport=transport)
    scan = client.create_data_scan(
        parent=HERE,
        data_scan={
            "data": {"resource": "//bigquery.googleapis.com/projects/acme-ml/datasets/d/tables/t"},
            "data_profile_spec": {"sampling_percent": 10},
        },
        data_scan_id="profile",
    ).result()
    assert scan.type_ == dataplex_v1.DataScanType.DATA_PROFILE
    job = client.run_data_scan(name=scan.name).job
    cloud.advance(120)
    done = client.get_data_scan_job(name=job.name)
    assert done.state == dataplex_v1.DataScanJob.State.SUCCEEDED
    assert done.data_profile_spec.sampling_percent == 10
    assert client.get_data_scan(name=scan.name).execution_status.latest_job_end_time is not None
    with pytest.raises(BadRequest):
        client.create_data_scan(parent=HERE, data_scan={"data": {"resource": "//x"}}, data_scan_id="none")


@pytest.mark.scenario(library="google-cloud-documentai")
def test_a_processor_is_made_and_switched_off(cloud: Cloud, transport: str) -> None:
    client = documentai_v1.DocumentProcessorServiceClient(transport=transport)
    parent = "projects/acme-ml/locations/eu"
    types = {each.type_ for each in client.list_processor_types(parent=parent)}
    assert "OCR_PROCESSOR" in types
    made = client.create_processor(parent=parent, processor={"display_name": "scans", "type_": "OCR_PROCESSOR"})
    versions = list(client.list_processor_versions(parent=made.name))
    assert [each.name for each in versions] == [made.default_processor_version]
    client.disable_processor(request={"name": made.name}).result()
    assert client.get_processor(name=made.name).state == documentai_v1.Processor.State.DISABLED
    with pytest.raises(BadRequest):
        client.undeploy_processor_version(name=made.default_processor_version)
    with pytest.raises(MethodNotImplemented, match=r"processors\.process"):
        client.process_document(
            request={"name": made.name, "raw_document": {"content": b"x", "mime_type": "text/plain"}}
        )


@pytest.mark.scenario(library="google-api-python-client")
def test_sql_is_committed_and_run(cloud: Cloud) -> None:
    service = build("dataform", "v1").projects().locations().repositories()
    service.create(parent=HERE, repositoryId="sql", body={}).execute()
    service.workspaces().create(parent=f"{HERE}/repositories/sql", workspaceId="alice", body={}).execute()
    workspace = f"{HERE}/repositories/sql/workspaces/alice"
    service.workspaces().writeFile(
        workspace=workspace, body={"path": "definitions/a.sqlx", "contents": "U0VMRUNUIDE="}
    ).execute()
    entries = service.workspaces().queryDirectoryContents(workspace=workspace).execute()["directoryEntries"]
    assert entries == [{"directory": "definitions"}]
    author = {"name": "Alice", "emailAddress": "alice@acme.test"}
    service.workspaces().commit(name=workspace, body={"author": author, "commitMessage": "Add a"}).execute()
    history = service.fetchHistory(name=f"{HERE}/repositories/sql").execute()["commits"]
    assert [each["commitMessage"] for each in history] == ["Add a"]
    read = service.readFile(name=f"{HERE}/repositories/sql", path="definitions/a.sqlx").execute()
    assert read["contents"] == "U0VMRUNUIDE="

    compiled = (
        service.compilationResults().create(parent=f"{HERE}/repositories/sql", body={"gitCommitish": "main"}).execute()
    )
    invocation = (
        service.workflowInvocations()
        .create(parent=f"{HERE}/repositories/sql", body={"compilationResult": compiled["name"]})
        .execute()
    )
    cloud.advance(60)
    assert service.workflowInvocations().get(name=invocation["name"]).execute()["state"] == "SUCCEEDED"


@pytest.mark.scenario(library="google-cloud-translate")
def test_a_glossary_is_kept_and_nothing_is_translated(cloud: Cloud, transport: str) -> None:
    client = translate_v3.TranslationServiceClient(transport=transport)
    name = f"{HERE}/glossaries/terms"
    glossary = translate_v3.Glossary(
        name=name,
        language_pair={"source_language_code": "en", "target_language_code": "de"},
        input_config={"gcs_source": {"input_uri": "gs://b/terms.csv"}},
    )
    client.create_glossary(parent=HERE, glossary=glossary).result()
    assert client.get_glossary(name=name).language_pair.target_language_code == "de"
    with pytest.raises(MethodNotImplemented, match="translateText"):
        client.translate_text(request={"parent": HERE, "contents": ["hello"], "target_language_code": "de"})


@pytest.mark.parametrize(
    ("library", "call", "method"),
    [
        pytest.param(
            "google-cloud-language",
            lambda: language_v1.LanguageServiceClient().analyze_sentiment(
                request={"document": {"content": "good", "type_": "PLAIN_TEXT"}}
            ),
            "analyzeSentiment",
            marks=pytest.mark.scenario(library="google-cloud-language"),
        ),
        pytest.param(
            "google-cloud-vision",
            lambda: vision_v1.ImageAnnotatorClient().batch_annotate_images(
                request={"requests": [{"image": {"source": {"image_uri": "gs://b/i.png"}}}]}
            ),
            "images.annotate",
            marks=pytest.mark.scenario(library="google-cloud-vision"),
        ),
        pytest.param(
            "google-cloud-speech",
            lambda: speech_v1.SpeechClient().recognize(
                request={"config": {"language_code": "en"}, "audio": {"uri": "gs://b/a.wav"}}
            ),
            "speech.recognize",
            marks=pytest.mark.scenario(library="google-cloud-speech"),
        ),
    ],
)
def test_what_needs_a_model_of_googles_says_that_it_is_not_there(
    cloud: Cloud, library: str, call: object, method: str
) -> None:
    assert callable(call)
    with pytest.raises(MethodNotImplemented, match=method):
        call()
