"""Vertex AI.

Control plane: datasets, models, endpoints, jobs, pipelines, schedules, notebooks, metadata, TensorBoard, features,
indexes, studies, monitoring. What computes something is a small local simulation and says so where it is; predictions
come from functions or local servers that a test registers (`predictions`).
"""

from importlib import import_module
from typing import Final

from mockcloud.services.aiplatform.api import SERVICE

__all__ = ["SERVICE"]

_TOPICS: Final = (
    "datasets",
    "models",
    "endpoints",
    "custom_jobs",
    "tuning",
    "training",
    "lineage",
    "metadata",
    "runs",
    "pipelines",
    "notebooks",
    "persistent",
    "monitors",
    "schedules",
    "tensorboards",
    "features",
    "indexes",
    "online",
    "serving",
    "featurestores",
    "predictions",
    "generation",
    "generative",
    "vizier",
    "evaluations",
    "garden",
    "publishers",
)
"""Modules that register what they do."""

for _topic in _TOPICS:
    import_module(f"{__name__}.{_topic}")
