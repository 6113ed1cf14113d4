"""Types that no row can tell: each has a class of its own, a `Lifecycle`, in `specials/`."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, TypeVar

from mockcloud.pulumi.lifecycle import Lifecycle
from mockcloud.pulumi.links import Type, type_of
from mockcloud.pulumi.rows import BadRow
from mockcloud.pulumi.tabled import Tabled

_SPECIALS: Final[dict[str, Callable[[str], Lifecycle]]] = {}

L = TypeVar("L", bound=Lifecycle)
T = TypeVar("T", bound=Tabled)


def special(*tokens: str) -> Callable[[Callable[[str], L]], Callable[[str], L]]:
    """Register what makes the lifecycle of types, given the token.

    Args:
        tokens: Types without the package: `storage/bucketObject:BucketObject`.
    """

    def register(make: Callable[[str], L]) -> Callable[[str], L]:
        for token in tokens:
            _SPECIALS[f"gcp:{token}"] = make
        return make

    return register


def special_row(*tokens: str) -> Callable[[type[T]], type[T]]:
    """Register a class of which a row tells the most part of types' lives.

    Args:
        tokens: Types without the package, which have rows.
    """

    def register(form: type[T]) -> type[T]:
        special(*tokens)(lambda token: form(_with_row(token)))
        return form

    return register


def _with_row(token: str) -> Type:
    kind = type_of(token)
    if kind is None:
        raise BadRow(f"{token} has no row", given=token, allowed="a type of types/", remedy="write its row")
    return kind


@cache
def load_specials() -> None:
    """Import what no row can tell: each module registers its types and functions."""
    from mockcloud.pulumi import specials

    for module in iter_modules(specials.__path__):
        import_module(f"{specials.__name__}.{module.name}")


@cache
def _loaded() -> Mapping[str, Callable[[str], Lifecycle]]:
    load_specials()
    return _SPECIALS


@cache
def lifecycle_of(token: str) -> Lifecycle | None:
    """Give the lifecycle of a type; None for one that the tables do not have.

    Args:
        token: `gcp:storage/bucket:Bucket`.
    """
    make = _loaded().get(token)
    if make is not None:
        return make(token)
    kind = type_of(token)
    return Tabled(kind) if kind is not None else None
