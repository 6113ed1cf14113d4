"""What ``groundplan preview team`` costs beside the imports that no program on pulumi_gcp can avoid."""

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.registry import Benchmark, Measurement

ROOT = Path(__file__).resolve().parent.parent

# Prints the modules of pulumi_gcp that a preview of the stack loads. All of them stand in sys.modules, most as lazy
# ones, which load when first used. Those that were used have modules below them.
MODULES = """
import json, pathlib, re, sys
import mockcloud
mockcloud.preview_directory(pathlib.Path.cwd(), "team")
loaded = (re.match(r"pulumi_gcp\\.[a-z0-9]+(?=\\.)", name) for name in sys.modules)
print(json.dumps(sorted({match.group() for match in loaded if match} - {"pulumi_gcp.config"})))
"""

# Naming an attribute is what makes a lazy module load.
IMPORTS = """
import importlib, sys
import pulumi
for name in sys.argv[1:]:
    importlib.import_module(name).__builtins__
"""


def run(*arguments: str) -> tuple[float, str]:
    """Run Python in a new process and return its time in seconds, and what it printed."""
    start = time.perf_counter()
    result = subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - start, result.stdout


def measure() -> Measurement:
    """Measure both three times in turn, and take the best of each; the first run of all warms the files' cache."""
    modules: list[str] = json.loads(run("-c", MODULES)[1])
    times = [(run("-m", "groundplan_cli", "preview", "team")[0], run("-c", IMPORTS, *modules)[0]) for _ in range(3)]
    preview, bare = (min(column) for column in zip(*times, strict=True))
    return Measurement(
        seconds=preview,
        baseline_seconds=bare,
        details={"s for the preview": preview, f"s for importing {len(modules)} modules": bare},
    )


BENCHMARK = Benchmark(
    name="preview-cold",
    judged="groundplan preview team in a new process",
    baseline="importing the same modules of pulumi_gcp in one",
    limit=1.3,
    measure=measure,
)
