"""What the tests of features are given: tables, a group and keys."""

from __future__ import annotations

from typing import Any

import groundplan as gp
from tests.constructs.plan import environment

KEY = "projects/acme-keys/locations/europe-west4/keyRings/ring/cryptoKeys/data"
OPEN = gp.OptimizedServing(project_allowlist=("acme-ml-dev",), google_managed_keys=True)
AGE = gp.Feature(name="age", description="Age in years on the day of the row")
SPEND = gp.Feature(name="spend_30d", description="Money spent in 30 days, in euros.", column="spend30")


def lake(*, location: str = "europe-west4", managed: bool = True, **more: Any) -> gp.DatasetRef:
    given = {
        "dataset_id": "lake",
        "project": gp.Project(id="acme-lake", managed=managed),
        "location": location,
        "data_class": gp.DataClass.CONFIDENTIAL,
    }
    return gp.Warehouse.from_existing(**{**given, **more})


def source(**more: Any) -> gp.FeatureSource:
    given: dict[str, Any] = {"dataset": lake(), "table": "customers", "entity_id_columns": ("customer_id",)}
    return gp.FeatureSource(**{**given, **more})


def group(tier: gp.Tier = gp.Tier.TEAM, name: str = "customers", **more: Any) -> gp.FeatureGroup:
    given: dict[str, Any] = {
        "env": environment(tier),
        "source": source(),
        "features": (AGE, SPEND),
        "owner": "group:ml-data@acme.test",
        "description": "A customer on a day",
    }
    return gp.FeatureGroup(name, gp.FeatureGroupArgs(**{**given, **more}))


def warehouse(columns: tuple[gp.Column, ...] = (), **more: Any) -> gp.Warehouse:
    table = gp.Table(
        name="customers",
        columns=(
            gp.Column(name="customer_id", type="STRING", personal=gp.Personal.IDENTIFIER),
            gp.Column(name="feature_timestamp", type="TIMESTAMP"),
            gp.Column(name="age", type="INT64", personal=gp.Personal.SENSITIVE),
            gp.Column(name="spend30", type="NUMERIC"),
            gp.Column(name="born", type="DATE", personal=gp.Personal.DATE),
            *columns,
        ),
        partition_by="feature_timestamp",
    )
    given: dict[str, Any] = {
        "env": environment(),
        "data_class": gp.DataClass.PERSONAL,
        "owner": "group:ml-data@acme.test",
        "keys": gp.KeyRing.from_existing({gp.DataClass.PERSONAL: KEY}, project=gp.Project(id="acme-keys")),
        "tables": (table,),
    }
    return gp.Warehouse("people", gp.WarehouseArgs(**{**given, **more}))


def central_keys(key: str = KEY, *, managed: bool = True) -> gp.KeyRingRef:
    project = gp.Project(id="acme-keys", managed=managed)
    return gp.KeyRing.from_existing(dict.fromkeys(gp.DataClass, key), project=project)
