"""The table of columns: whole, and checked when it is read."""

import pytest
from pydantic import ValidationError

from census_workloads import features
from census_workloads.catalog import Column, Role, catalog


def test_every_column_has_a_role_and_no_sensitive_one_is_a_feature() -> None:
    table = catalog()
    assert len(table.columns) == 15
    assert (table.label, table.positive) == ("income", ">50K")
    assert table.names(Role.SENSITIVE) == ["race", "sex"]
    assert table.compared == ["age", "race", "sex"]
    assert not [name for name in features.names() if name.split("=")[0] in {"race", "sex", "income", "native_country"}]


@pytest.mark.parametrize(
    "row",
    [
        {"role": "number"},
        {"role": "number", "range": [0, 1], "categories": ["a"]},
        {"role": "label", "categories": ["a"]},
        {"role": "unused", "categories": ["a"]},
        {"role": "number", "range": [0, 1], "why": "no reason is needed"},
        {"role": "nothing", "range": [0, 1]},
        {"role": "number", "range": [0, 1], "unit": "years"},
        {"role": "category", "categories": ["a"], "compared_from": 1},
    ],
)
def test_a_column_that_is_not_whole_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Column.model_validate(row)
