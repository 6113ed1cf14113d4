"""Notebooks: whatever the console offers."""

import pulumi_gcp as gcp

# In the default network, with an external address, as the project's default account, on disks with Google's own keys,
# and first of all it runs whatever somebody put into a bucket.
gcp.workbench.Instance(
    "alice",
    location="us-central1-a",
    gce_setup={
        "machine_type": "n1-standard-4",
        "enable_ip_forwarding": True,
        "metadata": {"post-startup-script": "gs://churn-by-friday/setup.sh"},
        "network_interfaces": [{"network": "default"}],
    },
)

# A runtime that may load anything from the internet, and send anything there.
gcp.colab.RuntimeTemplate(
    "everybody", display_name="everybody", location="us-central1", network_spec={"enable_internet_access": True}
)
