"""What a folder of evidence says, whatever it is written in.

Every text that a program wrote is safe to show here, but for URNs: those are as the document has them, since readers
look resources up by them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from groundplan_policies.engine.source import Source
from groundplan_policies.engine.states import State
from groundplan_policies.evidence.flow_view import FlowView
from groundplan_policies.evidence.levels import Reach
from groundplan_policies.frameworks import ClauseRow
from groundplan_policies.reports.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A resource of the inventory.

    Attributes:
        urn: Its URN.
        name: Its name in the program.
        type: Short name of its type, such as `storage.Bucket`.
        part_of: The construct that made it, as `Name (Type)`; "" for one that the program made itself.
        project: Id of its project; "" if the document does not say.
        place: Where it is: regions, zones or multi-regions; "" if it has no place of its own or none is said.
        key: The key that encrypts it: a key's name, Google's, or that it is known later; "" if it keeps no data.
        data_class: What its label says of its data; "" if it has none.
        source: Line of the program; None if the document does not say.
        failed: Ids of the controls that fail, or are indeterminate, for it.
        passed: How many controls pass for it.
        looked_at: Whether any rule looks at its type; else why none does.
    """

    urn: str
    name: str
    type: str
    part_of: str
    project: str
    place: str
    key: str
    data_class: str
    source: Source | None
    failed: tuple[str, ...]
    passed: int
    looked_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one control says.

    Attributes:
        control: Its id.
        state: Its worst answer.
        passes: The URNs for which it passes, "" for the stack as a whole.
    """

    control: str
    state: State
    passes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What somebody can do on some data, through one grant.

    Attributes:
        urn: The data.
        data: Its name.
        type: Its short type.
        who: The principal.
        kind: What it is: `person`, `group`, `service account`, `Google's agent`, `everybody`, …
        can: What it can do: `read`, `read and write`, `decrypt`, …
        role: The role as it is written.
        where: What the role is given on: `it`, or what it belongs to.
        through: URNs of the resources that make the grants: those by which it acts as accounts, then that on the data.
        source: Line of the program that makes the last one.
        as_whom: The accounts that it acts as on the way, the first one first; empty if it needs none.
        condition: The condition of the grant; "" if there is none.
        sure: Whether all of that is known. If not, a role or a member is known only after the deployment.
    """

    urn: str
    data: str
    type: str
    who: str
    kind: str
    can: str
    role: str
    where: str
    through: tuple[str, ...]
    source: Source | None
    as_whom: tuple[str, ...]
    condition: str
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """A boundary of trust, or a way through one.

    Attributes:
        boundary: Which: `Internet`, `Service perimeter`, `Network`, `Projects`, `Identities`.
        what: What it is, in a few words.
        says: What it lets through, or keeps apart.
        urn: The resource that makes it; "" if several do.
        source: Line of the program; None if the document does not say, or several make it.
        watch: Whether it is a way through, or weaker than it looks.
    """

    boundary: str
    what: str
    says: str
    urn: str = ""
    source: Source | None = None
    watch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of a framework the deployment shows evidence for.

    Attributes:
        id: The framework's id.
        title: Its name.
        clauses: Its clauses.
    """

    id: str
    title: str
    clauses: tuple[ClauseRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What holds because somebody says so.

    Attributes:
        kind: `responsible AI review`, `data use agreement`, or the control that takes their word for it.
        name: The review's or agreement's name, or the resource's.
        by: Who answers for it; "" where nobody is named.
        facts: What is said: pairs of a word and a text.
        urn: Its URN.
        source: Line of the program.
        control: Id of the control that takes their word for it; "" for reviews and agreements.
    """

    kind: str
    name: str
    by: str
    facts: tuple[tuple[str, str], ...]
    urn: str
    source: Source | None
    control: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a person has to look at, since no rule can.

    Attributes:
        kind: `fails`, `indeterminate`, `declared`, `document`, `clause`, `type`, `incomplete`, …
        title: What it is about.
        todo: What to do.
        count: How many resources it is about; 0 where it is about none.
    """

    kind: str
    title: str
    todo: str
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing that the evidence rests on.

    Attributes:
        id: Which: `document`, `settings`, `waivers`, `documents`, `drift`, `rules`, `tool`, `provider-sdk`, `commit`.
        title: What it is.
        value: A digest `sha256:…`, a version, or a commit.
        note: What is to be known of it; "" if nothing.
    """

    id: str
    title: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Everything that a folder of evidence says. Its formats lay it out; none decides anything.

    Attributes:
        report: What the guardrails found.
        reach: How far the evidence reaches.
        inventory: Every managed resource.
        results: What each control says, in the order of the controls.
        access: Who can do what on which data.
        unseen: What the list of access cannot see.
        flow: How data flows.
        boundaries: The boundaries of trust.
        coverage: The frameworks.
        declarations: What is declared.
        tasks: What needs a person.
        inputs: What it all rests on.
        names: URN -> name of a resource, for readers.
        sources: URN -> line of the program.
    """

    report: Report
    reach: Reach
    inventory: tuple[Item, ...]
    results: tuple[Result, ...]
    access: tuple[Access, ...]
    unseen: Sequence[str]
    flow: FlowView
    boundaries: tuple[Boundary, ...]
    coverage: tuple[Coverage, ...]
    declarations: tuple[Declaration, ...]
    tasks: tuple[Task, ...]
    inputs: tuple[Input, ...]
    names: Mapping[str, str]
    sources: Mapping[str, str]
