"""The walk through a platform: what happens on it, step by step, as far as the plan says so."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from groundplan_cli.graph.environment import text
from groundplan_cli.graph.reader import Reader, cron_in_words, listed, marked, names, people
from groundplan_cli.text import count
from groundplan_policies.engine import Resource


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the walk.

    Attributes:
        title: What happens.
        text: How, with the names that the plan uses.
        cards: Ids of the boxes that it passes, in order.
    """

    title: str
    text: str
    cards: tuple[str, ...]


def story(reader: Reader) -> list[Step]:
    """Give the steps; what the plan does not hold is left out."""
    parts: tuple[Callable[[Reader], Step | None], ...] = (
        _notebooks, _reading, _features, _training, _delivery, _serving, _watching, _guarding,
    )  # fmt: skip
    return [step for part in parts if (step := part(reader))]


def _sentences(*found: str) -> str:
    return " ".join(filter(None, found))


def _accounts(accounts: Collection[Resource]) -> str:
    return f"the {'account' if len(accounts) == 1 else 'accounts'} {listed(names(accounts))}"


def _notebooks(reader: Reader) -> Step | None:
    machines, templates = reader.components("Workbench"), reader.components("ColabRuntime")
    if not machines and not templates:
        return None
    owners = [owner for each in machines for owner in people(each.outputs.get("owner"))]
    private = machines and all(_is_private(reader, each) for each in machines)
    accounts = [account for each in machines if (account := reader.account(each))]
    groups = [name for each in templates for name in _outsiders(reader, each)]
    return Step(
        "A person opens a notebook",
        _sentences(
            f"It opens in the browser for {listed(owners)}, through Google's notebook proxy." if owners else "",
            "The machine has no public address." if private else "",
            f"Code in it acts as {_accounts(accounts)}, not as the person." if accounts else "",
            f"{listed(groups)} may start short-lived ones from {listed(names(templates))}." if groups else "",
        ),
        reader.card_ids(*machines, *templates),
    )


def _is_private(reader: Reader, machine: Resource) -> bool:
    setups = [each.inputs.get("gceSetup") for each in reader.below(machine, "workbench.Instance")]
    return bool(setups) and all(isinstance(each, dict) and each.get("disablePublicIp") is True for each in setups)


def _outsiders(reader: Reader, owner: Resource) -> list[str]:
    card = reader.graph.homes.get(owner.urn)
    return reader.outsiders_on(card) if card else []


def _reading(reader: Reader) -> Step | None:
    networks, stores = reader.components("Network"), reader.components("DataBucket", "Warehouse")
    stores = [each for each in stores if reader.graph.homes[each.urn].owner is each]
    if not networks or not stores:
        return None
    addresses = [address for each in networks if (address := text(each.outputs.get("googleApis")))]
    keys = [key for each in stores for key in reader.graph.keys_of(reader.graph.homes[each.urn])]
    classes = sorted({found for each in stores if (found := text(each.outputs.get("dataClass")))})
    where = f", at {listed(addresses)}" if addresses else ""
    of_class = f", of the {'class' if len(classes) == 1 else 'classes'} {listed(classes)}" if classes else ""
    return Step(
        "It reads data over private addresses",
        _sentences(
            f"Calls leave through the network {listed(names(networks))} and reach Google's services inside it{where}.",
            f"The data are in {listed(names(stores))}{of_class}.",
            f"The keys are the customer's: {listed(names(keys))}." if keys else "Google's own keys encrypt them.",
        ),
        reader.card_ids(*networks, *reader.components("PrivateServiceConnect"), *stores, *keys),
    )


def _features(reader: Reader) -> Step | None:
    groups, views = reader.components("FeatureGroup"), reader.components("FeatureView")
    stores = reader.components("OnlineStore")
    if not groups:
        return None
    sources = [source.removeprefix("bq://") for each in groups if (source := text(each.outputs.get("source")))]
    times = dict.fromkeys(cron_in_words(cron) for each in views if (cron := text(each.outputs.get("sync"))))
    when = f", {listed(times)}" if times else ""
    return Step(
        "Columns become features",
        _sentences(
            f"Models learn from columns of {listed(map(marked, sources))}, named in {listed(names(groups))}.",
            f"{listed(names(views))} keeps them fresh in the store {listed(names(stores))}{when}." if views else "",
        ),
        reader.card_ids(*groups, *views, *stores),
    )


def _training(reader: Reader) -> Step | None:
    makers = reader.components("PipelineEnvironment", "TrainingPool", "TrainingCluster", "TpuSlice")
    if not makers:
        return None
    times = [cron_in_words(text(each.inputs.get("cron"))) for each in reader.resources("colab.Schedule")]
    accounts = {account.urn: account for each in makers if (account := reader.account(each))}
    reads = [store for each in accounts.values() for store in reader.targets(each, "read")]
    writes = [store for each in accounts.values() for store in reader.targets(each, "write")]
    stores = [each for each in reads if each.type.rpartition(":")[2] in _DATA]
    written = [each for each in writes if each.type.rpartition(":")[2] in _DATA]
    pipelines = reader.components("PipelineEnvironment")
    reserved = reader.components("AcceleratorReservation")
    return Step(
        "A model is trained",
        _sentences(
            f"The pipelines {listed(names(pipelines))} run {listed(times)}." if pipelines and times else "",
            f"Jobs run as {_accounts(accounts.values())}, not as a person." if accounts else "",
            f"They read {listed(names(stores))}" + (f" and write {listed(names(written))}." if written else ".")
            if stores else "",
            f"Machines are held ready by {listed(names(reserved))}." if reserved else "",
        ),
        reader.card_ids(*accounts.values(), *stores, *makers, *reserved, *written),
    )  # fmt: skip


