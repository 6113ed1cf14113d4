"""Access Approval: who is to approve that Google's people see something. Nobody asks to."""

from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE: Final = Service("accessapproval", modelled=False)
_ABOVE: Final = ("projects", "folders", "organizations")

SERVICE.collection(*(f"{each}.accessApprovalSettings" for each in _ABOVE))


@SERVICE.method(*(f"{each}.deleteAccessApprovalSettings" for each in _ABOVE))
def delete(call: Call) -> Answer | Body:
    """Take the settings of a place away, so that those above it hold."""
    call.cloud.delete(found(call))
    return {}
