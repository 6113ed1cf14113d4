"""Names that begin as a program says, and go on as the provider does when it makes the resource (`namePrefix`).

Source: terraform-plugin-sdk `helper/id` (PrefixedUniqueId): the time, and eight digits of a counter. Where little
room is left, the provider of Google takes nine digits in all.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from mockcloud.pulumi.naming import NAME

PREFIX: Final = "namePrefix"

_LONGEST: Final = 63
"""Characters of a name."""

_DIGITS: Final = 26
_FEW: Final = 9


def with_name(inputs: Mapping[str, Any], urn: str, now: datetime) -> Mapping[str, Any]:
    """Give inputs with a whole name, where they have but its beginning.

    Another name follows for other inputs and at another time, since one that replaces a resource is there beside it
    for a while.

    Args:
        inputs: The inputs of a resource that is to be made.
        urn: Its URN.
        now: The cloud's time.
    """
    begins = inputs.get(PREFIX)
    if not isinstance(begins, str) or inputs.get(NAME):
        return inputs
    told = json.dumps([urn, inputs, now.isoformat()], sort_keys=True, default=str)
    digest = hashlib.sha256(told.encode()).hexdigest()
    digits = f"{now:%Y%m%d%H%M%S}{now.microsecond // 100:04d}{digest[:8]}"
    return {**inputs, NAME: begins + (digits if len(begins) + _DIGITS <= _LONGEST else digest[:_FEW])}
