"""Cloud Healthcare: datasets and their stores. What is in the stores answers 501."""

from typing import Final

from mockcloud.services.service import Service

SERVICE: Final = Service("healthcare", modelled=False)
_DATASETS: Final = "projects.locations.datasets"

SERVICE.collection(
    _DATASETS,
    *(f"{_DATASETS}.{each}" for each in ("consentStores", "dicomStores", "fhirStores", "hl7V2Stores")),
)
