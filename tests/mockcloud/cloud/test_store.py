"""What there is: found by name, by collection, and below a name."""

import pytest

from mockcloud.cloud.store import Record, Store

API = "aiplatform"
PLACE = "projects/acme/locations/l"


@pytest.fixture
def store() -> Store:
    made = Store()
    for name in ("stores/a", "stores/a/types/t", "stores/a/types/t/features/f", "stores/a-b/types/t", "stores/ab"):
        made.put(Record(API, f"{PLACE}/{name}", {}))
    made.put(Record("other", f"{PLACE}/stores/a/types/t", {}))
    return made


def below(store: Store, name: str, api: str = API) -> list[str]:
    return [each.name.removeprefix(f"{PLACE}/") for each in store.below(api, f"{PLACE}/{name}")]


def test_what_lies_below_is_found_at_any_depth(store: Store) -> None:
    assert below(store, "stores/a") == ["stores/a/types/t", "stores/a/types/t/features/f"]
    assert below(store, "stores/a/types") == ["stores/a/types/t", "stores/a/types/t/features/f"]
    assert below(store, "stores/a-b") == ["stores/a-b/types/t"]
    assert below(store, "stores/a", "other") == ["stores/a/types/t"]
    assert below(store, "stores/ab") == below(store, "stores/a", "nobody") == []
    assert store.holds(API, f"{PLACE}/stores/a/types/t")
    assert not store.holds(API, f"{PLACE}/stores/ab")


def test_a_collection_is_there_while_it_holds_something(store: Store) -> None:
    name = f"{PLACE}/stores/a-b/types"
    assert store.collections(API) == sorted(
        f"{PLACE}/{each}" for each in ("stores", "stores/a/types", "stores/a/types/t/features", "stores/a-b/types")
    )
    store.delete(API, f"{name}/t")
    assert name not in store.collections(API)
    assert not store.holds(API, f"{PLACE}/stores/a-b")
    assert store.delete(API, f"{name}/t") is None
    assert store.page(API, name) == []


def test_an_id_may_hold_slashes(store: Store) -> None:
    store.put(Record("storage", "b/x/o/a/b", {}, collection="b/x/o"))
    store.put(Record("storage", "b/x/o/c", {}, collection="b/x/o"))
    assert [each.id for each in store.page("storage", "b/x/o")] == ["a/b", "c"]
    assert [each.id for each in store.page("storage", "b/x/o", after="a/b", size=1)] == ["c"]
    assert [each.id for each in store.below("storage", "b/x")] == ["a/b", "c"]
    assert not store.holds("storage", "b/x/o/a")


def test_a_copy_lives_by_itself(store: Store) -> None:
    copy = store.snapshot()
    store.delete(API, f"{PLACE}/stores/a/types/t")
    copy.put(Record(API, f"{PLACE}/stores/z", {}))
    assert copy.get(API, f"{PLACE}/stores/a/types/t") is not None
    assert f"{PLACE}/stores/a/types" in copy.collections(API)
    assert store.get(API, f"{PLACE}/stores/z") is None
    assert len(copy) == len(store) + 2 == len(list(copy))


def test_what_lies_elsewhere_is_not_looked_at(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1000):
        store.put(Record(API, f"{PLACE}/stores/s{number}/types/t", {}))
    looked: list[str] = []
    page = store.page

    def watched(api: str, collection: str) -> list[Record]:
        looked.append(collection)
        return page(api, collection)

    monkeypatch.setattr(store, "page", watched)
    assert len(store.below(API, f"{PLACE}/stores/s7")) == 1
    assert looked == [f"{PLACE}/stores/s7/types"]
