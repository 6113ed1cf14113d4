"""CMP-08: clusters know callers by IAM alone."""

from typing import Final

from groundplan_policies.engine.control import Control, full, partial
from groundplan_policies.engine.expect import every, is_false, is_one_of, reads_of
from groundplan_policies.engine.verdicts import Severity

_EXPECTED: Final = (
    is_false("enableLegacyAbac"),
    is_false("masterAuth.clientCertificateConfig.issueClientCertificate"),
    is_false("enableKubernetesAlpha"),
    is_one_of("anonymousAuthenticationConfig.mode", "LIMITED"),
    is_false("rbacBindingConfig.enableInsecureBindingSystemAuthenticated"),
    is_false("rbacBindingConfig.enableInsecureBindingSystemUnauthenticated"),
)

CONTROL = Control(
    id="CMP-08",
    title="Clusters know callers by IAM alone",
    why=(
        "Attribute-based access gives every account in the cluster all rights, a client certificate cannot be taken "
        "back, alpha clusters get no fixes, and an anonymous caller reaches whatever somebody once bound to "
        "everybody. The first three are off by default. Anonymous calls are limited to the health checks only where "
        "that is said, so an absent mode fails. Nor may a cluster ask that roles can be bound to everybody, or to "
        "everybody with an account at Google; whether it does where it says nothing depends on its version."
    ),
    remedy="Use TrainingCluster, or set `anonymous_authentication_config` to LIMITED and leave out the others.",
    severity=Severity.HIGH,
    objectives=("3.2.a",),
    clauses=(
        full("cis-gke-1.6", "5.8.1"),
        full("cis-gke-1.6", "5.8.3"),
        partial("cis-gke-1.6", "5.10.2", "Alpha features of clusters that this program does not make."),
    ),
    reads=reads_of({"container.Cluster": _EXPECTED}),
    checks={"container.Cluster": every(*_EXPECTED)},
)
