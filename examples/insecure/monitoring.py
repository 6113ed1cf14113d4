"""What is seen of all this: little, by nobody, and not for long."""

import pulumi_gcp as gcp

# Entries go a week, in the project whose entries they are, and whatever is not an error goes nowhere.
logs = gcp.logging.ProjectBucketConfig(
    "short", project="churn-by-friday", location="europe-west4", bucket_id="short", retention_days=7
)
gcp.logging.ProjectSink(
    "errors",
    filter="severity>=ERROR",
    destination="logging.googleapis.com/projects/churn-by-friday/locations/europe-west4/buckets/short",
    unique_writer_identity=False,
)
# The bill of logging went down at once.
gcp.logging.ProjectExclusion("noise", filter="severity<ERROR")

# The boss reads everything, and does not want to read of it.
gcp.projects.IAMAuditConfig(
    "reads",
    project="churn-by-friday",
    service="storage.googleapis.com",
    audit_log_configs=[{"log_type": "DATA_READ", "exempted_members": ["user:boss@acme.test"]}],
)
# An alert that rings nowhere.
gcp.monitoring.AlertPolicy(
    "firewalls",
    display_name="Firewall changed",
    combiner="OR",
    conditions=[
        {
            "display_name": "firewall",
            "condition_matched_log": {"filter": 'resource.type="gce_firewall_rule"'},
        }
    ],
)
# A load balancer that forgets its requests.
gcp.compute.BackendService("front", protocol="HTTPS")
# Google writes to whoever is the owner when the project is about to be switched off.
gcp.essentialcontacts.Contact(
    "boss",
    parent="projects/churn-by-friday",
    email="boss@acme.test",
    language_tag="en",
    notification_category_subscriptions=["BILLING"],
)
