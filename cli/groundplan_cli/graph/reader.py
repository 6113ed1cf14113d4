"""Questions that the texts of the picture ask of a plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from groundplan_cli.graph.cards import Card
from groundplan_cli.graph.environment import Environment, text, texts
from groundplan_cli.graph.model import Graph
from groundplan_cli.render.names import OWN, qualified_type
from groundplan_policies.engine import Resource, Value


@dataclass(frozen=True, slots=True)
class Reader:
    """A plan to ask.

    Attributes:
        graph: The picture of it.
        environment: What it says of itself.
    """

    graph: Graph
    environment: Environment

    def components(self, *names: str) -> list[Resource]:
        """Give the constructs of this blueprint with these names, such as `Workbench`, in the order of the names."""
        return [
            each
            for name in names
            for each in self.graph.document
            if each.is_component and each.type.startswith(f"{OWN}:") and each.type.endswith(f":{name}")
        ]

    def resources(self, *types: str) -> list[Resource]:
        """Give the managed resources of types, such as `compute.RouterNat`."""
        return [each for each in self.graph.document if each.custom and qualified_type(each.type) in types]

    def below(self, owner: Resource, *types: str) -> Iterator[Resource]:
        """Give the managed resources of types anywhere below a component."""
        for child in self.graph.document.children(owner.urn):
            if child.custom and qualified_type(child.type) in types:
                yield child
            yield from self.below(child, *types)

    def card_ids(self, *resources: Resource) -> tuple[str, ...]:
        """Give the ids of the cards that resources are in, each once, in the order of the resources."""
        cards = (self.graph.homes.get(each.urn) for each in resources)
        return tuple(dict.fromkeys(card.id for card in cards if card))

    def account(self, owner: Resource) -> Resource | None:
        """Find the component of the account that a component says it runs as."""
        email = text(owner.outputs.get("accountEmail"))
        accounts = self.components("ServiceIdentity") if email else []
        return next((each for each in accounts if text(each.outputs.get("email")) == email), None)

    def targets(self, who: Resource, *verbs: str) -> list[Resource]:
        """Give the components on which an account may do one of these verbs, each once."""
        document = self.graph.document
        found: dict[str, Resource] = {}
        for grant in self.graph.grants:
            holder, target = document.get(grant.who.urn), document.get(grant.target)
            if holder and target and holder.parent == who.urn and grant.verb in verbs:
                top = self.graph.homes[target.urn].owner if target.urn in self.graph.homes else None
                if top is not None:
                    found.setdefault(top.urn, top)
        return list(found.values())

    def outsiders_on(self, card: Card) -> list[str]:
        """Give the marked names of people and groups who may do something on a card's resources, each once."""
        on = {member.urn for member in card.members}
        found = (each.who.name for each in self.graph.grants if each.who.outside and on & {each.target, each.urn})
        return list(dict.fromkeys(marked(name) for name in found))


NAME_MARK = "`"
"""What stands around a name in the texts of the picture, so that a page can set it apart from the words."""


def marked(name: str) -> str:
    """Mark a name for a text."""
    return f"{NAME_MARK}{name.replace(NAME_MARK, '')}{NAME_MARK}"


def names(resources: Iterable[Resource]) -> list[str]:
    """Give the marked names of resources, each once."""
    return list(dict.fromkeys(marked(each.name) for each in resources))


def listed(words: Iterable[str], most: int = 4) -> str:
    """Write a list as people do: `a, b and c`; beyond `most` it says how many more there are."""
    found = list(words)
    if len(found) > most:
        found = [*found[: most - 1], f"{len(found) - most + 1} more"]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def people(value: Value) -> list[str]:
    """Give the marked names of members of IAM without their kinds: `alice@acme.test` for `user:alice@acme.test`."""
    members = value if isinstance(value, list) else [value]
    return [marked(member.partition(":")[2] or member) for member in texts(members)]


_DAYS = {
    "MON": "Monday", "TUE": "Tuesday", "WED": "Wednesday", "THU": "Thursday", "FRI": "Friday", "SAT": "Saturday",
    "SUN": "Sunday", "1": "Monday", "2": "Tuesday", "3": "Wednesday", "4": "Thursday", "5": "Friday", "6": "Saturday",
    "0": "Sunday", "7": "Sunday", "*": "day",
}  # fmt: skip


def cron_in_words(cron: str) -> str:
    """Say when a schedule runs: `every Monday at 04:00`; a schedule that is less simple is given as it is."""
    fields = cron.split()
    zone = fields.pop(0).partition("=")[2] if fields and fields[0].startswith(("CRON_TZ=", "TZ=")) else ""
    match fields:
        case [minute, hour, "*", "*", day] if minute.isdigit() and hour.isdigit() and day.upper() in _DAYS:
            return f"every {_DAYS[day.upper()]} at {int(hour):02}:{int(minute):02}" + (f" ({zone})" if zone else "")
        case _:
            return f"by the schedule {cron}"