_DATA = {"DataBucket", "Warehouse", "OnlineStore", "FeatureView"}
"""Kinds of boxes that hold data for training."""


def _delivery(reader: Reader) -> Step | None:
    sets, codes = reader.components("MlDelivery"), reader.components("SourceConnection")
    if not sets:
        return None
    pools, signers = reader.components("BuildPool"), reader.components("ImageAttestor")
    stores = reader.components("ImageRepository")
    approvers = [name for each in sets for name in people(each.outputs.get("approvers"))]
    return Step(
        "A change of code is delivered",
        _sentences(
            f"A change in {listed(names(codes))} starts the builds of {listed(names(sets))}"
            + (f", on the private machines of {listed(names(pools))}." if pools else "."),
            f"Images, packages and pipelines are kept in {listed(names(stores))}." if stores else "",
            f"Only images that {listed(names(signers))} has signed may start." if signers else "",
            f"A deployment waits for {listed(approvers)}." if approvers else "",
        ),
        reader.card_ids(*codes, *sets, *pools, *signers, *stores),
    )


def _serving(reader: Reader) -> Step | None:
    ends = reader.components("OnlineEndpoint")
    if not ends:
        return None
    contracts = [each.outputs.get("deployContract") for each in ends]
    emails = {text(each.get("account")) for each in contracts if isinstance(each, dict)}
    runs = [each for each in reader.components("ServiceIdentity") if text(each.outputs.get("email")) in emails]
    private = all(isinstance(each, dict) and text(each.get("access")).startswith("private") for each in contracts)
    logs = [each for each in reader.components("Warehouse") if _logs_requests(each, contracts)]
    return Step(
        "The model answers",
        _sentences(
            f"Programs ask {listed(names(ends))} for predictions" + (", at a private address." if private else "."),
            f"The model runs as {listed(names(runs))}." if runs else "",
            f"Requests and answers are written to {listed(names(logs))}." if logs else "",
        ),
        reader.card_ids(*ends, *runs, *logs),
    )


def _logs_requests(warehouse: Resource, contracts: Sequence[object]) -> bool:
    dataset = text(warehouse.outputs.get("datasetId"))
    logs = [each.get("requestLog") for each in contracts if isinstance(each, dict)]
    tables = [str(each.get("table")) for each in logs if isinstance(each, dict)]
    return bool(dataset) and any(f".{dataset}." in table for table in tables)


def _watching(reader: Reader) -> Step | None:
    archives, alerts = reader.components("LogArchive"), reader.resources("monitoring.AlertPolicy")
    if not archives:
        return None
    buckets = [each for archive in archives for each in reader.below(archive, "logging.ProjectBucketConfig")]
    days = [found for each in buckets if isinstance(found := each.inputs.get("retentionDays"), int | float)]
    locked = any(each.inputs.get("locked") is True for each in buckets)
    readers = [name for each in archives for name in _outsiders(reader, each)]
    kept = f" for {int(max(days))} days" if days else ""
    kept += ", locked so that nobody can shorten that" if locked else ""
    owners = [owner for each in alerts if (owner := reader.graph.document.get(each.parent)) and owner.is_component]
    watched = names(owners)
    return Step(
        "Somebody can see what happened",
        _sentences(
            f"Logs are kept in {listed(names(archives))}{kept}.",
            f"{listed(readers)} may read them." if readers else "",
            f"{count(len(alerts), 'alert')} watch over {listed(watched)}." if watched else "",
        ),
        reader.card_ids(*archives, *alerts),
    )


def _guarding(reader: Reader) -> Step | None:
    rings, rules = reader.components("KeyRing"), reader.components("OrganizationPolicies")
    perimeters = reader.components("ServicePerimeter")
    admins = [name for each in rings for name in _outsiders(reader, each)]
    if not rings and not rules and not perimeters:
        return None
    policies = reader.resources("orgpolicy.Policy")
    acts = "stops" if all(each.outputs.get("enforced") is True for each in perimeters) else "writes down"
    return Step(
        "And it stays that way",
        _sentences(
            f"Google enforces {len(policies)} policies of {listed(names(rules))}, whoever asks." if rules else "",
            f"The perimeter {listed(names(perimeters))} {acts} data that would leave." if perimeters else "",
            f"The keys are managed by {listed(admins)}, who cannot use them." if admins else "",
        ),
        reader.card_ids(*rules, *perimeters, *rings),
    )
