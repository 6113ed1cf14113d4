"""What a service says of a collection: where its resources differ from what the description tells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Body, Record

NewId = Callable[[Call, dict[str, Any]], str]
Complete = Callable[[Call, str, dict[str, Any]], Body]
Change = Callable[[Call, Record, dict[str, Any]], Body]
Refuse = Callable[[Call, Record], None]
After = Callable[[Call, Record], None]
Show = Callable[[Call, Record], Body]


@dataclass(frozen=True, kw_only=True)
class Collection:
    """How the resources of a collection behave.

    Attributes:
        new_id: Chooses the id of a new resource; by default the query parameter for it, the last part of the body's
            name, else a number.
        created: Completes the body of a new resource: gets the call, the full name and the body with all that is
            standard set.
        after_create: What happens next: events that are planned, companions that are made.
        changed: Completes or refuses a changed body: gets the call, the resource as it was, the body as it would be.
        after_change: As `after_create`.
        deleting: Refuses what cannot be deleted now.
        after_delete: Tidies up.
        shown: Gives the body as a client sees it.
        state: Field and value that say that a resource is ready; by default `state` with the first of `READY_STATES`
            that the description knows. None for no such field.
        seconds: How long its operations take, in virtual seconds.
        required: Fields without which it is not made.
        immutable: Fields that no update changes.
        write_only: Fields that no client reads.
        references: Field -> kind of what it names. Names are held to what exists.
        children: What happens to what is below a resource that is deleted: `cascade`; `refuse`; or `force`, which
            refuses unless the call says so. By default `force` where the method has that parameter, else `cascade`.
        orphans: Whether its resources may lie below one that is not kept, such as one that every project has.
        upsert: Whether an update makes the resource where there is none.
        wrapper: Field of the request that holds the resource, where the request is not the resource itself.
        items: Field of a list's answer that holds the resources; by default the one that the description tells.
    """

    new_id: NewId | None = None
    created: Complete | None = None
    after_create: After | None = None
    changed: Change | None = None
    after_change: After | None = None
    deleting: Refuse | None = None
    after_delete: After | None = None
    shown: Show | None = None
    state: tuple[str, str] | None = ("", "")
    seconds: float = 1.0
    required: tuple[str, ...] = ()
    immutable: tuple[str, ...] = ()
    write_only: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    children: str = ""
    orphans: bool = False
    upsert: bool = False
    wrapper: str = ""
    items: str = ""


READY_STATES = (
    *("ACTIVE", "READY", "RUNNING", "ENABLED", "SUCCEEDED", "DONE", "AVAILABLE", "RUNNABLE", "DEPLOYED"),
    *("CREATED", "PROGRAMMED", "STATE_STOPPED", "STATE_RUNNING"),
)
"""Words for "it works", in the order in which they are looked for among the states of a description."""
