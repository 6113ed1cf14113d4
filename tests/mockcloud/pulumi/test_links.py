"""Every row's calls are methods of Google's APIs, and every property of a type with an example reaches one of them."""

import pytest

from mockcloud.pulumi.links import method_of, type_of
from mockcloud.pulumi.rows import row_of, rows
from tests.mockcloud.pulumi.lives import examples

_TABLED = sorted({example.token for example in examples().values() if not example.support and row_of(example.token)})


@pytest.mark.parametrize("token", _TABLED)
def test_every_property_reaches_the_api(token: str) -> None:
    kind = type_of(token)

    assert kind is not None
    assert kind.unlinked == []


@pytest.mark.parametrize("token", rows())
def test_every_call_is_a_method(token: str) -> None:
    row = row_of(token)

    assert row is not None
    calls = [call for call in (row.create, row.read, row.update, *row.updates, row.delete) if call is not None]
    assert all(method_of(row, call) for call in calls)


def test_every_row_is_read() -> None:
    assert all(row_of(token) is not None for token in rows())
