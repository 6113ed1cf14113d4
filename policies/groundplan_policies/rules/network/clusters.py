"""What several controls ask of Kubernetes clusters."""

from groundplan_policies.engine.expect import is_false
from groundplan_policies.engine.verdicts import Verdict

IP_ENDPOINTS_OFF = is_false(
    "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled", absent=Verdict.FAIL, empty=Verdict.FAIL
)
"""Passes where a control plane has no IP endpoint. Google makes one by default, so absent fails."""
