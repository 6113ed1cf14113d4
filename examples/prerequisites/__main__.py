"""Makes what an environment finds in the cloud, and does not make: secrets that people put there, and access levels.

It reads their names from the environment's own settings. The secrets hold nothing of use: this is for a mock cloud.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pulumi_gcp as gcp
import yaml

ENVIRONMENTS = Path(__file__).resolve().parents[2] / "stacks" / "environments"
SECRET = re.compile(r"projects/([^/]+)/secrets/([^/]+)/versions/.+")
LEVEL = re.compile(r"(accessPolicies/\d+)/accessLevels/(\w+)")


def texts(value: object) -> Iterator[str]:
    """Walk to every text in a settings file."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(each)


def secret(project: str, name: str) -> None:
    """Make a secret with one version."""
    made = gcp.secretmanager.Secret(
        f"{project}-{name}",
        project=project,
        secret_id=name,
        replication=gcp.secretmanager.SecretReplicationArgs(auto=gcp.secretmanager.SecretReplicationAutoArgs()),
    )
    content = pulumi.Output.secret("of no use")
    gcp.secretmanager.SecretVersion(f"{project}-{name}", secret=made.id, secret_data=content)


def level(policy: str, name: str) -> None:
    """Make an access level, which lets in who comes from a country."""
    conditions = [gcp.accesscontextmanager.AccessLevelBasicConditionArgs(regions=["NL"])]
    gcp.accesscontextmanager.AccessLevel(
        name,
        parent=policy,
        name=f"{policy}/accessLevels/{name}",
        title=name,
        basic=gcp.accesscontextmanager.AccessLevelBasicArgs(conditions=conditions),
    )


settings = yaml.safe_load((ENVIRONMENTS / f"Pulumi.{pulumi.get_stack()}.yaml").read_text(encoding="utf-8"))
for text in sorted(set(texts(settings))):
    if found := SECRET.fullmatch(text):
        secret(*found.groups())
    elif found := LEVEL.fullmatch(text):
        level(*found.groups())
