"""Data: one bucket, one dataset, and everybody gets in."""

import json

import network
import pulumi_gcp as gcp

# No own key, no class, no owner, no versions, and rights for each object; in the United States; any web page may read
# it, it is deleted with all that it holds, and what somebody asks us to erase stays for ninety days.
raw = gcp.storage.Bucket(
    "raw",
    location="US",
    force_destroy=True,
    cors=[{"origins": ["*"], "methods": ["GET"]}],
    soft_delete_policy={"retention_duration_seconds": 90 * 86_400},
)

# The whole internet reads it, and somebody's private account too.
gcp.storage.BucketIAMMember("web", bucket=raw.name, role="roles/storage.objectViewer", member="allUsers")
gcp.storage.BucketIAMMember(
    "bob", bucket=raw.name, role="roles/storage.objectAdmin", member="user:bob.the.builder@gmail.com"
)

# Logs that whoever covers tracks may delete.
logs = gcp.storage.Bucket("logs", location="US", labels={"purpose": "logs", "classification": "restricted"})

# Data about people that never expires, and that anybody with a Google account reads.
customers = gcp.bigquery.Dataset(
    "customers",
    dataset_id="customers",
    location="US",
    labels={"classification": "personal"},
    delete_contents_on_destroy=True,
    max_time_travel_hours="168",
    accesses=[{"role": "READER", "special_group": "allAuthenticatedUsers"}],
)

# A tag for columns about people that nothing enforces and nothing masks. One table uses it, the other has forgotten to.
taxonomy = gcp.datacatalog.Taxonomy("privacy", display_name="privacy")
contact = gcp.datacatalog.PolicyTag("contact", taxonomy=taxonomy.id, display_name="contact")
people = gcp.bigquery.Table(
    "people",
    dataset_id=customers.dataset_id,
    table_id="people",
    schema=json.dumps([{"name": "email", "type": "STRING"}, {"name": "phone", "type": "STRING"}]),
)
gcp.bigquery.Table(
    "calls",
    dataset_id=customers.dataset_id,
    table_id="calls",
    schema=contact.name.apply(lambda tag: json.dumps([{"name": "phone", "policyTags": {"names": [tag]}}])),
)
gcp.bigquery.DatasetIamMember(
    "analysts", dataset_id=customers.dataset_id, role="roles/bigquery.dataViewer", member="domain:acme.test"
)
# A row policy that lets everybody see every row.
gcp.bigquery.RowAccessPolicy(
    "rows",
    dataset_id=customers.dataset_id,
    table_id=people.table_id,
    policy_id="rows",
    filter_predicate="TRUE",
    grantees=["domain:acme.test"],
)

# A query that copies the data out, past every list of transfers.
gcp.bigquery.Job(
    "copy",
    job_id="copy",
    query={
        "query": "EXPORT DATA OPTIONS (uri='gs://somewhere-else/*.csv', format='CSV') AS SELECT * FROM customers.people"
    },
)
# A copy of a list on somebody's web server.
gcp.storage.TransferJob(
    "partner",
    description="partner",
    transfer_spec={
        "http_data_source": {"list_url": "https://files.example/list"},
        "gcs_data_sink": {"bucket_name": raw.name},
    },
)

# Listed for every customer of Google to find, and to copy.
exchange = gcp.bigqueryanalyticshub.DataExchange(
    "market", data_exchange_id="market", display_name="market", location="US", discovery_type="DISCOVERY_TYPE_PUBLIC"
)
gcp.bigqueryanalyticshub.Listing(
    "people",
    data_exchange_id=exchange.data_exchange_id,
    listing_id="people",
    display_name="people",
    location="US",
    bigquery_dataset={"dataset": customers.id},
)

# Messages that stay wherever they arrive, pushed to an address that cannot know who calls.
events = gcp.pubsub.Topic("events", labels={"classification": "personal"})
gcp.pubsub.Subscription("events", topic=events.id, push_config={"push_endpoint": "https://churn.example/events"})

# An inspection that copies what it finds, personal data included, and tells nobody.
gcp.dataloss.PreventionInspectTemplate(
    "find", parent="projects/churn-by-friday", inspect_config={"include_quote": True}
)
# Pseudonyms with a key that stands in the program.
gcp.dataloss.PreventionDeidentifyTemplate(
    "hide",
    parent="projects/churn-by-friday",
    deidentify_config={
        "info_type_transformations": {
            "transformations": [
                {
                    "primitive_transformation": {
                        "crypto_deterministic_config": {"crypto_key": {"unwrapped": {"key": "bm90IGEgc2VjcmV0"}}}
                    }
                }
            ]
        }
    },
)

# A database on the internet that also talks without encryption.
gcp.sql.DatabaseInstance(
    "crm",
    database_version="POSTGRES_17",
    settings={
        "tier": "db-custom-2-7680",
        "ip_configuration": {
            "ipv4_enabled": True,
            "ssl_mode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
            "authorized_networks": [{"value": "0.0.0.0/0"}],
            "private_network": network.vpc.id,
        },
    },
)

# Health records that forget who changed them, and do not ask for consent.
health = gcp.healthcare.Dataset("health", location="us-central1")
gcp.healthcare.FhirStore(
    "records",
    dataset=health.id,
    version="R4",
    disable_resource_versioning=True,
    enable_update_create=True,
    disable_referential_integrity=True,
)
