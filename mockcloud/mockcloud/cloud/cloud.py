"""The simulated cloud: its state, and the way of a call through the rules to its handler."""

import base64
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, cast

from mockcloud.cloud import polls
from mockcloud.cloud.access.decisions import Access
from mockcloud.cloud.accounts import Accounts
from mockcloud.cloud.call import Answer, Call, Request
from mockcloud.cloud.callers import Caller
from mockcloud.cloud.clock import EPOCH, START, TICK, Clock, stamp
from mockcloud.cloud.credentials import Credentials, identify
from mockcloud.cloud.errors import ApiError, invalid, not_modelled
from mockcloud.cloud.faults import Faults, Phase
from mockcloud.cloud.groups import Groups
from mockcloud.cloud.ids import Ids
from mockcloud.cloud.instance import Instance
from mockcloud.cloud.journal import Called, Journal
from mockcloud.cloud.persistence.parts import Kept, LastingPart
from mockcloud.cloud.plans import Plan, Plans
from mockcloud.cloud.projects import Projects
from mockcloud.cloud.quotas import Quotas
from mockcloud.cloud.repeats import answered_once
from mockcloud.cloud.rules.chain import Rule, Rules
from mockcloud.cloud.snapshots import Part, Snapshot
from mockcloud.cloud.store import Body, Record, Store
from mockcloud.cloud.whole import whole
from mockcloud.discovery.bodies import bound
from mockcloud.discovery.catalogue import description
from mockcloud.discovery.parameters import of_request

if TYPE_CHECKING:
    from mockcloud.cloud.persistence.keeper import Keeper

P = TypeVar("P", bound=Part)

_log = logging.getLogger("mockcloud")

_END: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""The last moment at which something can happen; not far behind it Python's time ends."""

Handler = Callable[[Call], Answer | Body]
"""What a method does: from a call to its answer."""

Event = Callable[["Cloud", Record, Mapping[str, Any]], None]
"""What happens by itself to a resource that is still there."""


class Behaviour(Protocol):
    """What the cloud asks of a service."""

    def handler(self, call: Call) -> Handler | None:
        """Give what a method does; None where it is not modelled."""

    def event(self, name: str) -> Event:
        """Give one of its events."""

    def prepare(self, call: Call) -> None:
        """Read the call's name and body as the service has them, before the rules."""

    def hold_offers(self, call: Call) -> None:
        """Hold what a call asks for to what Google has."""


