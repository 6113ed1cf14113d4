"""SUP-19: connections to source code hold no tokens, and its main branch is protected."""

import re
from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Evidence, Read, partial
from groundplan_policies.engine.expect import every, is_false, is_true, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.numbers import within
from groundplan_policies.rules.supply.secret_versions import SecretVersionName

_USER: Final = tuple(
    f"{host}.{each}"
    for host in ("gitlabConfig", "bitbucketCloudConfig", "bitbucketDataCenterConfig")
    for each in (
        "authorizerCredential.userTokenSecretVersion",
        "readAuthorizerCredential.userTokenSecretVersion",
        "webhookSecretSecretVersion",
    )
)
_GITHUB: Final = (
    "githubConfig.authorizerCredential.oauthTokenSecretVersion",
    "githubEnterpriseConfig.privateKeySecretVersion",
    "githubEnterpriseConfig.webhookSecretSecretVersion",
)
_HTTP: Final = (
    "httpConfig.basicAuthentication.passwordSecretVersion",
    "httpConfig.bearerTokenAuthentication.tokenSecretVersion",
    *(each.replace("gitlab", "gitlabEnterprise") for each in _USER if each.startswith("gitlab")),
)
_TOKENS: Final = {
    type_: tuple(SecretVersionName(Path(path), absent=Verdict.PASS, empty=Verdict.INDETERMINATE) for path in paths)
    for type_, paths in {
        "cloudbuildv2.Connection": (*_GITHUB, *_USER),
        "developerconnect.Connection": (*_GITHUB, *_USER, *_HTTP),
    }.items()
}
"""Short name of the type -> where it names the versions of secrets that hold its tokens."""
_SERVER: Final = "cloudbuild.BitbucketServerConfig"
_SERVER_TOKENS: Final = tuple(
    SecretVersionName(Path(f"secrets.{each}"))
    for each in ("adminAccessTokenVersionName", "readAccessTokenVersionName", "webhookSecretVersionName")
)

_INSTANCE, _REPOSITORY, _RULE = (f"securesourcemanager.{each}" for each in ("Instance", "Repository", "BranchRule"))
_PRIVATE = is_true("privateConfig.isPrivate")
_BRANCH, _PATTERN, _OWNER = Path("initialConfig.defaultBranch"), Path("includePattern"), Path("repositoryId")
_REVIEWED = every(is_true("requirePullRequest"), is_false("disabled"))
_APPROVALS = Path("minimumApprovalsCount")
_MAIN: Final = "main"
_PLAIN: Final = re.compile(r"[\w./-]*")


def _rule(resource: Resource, context: Context) -> Outcome:
    """Judge a rule, unless it is plainly on other branches than the main one."""
    pattern = _PATTERN.one(resource)
    nothing = indeterminate("is absent, so that nobody can say on which branches it is", pattern.path)
    missing = unreadable(pattern, absent=nothing)
    if missing is None and not isinstance(pattern.value, str):
        missing = wrong_type(pattern, "an expression for names of branches")
    if missing is not None:
        return missing
    if not _on_main(resource, context):
        return NOT_APPLICABLE
    return all_of([_REVIEWED(resource, context), _approvals(resource, context)])


def _on_main(rule: Resource, context: Context) -> bool:
    """Whether a rule may be on the main branch. Expressions that repeat or choose are taken to be."""
    text = _expression(rule)
    repository = context.graph.resolve(rule, _OWNER.one(rule), _REPOSITORY)
    main = _main_branch(repository) if repository is not None else _MAIN
    return re.fullmatch(text, main) is not None if _PLAIN.fullmatch(text) else True


def _expression(rule: Resource) -> str:
    return _PATTERN.one(rule).text.removeprefix("^").removesuffix("$")


def _protects(rule: Resource, main: str) -> bool:
    """Whether a rule is on the main branch for certain, also by an expression that repeats or chooses."""
    try:
        return re.fullmatch(_expression(rule), main) is not None
    except re.error:
        return False


def _main_branch(repository: Resource) -> str:
    reading = _BRANCH.one(repository)
    return reading.text if reading.state is State.KNOWN and reading.text else _MAIN


def _approvals(resource: Resource, context: Context) -> Outcome:
    least = context.parameters.branch_approvals
    if least is None:
        return indeterminate("the settings do not say how many approvals a change needs")
    reading = _APPROVALS.one(resource)
    if least == 0 and reading.state is State.ABSENT:
        return PASS
    expected = f"at least {least}, as the settings ask"
    return within(
        reading, least, float("inf"), expected, absent=fail(f"is absent; expected is {expected}", reading.path)
    )


def _repository(repository: Resource, context: Context) -> Outcome:
    """Ask for a rule on the main branch. What the rule says is judged there."""
    rules = [*_rules(repository, context)]
    main = _main_branch(repository)
    if any(_protects(each, main) for each in rules):
        return PASS
    if any(_PATTERN.one(each).state in {State.UNKNOWN, State.SECRET, State.WRONG} for each in rules):
        return indeterminate("has rules of which it is not known whether they are on its main branch")
    return fail("has no rule on its main branch, so that anybody who may write changes it alone")


def _rules(repository: Resource, context: Context) -> Iterator[Resource]:
    for each in context.graph.of(_RULE):
        if context.graph.resolve(each, _OWNER.one(each), _REPOSITORY) is repository:
            yield each


def _connection(tokens: tuple[SecretVersionName, ...]) -> Check:
    return every(*tokens)


CONTROL = Control(
    id="SUP-19",
    title="Connections to source code hold no tokens, and its main branch is protected",
    why=(
        "A token of the source host changes every repository that its owner may change, so it is kept in Secret "
        "Manager and named by its version. An instance of Secure Source Manager is on the internet unless it is made "
        "private. What lands on the main branch is built and deployed: a rule must ask for a pull request and for as "
        "many approvals as the tier says. A rule that is switched off asks for nothing; one whose pattern is no plain "
        "name may be on the main branch, and is held to the same. Branches of other hosts are protected there, where "
        "this document does not look."
    ),
    remedy="Use SourceConnection, set `private_config`, and add a BranchRule with `require_pull_request` on main.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.2.d", "5.2.b"),
    clauses=(
        partial("nist-800-53-r5", "CM-3", "Branches of other hosts, and who may change their rules."),
        partial("nist-800-53-r5", "CM-5", "Who may write at other hosts."),
    ),
    reads=(
        *(each.reads(type_) for type_, tokens in _TOKENS.items() for each in tokens),
        *(each.reads(_SERVER) for each in _SERVER_TOKENS),
        _PRIVATE.reads(_INSTANCE),
        Read.aside(_REPOSITORY, _BRANCH.text),
        Read(_RULE, _PATTERN.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read.aside(_RULE, _OWNER.text),
        is_true("requirePullRequest").reads(_RULE),
        is_false("disabled").reads(_RULE),
        Read(_RULE, _APPROVALS.text),
    ),
    checks={
        **{type_: _connection(tokens) for type_, tokens in _TOKENS.items()},
        _SERVER: every(*_SERVER_TOKENS),
        _INSTANCE: _PRIVATE,
        _REPOSITORY: _repository,
        _RULE: _rule,
    },
    settings=("branch_approvals",),
)
