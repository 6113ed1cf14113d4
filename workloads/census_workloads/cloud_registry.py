"""The model registry of Vertex AI: each registered model becomes a version of one model there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from census_workloads.errors import RegistryError
from census_workloads.registry import NAME, ModelCard

if TYPE_CHECKING:
    from google.cloud import aiplatform

_LABEL_LENGTH = 63


@dataclass(frozen=True, kw_only=True)
class CloudRegistry:
    """Where models are uploaded to, and how."""

    project: str
    region: str
    serving_image: str
    """Image that serves the model, by its digest; Google's client registers no model without one."""
    key: str = ""
    """Full name of the key that encrypts the model; empty for Google's own."""

    def upload(self, card: ModelCard, artifact: str) -> str:
        """Upload a registered model, and return its full name with its version; the same one twice is uploaded once.

        A new version never becomes the default: which version is served is decided where it is deployed.

        Args:
            card: The card of the model; its version becomes an alias.
            artifact: ``gs://`` address of the folder with the model.

        Raises:
            RegistryError: An argument cannot be used, or the alias belongs to another model.
        """
        self._check(artifact)
        # Costs seconds, and local runs do without.
        from google.cloud import aiplatform

        parent = self._find(NAME)
        existing = self._find(f"{NAME}@{card.version}") if parent is not None else None
        digest = card.model_sha256[:_LABEL_LENGTH]
        if existing is not None:
            return self._same(existing, digest, card)
        model = aiplatform.Model.upload(
            project=self.project,
            location=self.region,
            display_name=NAME,
            model_id=NAME if parent is None else None,
            parent_model=parent.resource_name if parent is not None else None,
            is_default_version=parent is None,
            version_aliases=[card.version],
            version_description=f"Code {card.code_version}; ROC AUC {card.evidence.scores.roc_auc}",
            description=card.intended_use,
            artifact_uri=artifact,
            serving_container_image_uri=self.serving_image,
            labels={"model-sha256": digest},
            encryption_spec_key_name=self.key or None,
        )
        return str(model.versioned_resource_name)

    def _check(self, artifact: str) -> None:
        if not self.region or not artifact.startswith("gs://"):
            raise RegistryError(
                "the model cannot be uploaded",
                given=f"region {self.region!r}, model in {artifact}",
                allowed="a region, and a model in a bucket",
                do="give the region; a model that was trained here has no place in the cloud, so give no project",
            )
        if "@sha256:" not in self.serving_image:
            raise RegistryError(
                "the model cannot be uploaded",
                given=f"the serving image {self.serving_image!r}",
                allowed="an image by its digest, IMAGE@sha256:…",
                do="take the digest that the registry of images shows; what a tag names can change",
            )

    def _find(self, name: str) -> aiplatform.Model | None:
        from google.api_core.exceptions import NotFound
        from google.cloud import aiplatform

        try:
            return aiplatform.Model(name, project=self.project, location=self.region)
        except NotFound:
            return None

    @staticmethod
    def _same(existing: aiplatform.Model, digest: str, card: ModelCard) -> str:
        if existing.labels.get("model-sha256") != digest:
            raise RegistryError(
                "the model cannot be uploaded",
                given=f"the version {card.version}, which is another model there",
                allowed="versions that both registries number alike",
                do="use one folder as the registry of a project's models",
            )
        return str(existing.versioned_resource_name)
