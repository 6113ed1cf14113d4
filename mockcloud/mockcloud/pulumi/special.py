"""Types that no row can tell: each has a class of its own, a `Lifecycle`, in `specials/`."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, TypeVar

from mockcloud.pulumi.lifecycle import Lifecycle
from mockcloud.pulumi.links import type_of
from mockcloud.pulumi.tabled import Tabled

_SPECIALS: Final[dict[str, Lifecycle]] = {}

L = TypeVar("L", bound=Lifecycle)


def special(*tokens: str) -> Callable[[Callable[[str], L]], Callable[[str], L]]:
    """Register what makes the lifecycle of types, given the token.

    Args:
        tokens: Types without the package: `storage/bucketObject:BucketObject`.
    """

    def register(make: Callable[[str], L]) -> Callable[[str], L]:
        for token in tokens:
            _SPECIALS[f"gcp:{token}"] = make(f"gcp:{token}")
        return make

    return register


@cache
def _loaded() -> Mapping[str, Lifecycle]:
    from mockcloud.pulumi import specials

    for module in iter_modules(specials.__path__):
        import_module(f"{specials.__name__}.{module.name}")
    return _SPECIALS


@cache
def lifecycle_of(token: str) -> Lifecycle | None:
    """Give the lifecycle of a type; None for one that the tables do not have.

    Args:
        token: `gcp:storage/bucket:Bucket`.
    """
    found = _loaded().get(token)
    if found is not None:
        return found
    kind = type_of(token)
    return Tabled(kind) if kind is not None else None
