"""The table of quotas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mockcloud.discovery.tables import read_table

_WORD = "GPU"


@dataclass(frozen=True, slots=True)
class Metric:
    """Something of which a project may use so much.

    Attributes:
        api: API that it belongs to.
        id: `custom_model_training_nvidia_t4_gpus`.
        title: What people call it.
        limit: How much of it there is where nobody has asked for more.
        regional: Whether there is so much in each region; else in all together.
        compute: What Compute Engine calls it in its own API; "" for nothing.
    """

    api: str
    id: str
    title: str
    limit: int
    regional: bool
    compute: str = ""

    @property
    def name(self) -> str:
        """Its full name: `aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus`."""
        return f"{self.api}.googleapis.com/{self.id}"


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    table: dict[str, Any] = read_table(Path(__file__).parent / "quotas.yaml")
    return table


@lru_cache(maxsize=1)
def metrics() -> Mapping[str, Metric]:
    """Give all metrics by full name."""
    return {each.name: each for api, rows in _data()["metrics"].items() for each in _of(api, rows)}


def _of(api: str, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Metric]:
    for name, row in rows.items():
        regional = row["per"] == "region"
        if _WORD not in name:
            yield Metric(api, name, row["title"], row["limit"], regional, row.get("compute", ""))
            continue
        for word, limits in _data()["limits"].items():
            yield Metric(
                api,
                name.replace(_WORD, word),
                row["title"].replace(_WORD, word.removeprefix("nvidia_").upper(), 1),
                limits[row["limit"]],
                regional,
                row.get("compute", "").replace(_WORD, word.upper(), 1),
            )


@lru_cache(maxsize=256)
def accelerator(name: str) -> str:
    """Give what stands for an accelerator in the names of metrics: of `NVIDIA_TESLA_T4` or `nvidia-tesla-t4`."""
    word = name.rpartition("/")[2].upper().replace("-", "_")
    return str(_data()["accelerators"].get(word, ""))
