"""The service by itself, to which the modules of this package add their methods."""

from typing import Final

from mockcloud.services.service import Service

API: Final = "bigquery"
SERVICE: Final = Service(API, modelled=False)
LINK: Final = "https://bigquery.googleapis.com/bigquery/v2"
