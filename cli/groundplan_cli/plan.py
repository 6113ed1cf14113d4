"""What a reader wants to know of a document: marks, counts, and what is unknown and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from groundplan_cli.render.names import service, short_type
from groundplan_policies.engine import Document, Resource, is_secret, is_unknown, leaves


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands out about one resource.

    Attributes:
        unknown: How many leaves of its inputs are known only after the deployment.
        secret: How many leaves of its inputs are secret.
        words: What was said of it by options: protected, adopted, read only, and so on.
    """

    unknown: int
    secret: int
    words: tuple[str, ...]


def marks(resource: Resource) -> Marks:
    """Find what stands out about a resource."""
    found = [leaf for _, leaf in leaves(resource.inputs)]
    words = {
        "protected": resource.protect,
        "read only": resource.external,
        "adopted": bool(resource.import_id),
        "kept on delete": resource.retain_on_delete,
        f"ignores {', '.join(resource.ignore_changes)}": bool(resource.ignore_changes),
        "failed to come up": bool(resource.init_errors),
    }
    return Marks(
        unknown=sum(map(is_unknown, found)),
        secret=sum(map(is_secret, found)),
        words=tuple(word for word, applies in words.items() if applies),
    )


def is_shown(resource: Resource) -> bool:
    """Whether a resource is for the reader: not the stack itself, and no provider that Pulumi made by default."""
    return not resource.is_stack and not (resource.is_provider and resource.name.startswith("default"))


def count_kinds(document: Document) -> Mapping[str, Counter[str]]:
    """Count the managed resources: service -> short type -> number. Components and providers are not counted."""
    kinds: dict[str, Counter[str]] = {}
    for resource in document:
        if resource.custom and not resource.is_provider:
            kinds.setdefault(service(resource.type), Counter())[short_type(resource.type)] += 1
    return dict(sorted(kinds.items(), key=lambda each: (-each[1].total(), each[0])))


@dataclass(frozen=True, slots=True)
class Unknowns:
    """Unknown values that come from the same resources.

    Attributes:
        origins: URNs whose outputs they are made of; empty if the document does not say.
        places: Where they are used: URN and property path.
    """

    origins: tuple[str, ...]
    places: tuple[tuple[str, str], ...]


def find_unknowns(document: Document) -> list[Unknowns]:
    """Group the unknown inputs by the resources from which they come, the most used first."""
    groups: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for resource in document:
        for path, leaf in leaves(resource.inputs):
            if is_unknown(leaf):
                groups.setdefault(document.origins(resource.urn, path), []).append((resource.urn, path))
    found = [Unknowns(origins, tuple(places)) for origins, places in groups.items()]
    return sorted(found, key=lambda group: (-len(group.places), group.origins))
