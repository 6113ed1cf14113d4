"""Programs for the real engine, each served by a process of its own.

The engine stops a program at a violation, and Pulumi's SDK leaves half-run coroutines behind: not in the process of
the tests.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.architecture.sources import ROOT
from tests.conformance.real_engine import serve_program

CANARY = "c4n4ry-in-a-secret"


def insecure() -> None:
    """A bucket that anybody could be let into, and secrets where controls look."""
    import pulumi
    import pulumi_gcp as gcp

    team = pulumi.ComponentResource("acme:ml:Team", "team")
    gcp.storage.Bucket(
        "logs",
        location="europe-west4",
        public_access_prevention="inherited",
        labels={"owner": pulumi.Output.secret(CANARY)},
        opts=pulumi.ResourceOptions(parent=team),
    )
    ring = gcp.kms.KeyRing("ring", location="europe-west4")
    gcp.kms.CryptoKey("key", key_ring=ring.id, rotation_period=pulumi.Output.secret(CANARY))


def harmless() -> None:
    """An account without a grant."""
    import pulumi_gcp as gcp

    gcp.serviceaccount.Account("training", account_id="training", project="acme-ml")


@contextmanager
def served(program: str) -> Iterator[str]:
    """Serve a program of this file, and give the address."""
    command = [sys.executable, "-m", "tests.policies.crossguard.programs", program]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


if __name__ == "__main__":
    with serve_program(globals()[sys.argv[1]]) as serving:
        sys.stdout.write(f"{serving}\n")
        sys.stdout.flush()
        sys.stdin.read()
