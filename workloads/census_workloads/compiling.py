"""The pipeline as YAML, which is what is reviewed, published and named by a schedule."""

import re
import tempfile
from pathlib import Path

from kfp import compiler

from census_workloads.errors import CompileError
from census_workloads.pipeline import LOCAL_IMAGE, build

_PINNED = re.compile(r"[a-z0-9][a-z0-9._/-]*(?:@sha256:[0-9a-f]{64}|:[0-9a-f]{40})")


def compiled(image: str = LOCAL_IMAGE) -> str:
    """Return the compiled pipeline; the same code and image give the same text.

    Raises:
        CompileError: The image is given neither by its digest nor by the commit that it was built from.
    """
    if image != LOCAL_IMAGE and not _PINNED.fullmatch(image):
        raise CompileError(
            "the pipeline cannot be compiled",
            given=f"the image {image}",
            allowed="an image by its digest, NAME@sha256:…, or, where no tag can be moved, by its commit, NAME:…",
            do="take the digest that the build of the image printed; what another tag names can change",
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pipeline.yaml"
        compiler.Compiler().compile(build(image), package_path=str(file))
        return file.read_text(encoding="utf-8")
