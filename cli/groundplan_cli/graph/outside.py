"""Who and what stands outside of a platform: people, programs elsewhere, hosts of code, names on the internet."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from groundplan_cli.graph.environment import texts
from groundplan_cli.graph.grants import Grant
from groundplan_cli.graph.principals import OUTSIDE_KINDS
from groundplan_cli.graph.reader import Reader
from groundplan_cli.text import count


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody or something outside.

    Attributes:
        id: Name within the picture, such as `o3`.
        kind: What it is, such as `Group`.
        name: Who or what it is.
        about: What it has to do with the platform.
        grants: What it may do.
        cards: Ids of the boxes that it meets.
    """

    id: str
    kind: str
    name: str
    about: str
    grants: tuple[Grant, ...]
    cards: tuple[str, ...]


def outsiders(reader: Reader) -> list[Outsider]:
    """Find who and what stands outside, people first."""
    found = [*_people(reader), *_hosts(reader), *_names(reader)]
    return [
        Outsider(f"o{number}", kind, name, about, grants, cards)
        for number, (kind, name, about, grants, cards) in enumerate(found)
    ]


_ORDER = list(OUTSIDE_KINDS.values())

_Found = tuple[str, str, str, tuple[Grant, ...], tuple[str, ...]]


def _people(reader: Reader) -> Iterator[_Found]:
    by_name: dict[tuple[str, str], list[Grant]] = {}
    for grant in reader.graph.grants:
        if grant.who.outside:
            by_name.setdefault((grant.who.outside, grant.who.name), []).append(grant)
    homes = reader.graph.homes
    for (kind, name), grants in sorted(by_name.items(), key=lambda each: _ORDER.index(each[0][0])):
        cards = [homes.get(grant.target) or homes.get(grant.urn) for grant in grants]
        ids = tuple(dict.fromkeys(card.id for card in cards if card))
        first = f"May {grants[0].words} {grants[0].on}"
        about = first if len(grants) == 1 else f"{first}, and {count(len(grants) - 1, 'more right')}"
        yield kind, name, about, tuple(grants), ids


def _hosts(reader: Reader) -> Iterator[_Found]:
    for connection in reader.components("SourceConnection"):
        urls = connection.outputs.get("urls")
        hosts = {urlsplit(url).hostname or "" for url in texts(list(urls.values()) if isinstance(urls, dict) else [])}
        for host in sorted(hosts - {""}):
            yield "Host of code", host, "Changes of code start builds", (), reader.card_ids(connection)


def _names(reader: Reader) -> Iterator[_Found]:
    for network in reader.components("Network"):
        doors = [*reader.below(network, "networkservices.Gateway", "compute.RouterNat")]
        domains = texts(network.outputs.get("egressDomains"))
        if domains:
            cards = reader.card_ids(*doors) or reader.card_ids(network)
            yield "Names on the internet", ", ".join(domains), "All that programs inside may call", (), cards
