"""Calls that are sent again: whoever names a call with a `requestId` gets the same answer once more (AIP-155).

So a client that lost an answer tries again, and what it asked for is done once.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

PART: Final = "repeats"
MOST: Final = 10_000
"""Answers that are remembered; Google forgets them after an hour."""

Handle = Callable[[Call], Answer | Body]
Key = tuple[str, str, str, str]
"""Who called, which method, on what, and the id."""


class Repeats:
    """The answers of one cloud that may be asked for again."""

    def __init__(self, answers: Mapping[Key, Answer] | None = None) -> None:
        self._answers: OrderedDict[Key, Answer] = OrderedDict(answers or {})

    def get(self, key: Key) -> Answer | None:
        """Give an answer that was given before, or None."""
        return self._answers.get(key)

    def keep(self, key: Key, answer: Answer) -> None:
        """Remember an answer, and forget the oldest where there are too many."""
        self._answers[key] = answer
        if len(self._answers) > MOST:
            self._answers.popitem(last=False)

    def snapshot(self) -> "Repeats":
        """Give a copy that later answers do not reach."""
        return Repeats(self._answers)


def key_of(call: Call) -> Key | None:
    """Give what makes a call the same call; None where it has no id, or changes nothing."""
    given = call.query.get("requestId") or call.body.get("requestId")
    if not given or not isinstance(given, str) or not call.method.writes or call.flag("validateOnly"):
        return None
    return call.caller.member, call.method.full_id, call.name, given


def answered_once(cloud: "Cloud", call: Call, handle: Handle) -> Answer:
    """Give the answer of a call, the one that it had before where it is sent again."""
    key = key_of(call)
    if key is None:
        return _made(handle(call))
    repeats = cloud.parts.get(PART)
    if not isinstance(repeats, Repeats):
        repeats = cloud.parts[PART] = Repeats()
    answer = repeats.get(key)
    if answer is None:
        answer = _made(handle(call))
        repeats.keep(key, answer)
    return answer


def _made(answer: Answer | Body) -> Answer:
    return answer if isinstance(answer, Answer) else Answer(answer)