class Cloud:
    """One cloud. Any number live beside one another and share nothing.

    Args:
        services: Gives the behaviour of an API by its name.
        rules: Which rules are on.
        seed: Of the ids.
        start: When its time begins.
        waits: `poll`: whoever asks for what is not done yet sees it done, and time moves on to there. `clock`: only
            time that passes does it.
    """

    def __init__(
        self,
        services: Callable[[str], Behaviour],
        *,
        rules: Rules | None = None,
        seed: int = 0,
        start: datetime = START,
        waits: str = "clock",
    ) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        """Told of after every call, and when time passes: whatever waits for something to happen waits on it."""
        self.services = services
        self.rules = rules or Rules()
        self.waits = waits
        self.store = Store()
        self.clock = Clock(start)
        self.plans = Plans()
        self.ids = Ids(seed)
        self.journal = Journal()
        self.projects = Projects(self)
        self.groups = Groups(self)
        self.accounts = Accounts(self)
        self.access = Access(self)
        self.credentials = Credentials(self)
        self.quotas = Quotas(self)
        self.instance = Instance()
        self.parts: dict[str, Part] = {}
        self.faults = Faults(seed)
        self.keeper: Keeper | None = None
        self._start = start
        self._call: Call | None = None
        self._inside = 0
        self._outside: list[Callable[[], object]] = []

    def dispatch(self, request: Request) -> Answer:
        """Answer a call.

        Raises:
            ApiError: The cloud refuses.
        """
        with self.lock:
            call = self._prepare(request)
            answer = self._noted(call, self._answer)
        return answer if answer.later is None else self._answered_later(call, answer.later)

    def _answered_later(self, call: Call, later: Callable[[], Answer]) -> Answer:
        """Give the answer that somebody outside gives, with no lock but what the caller holds."""
        try:
            answer, refused = later(), None
        except ApiError as error:
            answer, refused = Answer(), error

        def end(call: Call) -> Answer:
            if refused is not None:
                raise refused
            if self.faults:
                self.faults.strike(call, Phase.AFTER)
            return answer

        with self.lock:
            return self._noted(call, end)

    def _noted(self, call: Call, work: Callable[[Call], Answer]) -> Answer:
        """Do the work of a call, and note how it ended, unless somebody outside is still to answer."""
        outer, self._call = self._call, call
        self._inside += 1
        try:
            answer = work(call)
        except ApiError as error:
            self._note(call, error.code, error.message)
            raise
        finally:
            self._call = outer
            self._inside -= 1
            self.settle()  # also what failed may have done something, as a fault lets it
        if answer.later is None:
            self._note(call, answer.status, "")
        return answer

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let something be done beside calls: while nobody else does anything, and kept when it is over."""
        with self.lock:
            self._inside += 1
            try:
                yield
            finally:
                self._inside -= 1
                self.settle()

    def settle(self) -> None:
        """Write what changed, where it is kept, unless more is being done; and tell those that wait for a change."""
        try:
            if self.keeper is not None and not self._inside:
                self.keeper.commit()
        finally:
            self.changed.notify_all()

    def _prepare(self, request: Request) -> Call:
        method = request.method
        schemas = description(method.api, method.version).schemas
        parts = [request.variables[each[1:-1]] if each.startswith("{") else each for each in method.segments]
        if parts[0] == "projects" and len(parts) > 1:
            parts[1] = self.projects.id_of(parts[1])
        call = Call(self, request, schemas, "/".join(parts), {})
        self.services(method.api).prepare(call)
        return call

    def _answer(self, call: Call) -> Answer:
        self.rules.identify(call)
        call.body = self._read(call)
        self.rules.ask(call)
        if self.faults:
            self.faults.strike(call, Phase.BEFORE)
        handler = self.services(call.api).handler(call)
        if handler is None:
            raise not_modelled(f"the method {call.method.full_id} ({call.method.version})")
        try:
            answer = self._whole(call, handler) if call.method.writes else answered_once(self, call, handler)
        except OverflowError:
            raise invalid("A number or a time of the request is beyond what there is.") from None
        if self.faults and answer.later is None:
            self.faults.strike(call, Phase.AFTER)
        return answer

    def _whole(self, call: Call, handler: Handler) -> Answer:
        """Let a call happen whole or not at all; one that only asks whether it would succeed (`validateOnly`), not."""
        with whole(self) as doing:
            answer = answered_once(self, call, handler)
            if doing.undo and call.flag("validateOnly"):
                doing.take_back()
                return _only_asked(answer)
            return answer

    def _read(self, call: Call) -> dict[str, Any]:
        """Hold the body to its schema."""
        given, schema = call.request.body, call.method.request
        if not schema:
            return {}
        given = {} if given is None else given
        if call.query and isinstance(given, dict):
            beside = of_request(call.method)
            given = {**{name: value for name, value in call.query.items() if name in beside}, **given}
        body, violations = call.schemas.accept(schema, given, keep_null=call.method.merges, within=bound(call.method))
        if violations:
            raise invalid("\n".join(each.description for each in violations), *violations)
        return body

    def _note(self, call: Call, status: int, message: str) -> None:
        headers = call.request.headers
        self.journal.calls.append(
            Called(
                number=self.journal.next_call(),
                at=stamp(self.clock.now),
                caller=call.caller.member,
                method=call.method.full_id,
                name=call.name,
                project=call.project,
                status=status,
                message=message,
                door=call.request.door,
                agent=headers.get("x-goog-api-client") or headers.get("user-agent", ""),
            )
        )

    def strike(self, request: Request) -> None:
        """Let happen to a stream what faults ask for at the method that does the same once.

        Raises:
            ApiError: What a fault says.
        """
        if self.faults:
            with self.lock:
                self.faults.strike(self._prepare(request), Phase.BEFORE)

    def identify(self, headers: Mapping[str, str]) -> Caller | None:
        """Find out who calls, from the headers; None for nobody."""
        return identify(self, headers)

    def allows(self, call: Call, permission: str, name: str = "", api: str = "") -> bool:
        """Whether the caller of a call has a permission on what it names; always, where IAM is not asked.

        Args:
            call: The call.
            permission: Such as `aiplatform.models.upload`.
            name: Full name of another resource than the call's.
            api: API of that resource.
        """
        if not self.rules.on(Rule.ACCESS):
            return True
        from mockcloud.cloud.rules.access import allowed

        return allowed(call, permission, name or call.name, api or call.api)

    # Snapshots
    # -----------------------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Keep the cloud as it is now."""
        with self.lock:
            return Snapshot(
                store=self.store.snapshot(),
                now=self.clock.now,
                plans=self.plans.snapshot(),
                counts=dict(self.ids.counts),
                parts={name: part.snapshot() for name, part in self.parts.items()},
            )

    def restore(self, kept: Snapshot) -> None:
        """Make the cloud what it was. The journal goes on: it says what happened."""
        with self.alone():
            self.store = kept.store.snapshot()
            self.clock.now = kept.now
            self.plans = kept.plans.snapshot()
            self._outside = []  # who asked plans to ask again
            self.ids.counts = Counter(kept.counts)
            self.parts = {name: part.snapshot() for name, part in kept.parts.items()}
            self.projects.forget()
            self.access.forget()

    def reset(self) -> None:
        """Make the cloud what it was when it was made: empty, at its first moment, with a new journal and no faults.

        Changed policies count at once again. Rules that were switched stay as they are.
        """
        with self.alone():
            self.restore(Snapshot(Store(), self._start, Plans(), {}, {}))
            self.journal = Journal(self.journal.era + 1)
            self.faults.clear()
            self.access.delay = timedelta()

    def part(self, name: str, make: Callable[[], P]) -> P:
        """Give a part of a service's state; make it, and fill it with what was kept, when it is first asked for."""
        found = self.parts.get(name)
        if found is None or isinstance(found, Kept):
            made = make()
            if isinstance(found, Kept) and isinstance(made, LastingPart):
                for key, data in found.pieces.items():
                    made.load(key, data)
            found = self.parts[name] = made
        return cast("P", found)

    # Resources
    # -----------------------------------------------------------------------------------------------------------------

    def create(self, record: Record) -> Record:
        """Add a resource, and note it."""
        now = self.clock.tick()
        made = Record(
            record.api,
            record.name,
            record.body,
            record.hidden,
            created=now,
            updated=now,
            collection=record.collection,
        )
        self._changed(made, "create", now)
        return self.store.put(made)

    def change(self, record: Record, body: Body, *, hidden: Body | None = None) -> Record:
        """Change a resource, and note it. What changes by itself gets another etag too."""
        etag = body.get("etag") if self._call is None else None
        if etag and etag == record.body.get("etag") and body is not record.body:
            body = {**body, "etag": self.etag(record.revision + 1)}
        now = self.clock.tick()
        changed = self.store.change(record, body, updated=now, hidden=hidden)
        self._changed(changed, "update", now)
        return changed

    def delete(self, record: Record) -> None:
        """Remove a resource with all that is below it, and note each."""
        for each in [*reversed(self.store.below(record.api, record.name)), record]:
            self.store.delete(each.api, each.name)
            self.plans.cancel(each.api, each.name)
            self._changed(each, "delete", self.clock.tick())

    def _changed(self, record: Record, what: str, now: str) -> None:
        call = self._call
        self.journal.change(
            at=now,
            caller=call.caller.member if call else "",
            method=call.method.full_id if call else "",
            api=record.api,
            name=record.name,
            what=what,
        )

    def etag(self, revision: int) -> str:
        """Give the etag of what is written next: no other write has it, whatever was there under the name before.

        Args:
            revision: Its revision; 0 for what was never written, which always has the same one.
        """
        moment = (self.clock.now + TICK - EPOCH) // TICK if revision else 0
        return base64.b64encode(f"{self.ids.seed:x}.{revision}.{moment:x}".encode()).decode()

    # Time
    # -----------------------------------------------------------------------------------------------------------------

    def plan(self, seconds: float, record: Record, event: str, **data: object) -> None:
        """Plan an event of a resource's service, some virtual seconds from now; one beyond all time never happens."""
        if seconds <= (_END - self.clock.now).total_seconds():
            self.plans.add(self.clock.now + timedelta(seconds=seconds), record.api, record.name, event, data)

    def advance(self, by: timedelta | float) -> None:
        """Let time pass, and everything happen that is due, each at its own moment.

        Args:
            by: A span, or seconds. Not negative.
        """
        span = by if isinstance(by, timedelta) else timedelta(seconds=by)
        with self.lock:
            until = self.clock.now + span
            asked = self._pass_until(until)
        while asked:
            for each in asked:
                each()
            with self.lock:
                asked = self._pass_until(until)

    def _pass_until(self, until: datetime) -> list[Callable[[], object]]:
        """Let time pass until a moment, or until something must be asked outside first; give that."""
        while not self._outside and (plan := self.plans.pop_until(until)) is not None:
            self.clock.to(plan.at)
            self.happen(plan)
        asked, self._outside = self._outside, []
        if not asked:
            self.clock.to(until)
        self.settle()
        return asked

    def ask_outside(self, work: Callable[[], object]) -> None:
        """Let an event call what is the user's own before time goes on, outside of the cloud's lock.

        The event plans itself once more for the same moment, and finds there what the work has left. Where whoever lets
        time pass holds the lock, as a call does that waits for an operation, the work is done under it.
        """
        self._outside.append(work)

    def wait_for(self, record: Record, most: float | None = None) -> Record | None:
        """Let time pass until nothing is planned for a resource any more; give it as it is then.

        What is planned with `recurring` does not count: it never ends, or is the end of the resource's life.

        Args:
            record: The resource.
            most: Virtual seconds for which is waited at most; all of them, where nothing is planned. None for no end.
        """
        with self.lock:
            until = _END if most is None else self.clock.now + timedelta(seconds=most)
            due = self._due(record)
            while due is not None and due <= until:
                self.advance(max(due - self.clock.now, timedelta()))
                due = self._due(record)
                until = until if due is not None else self.clock.now
            if most is not None:
                self.advance(max(until - self.clock.now, timedelta()))
            return self.store.get(record.api, record.name)

    def _due(self, record: Record) -> datetime | None:
        """Give when something happens to a resource that is not recurring; None for never."""
        plans = self.plans.of(record.api, record.name)
        return next((each.at for each in plans if not each.data.get("recurring")), None)

    def polled(self, record: Record) -> Record | None:
        """Give a resource to somebody who may wait for it: as it is, or where polls do it, as it will be."""
        if polls.LEFT in record.hidden:
            return polls.count(self, record)
        return self.wait_for(record) if self.waits == "poll" else record

    def happen(self, plan: Plan) -> None:
        """Let happen what was planned, if its resource is still there."""
        record = self.store.get(plan.api, plan.name)
        if record is not None:
            outer, self._call = self._call, None
            self._inside += 1
            try:
                with whole(self):
                    self.services(plan.api).event(plan.event)(self, record, plan.data)
            except Exception:  # noqa: BLE001 - time goes on, whatever one event does
                _log.exception("The event %s of %s failed", plan.event, plan.name)
            finally:
                self._call = outer
                self._inside -= 1


def _only_asked(answer: Answer) -> Answer:
    """Give the answer of a call that did nothing: its operation, which is not kept, needs no polling."""
    if "/operations/" not in str(answer.body.get("name", "")):
        return answer
    return replace(answer, body={**answer.body, "done": True}, ready=None)
