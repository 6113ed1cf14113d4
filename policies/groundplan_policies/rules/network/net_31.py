"""NET-31: databases are private and speak TLS only."""

from typing import Final

from groundplan_policies.engine.control import Control, full, partial
from groundplan_policies.engine.expect import every, is_false, is_one_of, is_set, is_true
from groundplan_policies.engine.verdicts import Severity, Verdict
from groundplan_policies.engine.ways import one_way, other_way
from groundplan_policies.rules.network.ranges import NarrowRanges

_INSTANCE: Final = "sql.DatabaseInstance"
_AT: Final = "settings.ipConfiguration"
_PUBLIC = is_false(f"{_AT}.ipv4Enabled", absent=Verdict.FAIL, empty=Verdict.FAIL)
_NETWORK = is_set(
    f"{_AT}.privateNetwork", "compute.Network", "servicenetworking.Connection", expected="a network of your own"
)
_CONNECT = is_true(f"{_AT}.pscConfigs.pscEnabled")
_RANGES = NarrowRanges(f"{_AT}.authorizedNetworks.value", absent=Verdict.PASS, empty=Verdict.PASS, lists=False)
_TLS = is_one_of(f"{_AT}.sslMode", "ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")

CONTROL = Control(
    id="NET-31",
    title="Databases are private and speak TLS only",
    why=(
        "A database with a public address is tried by every scanner, and a listed range of the whole internet lets it "
        "try passwords. Google gives an address unless told otherwise, so absent fails; the instance needs a private "
        "network or Private Service Connect instead. Ranges are judged even without an address, as they come to life "
        "with one. Absent TLS means that connections in the clear are taken."
    ),
    remedy="Set `ipv4_enabled` to false, `private_network` or `psc_configs`, and `ssl_mode` to ENCRYPTED_ONLY.",
    severity=Severity.HIGH,
    objectives=("3.2.b", "6.1.a"),
    clauses=(
        full("cis-gcp-5.0", "6.4"),
        full("cis-gcp-5.0", "6.5"),
        full("cis-gcp-5.0", "6.7"),
        partial("nist-800-53-r5", "SC-8", "Connections to other services."),
    ),
    reads=(
        _PUBLIC.reads(_INSTANCE),
        _NETWORK.reads(_INSTANCE),
        other_way(_CONNECT.reads(_INSTANCE)),
        _RANGES.reads(_INSTANCE),
        _TLS.reads(_INSTANCE),
    ),
    checks={_INSTANCE: every(_PUBLIC, one_way(_NETWORK, _CONNECT), _RANGES, _TLS)},
)
