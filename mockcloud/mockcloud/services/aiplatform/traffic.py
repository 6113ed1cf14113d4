"""How the traffic of an endpoint is split among the models that are deployed to it."""

from collections.abc import Mapping
from typing import Final

from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.discovery.schemas import Violation

NEW: Final = "0"
"""Key under which a deployment speaks of the model that it deploys, whose id nobody knows yet."""
WHOLE: Final = 100


def hold(split: Mapping[str, int], deployed: list[str]) -> None:
    """Hold a split to what is deployed: known ids, and 100 in all unless it is empty (Endpoint.traffic_split).

    Raises:
        ApiError: It names another id, or does not add up.
    """
    unknown = [each for each in split if each not in deployed]
    if unknown:
        raise invalid(
            f"The traffic split names the deployed model '{unknown[0]}', which is not at this endpoint.",
            Violation("traffic_split", "It names what is not deployed."),
        )
    if split and sum(split.values()) != WHOLE:
        raise invalid(
            f"The traffic split must add up to {WHOLE}; it is {sum(split.values())}.",
            Violation("traffic_split", f"It must add up to {WHOLE}."),
        )
    if any(each < 0 for each in split.values()):
        raise invalid("A share of the traffic is negative.", Violation("traffic_split", "It must not be negative."))


def after_deploy(
    before: Mapping[str, int], asked: Mapping[str, int], new_id: str, deployed: list[str]
) -> dict[str, int]:
    """Give the split once a model is deployed: the one that was asked for, else the one before it."""
    if not asked:
        return dict(before)
    split = {new_id if key == NEW else key: value for key, value in asked.items()}
    hold(split, [*deployed, new_id])
    return split


def after_undeploy(before: Mapping[str, int], asked: Mapping[str, int], gone: str, rest: list[str]) -> dict[str, int]:
    """Give the split once a model is undeployed. Only what gets no traffic any more can go, or what is the last one.

    Raises:
        ApiError: It still gets traffic.
    """
    if not rest:
        return {}
    if asked:
        hold({key: value for key, value in asked.items() if value or key != gone}, rest)
        return {key: value for key, value in asked.items() if key != gone}
    if before.get(gone, 0):
        raise failed_precondition(
            f"The deployed model '{gone}' gets {before[gone]} % of the traffic. Give its share to others first."
        )
    return {key: value for key, value in before.items() if key != gone}


def choose(split: Mapping[str, int], turn: int) -> str:
    """Give the deployed model that answers a call: shares are met exactly over 100 calls, in a fixed order.

    Args:
        split: Shares by id; not empty.
        turn: Number of the call at this endpoint.
    """
    stride = 37  # has no divisor in common with 100, so that 100 calls meet every hundredth once
    point = turn * stride % WHOLE
    for key in sorted(split):
        point -= split[key]
        if point < 0:
            return key
    return max(split)
