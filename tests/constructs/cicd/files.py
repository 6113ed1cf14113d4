"""Build files and images, as tests of delivery share them."""

from __future__ import annotations

import groundplan as gp

DIGEST = "@sha256:" + "a1" * 32
BUILDERS = gp.Builders(
    images={name: f"europe-west4-docker.pkg.dev/acme-ml-dev/builders/{name}{DIGEST}" for name in ("docker", "python")}
)
GOOD = """
substitutions:
  _IMAGE: europe-west4-docker.pkg.dev/acme-ml-dev/images/trainer
steps:
  - id: test
    name: builder/python
    env: ["COMMIT_SHA=${COMMIT_SHA}"]
    script: |
      set -eu
      echo "testing $COMMIT_SHA"
  - id: build
    name: builder/docker
    waitFor: [test]
    args: [build, "--tag=${_IMAGE}:${COMMIT_SHA}", .]
images: ["${_IMAGE}:${COMMIT_SHA}"]
"""


def build(text: str = GOOD) -> gp.BuildFile:
    return gp.BuildFile.parse(text, name="build.yaml", builders=BUILDERS)
