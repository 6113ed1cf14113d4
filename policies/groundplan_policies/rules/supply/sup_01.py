"""SUP-01: tags of images are immutable."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_true
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity
from groundplan_policies.rules.supply.repositories import FORMAT, MODE, REMOTE, REPOSITORY, keeps_images, mode_of

_IMMUTABLE = is_true("dockerConfig.immutableTags")


def _judge(resource: Resource, context: Context) -> Outcome:
    if not keeps_images(resource) or mode_of(resource) == REMOTE:
        return NOT_APPLICABLE
    return _IMMUTABLE(resource, context)


CONTROL = Control(
    id="SUP-01",
    title="Tags of images are immutable",
    why=(
        "Where a tag can be moved, what was tested under it and what runs under it are two things: whoever may push "
        "can put another image behind the name that everybody deploys. Only repositories of images that people push "
        "to have such tags: other formats, and repositories that fetch or show what is elsewhere, do not apply. One "
        "of which format or mode is not known is judged as if it were such a repository."
    ),
    remedy="Use ImageRepository, or set `docker_config` with `immutable_tags`.",
    severity=Severity.MEDIUM,
    objectives=("5.2.b", "5.3.b"),
    clauses=(partial("nist-800-53-r5", "SR-4", "Where what was pushed comes from."),),
    reads=(_IMMUTABLE.reads(REPOSITORY), Read.aside(REPOSITORY, FORMAT.text), Read.aside(REPOSITORY, MODE.text)),
    checks={REPOSITORY: _judge},
)
