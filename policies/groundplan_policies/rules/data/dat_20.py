"""DAT-20: no data is shared with the provider."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import every, is_false, is_true
from groundplan_policies.engine.verdicts import Severity

_SETTING = "gemini.DataSharingWithGoogleSetting"
_NO_SHARING = is_false("enableDataSharing")
_NO_PREVIEW_SHARING = is_false("enablePreviewDataSharing")
_NO_CACHE = is_true("disableCache")

CONTROL = Control(
    id="DAT-20",
    title="No data is shared with the provider",
    why=(
        "Prompts and answers hold what people typed. Shared for the improvement of products, they leave the agreement "
        "under which the data was given; in the cache of foundation models they stay for a day. What of it reaches a "
        "model cannot be seen here, so a cache setting that is there must turn the cache off; a project without one is "
        "not judged, as it may use no foundation model at all."
    ),
    remedy="Leave out both sharing flags; set `disable_cache` to true.",
    severity=Severity.MEDIUM,
    objectives=("2.1.e", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "AC-4", "Flows other than those to Google's own products."),),
    reads=(
        _NO_SHARING.reads(_SETTING),
        _NO_PREVIEW_SHARING.reads(_SETTING),
        _NO_CACHE.reads("vertex.AiCacheConfig"),
    ),
    checks={_SETTING: every(_NO_SHARING, _NO_PREVIEW_SHARING), "vertex.AiCacheConfig": _NO_CACHE},
)
