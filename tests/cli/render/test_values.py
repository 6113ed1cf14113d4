import pytest

from groundplan_cli.render.names import qualified_type, service, short_type
from groundplan_cli.render.values import show
from groundplan_cli.text import clip, count, plain
from groundplan_policies.engine.values import UNKNOWN, Value, redacted_secret

KEY = "4dabf18193072939515e22adb298388d"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a", '"a"'),
        ("", '""'),
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        (UNKNOWN, "known after apply"),
        (f"projects/{UNKNOWN}/x", '"projects/(known after apply)/x"'),
        (redacted_secret(), "secret"),
        ({KEY: "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"hunter2"'}, "secret"),
        ({KEY: "5cf8f73096256a8f31e491e813e4eb8e", "urn": "urn:x"}, "resource urn:x"),
        ({KEY: "c44067f5952c0a294b673a41bacd8c17", "path": "a.txt"}, "asset a.txt"),
        ({KEY: "0def7320c3a5731c473e5ecbe6d01bc7", "hash": "x"}, "archive"),
        ({KEY: "something else"}, "value"),
        ([1, {"a": redacted_secret(), "b": UNKNOWN}], '[1, {"a": "(secret)", "b": "(known after apply)"}]'),
        ("a\x1b[31m\u202eb", '"a\\\\x1b[31m\\\\u202eb"'),
    ],
    ids=repr,
)
def test_values_are_shown_on_one_line_and_without_secrets(value: Value, shown: str) -> None:
    assert show(value) == shown


def test_long_values_are_clipped() -> None:
    assert show("x" * 99, 10) == '"xxxxxxxx…'
    assert clip("abc", 3) == "abc"
    assert len(show(["y" * 99] * 9, 30)) == 30


@pytest.mark.parametrize(
    ("token", "short", "qualified", "of"),
    [
        ("gcp:storage/bucket:Bucket", "storage.Bucket", "storage.Bucket", "storage"),
        ("groundplan:network:Network", "Network", "groundplan.network.Network", "groundplan"),
        ("shop:index:Store", "shop.Store", "shop.Store", "shop"),
        ("aws:s3/bucket:Bucket", "aws.s3.Bucket", "aws.s3.Bucket", "aws"),
        ("random:index/randomId:RandomId", "random.RandomId", "random.RandomId", "random"),
        ("gcp:index/provider:Provider", "Provider", "Provider", "gcp"),
        ("pulumi:providers:gcp", "gcp provider", "pulumi.providers.gcp", "pulumi"),
        ("kubernetes:apps/v1:Deployment", "kubernetes.apps.Deployment", "kubernetes.apps.Deployment", "kubernetes"),
        ("odd", "odd", "odd", "odd"),
    ],
)
def test_types_are_shortened(token: str, short: str, qualified: str, of: str) -> None:
    assert short_type(token) == short
    assert qualified_type(token) == qualified
    assert service(token) == of


def test_control_characters_are_made_visible() -> None:
    assert plain("a\x1b[2Jb\n\t\x9b\u2066") == "a\\x1b[2Jb\\x0a\\x09\\x9b\\u2066"
    assert plain("a\nb\tc\r", lines=True) == "a\nb\tc\\x0d"
    assert plain("plain – text ü 漢") == "plain – text ü 漢"


def test_numbers_agree_with_their_nouns() -> None:
    assert count(1, "entry", "entries") == "1 entry"
    assert count(2000, "entry", "entries") == "2,000 entries"
    assert count(0, "flow") == "0 flows"
