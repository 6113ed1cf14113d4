"""Texts that may be secrets: by name, by form, by chance; and those that are none."""

import pytest

from groundplan_policies.engine.literals import Suspicion, assigns_secret, names_secret, suspicion


@pytest.mark.parametrize(
    "name",
    [
        *("PASSWORD", "DB_PASSWORD", "db-password", "dbPassword", "SECRET", "API_TOKEN", "apiKey", "API_KEY", "apikey"),
        *("ACCESS_KEY", "private_key", "AUTH", "CLIENT_SECRET", "signing.key", "--password", "_GITHUB_TOKEN", "PWD"),
    ],
)
def test_a_name_tells_a_secret(name: str) -> None:
    assert names_secret(name)
    assert suspicion(name, "summer") is Suspicion.NAME


@pytest.mark.parametrize(
    "name",
    [
        *("", "HOST", "PASSWORD_FILE", "secretName", "TOKEN_URL", "secret_version", "MAX_TOKENS", "KEY", "SSH_KEYS"),
        *("--password-stdin", "PASSWORD_USER", "api-auth_backends", "personal-auth.user"),
        *("KEY_RING", "idle-timeout-seconds", "AUTH_MODE", "compass", "monkey", "PRIMARY_KEY", "API", "keyApi", "---"),
    ],
)
def test_a_name_tells_no_secret(name: str) -> None:
    assert not names_secret(name)
    assert suspicion(name, "summer") is None


@pytest.mark.parametrize(
    "value",
    [
        *("", "  ", "projects/acme/secrets/db/versions/3", "sm://db", "$PASSWORD", "${_PASSWORD}", "$(PASSWORD)"),
        *("$$PASSWORD", "$(body.message.token)"),
        *("true", "FALSE", "projects/acme/locations/europe-west4/secrets/db/versions/latest", "none"),
    ],
)
def test_what_points_at_a_secret_is_none(value: str) -> None:
    assert suspicion("DB_PASSWORD", value) is None


@pytest.mark.parametrize("value", ["hunter2", "12345", "the projects/acme/secrets/db", "see projects/a/secrets/b"])
def test_what_does_not_only_point_is_one(value: str) -> None:
    assert suspicion("DB_PASSWORD", value) is Suspicion.NAME


# Put together here, so that no scanner takes this file for one with tokens in it.
TOKENS = [
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2" * 15,
    "glpat-" + "a1B2" * 5,
    "hf_" + "aBcD" * 8,
    "AKIA" + "ABCD1234" * 2,
    "AIza" + "a1B2c" * 7,
    "ya29." + "a1B2" * 6,
    "xoxb-" + "1234567890",
    "sk-" + "a1b2" * 6,
    "pul-" + "ab12" * 10,
    "eyJ" + "hbGciOiJI" + ".eyJ" + "zdWIiOiIx" + ".sig",
    "-----BEGIN " + "RSA PRIVATE KEY-----",
    "-----BEGIN " + "PRIVATE KEY-----",
    "postgresql://app:" + "summer@db/main",
]


@pytest.mark.parametrize("value", TOKENS)
@pytest.mark.parametrize("around", ["{}", "set it to {} before\n", "--key={}"])
def test_a_token_is_told_by_its_form(value: str, around: str) -> None:
    assert suspicion("NOTE", around.format(value)) is Suspicion.TOKEN


@pytest.mark.parametrize("value", ["Zk3vQ9xT7bLm2RwY8sPd", "x=Zk3vQ9xT7bLm2RwY8sPd", "a/Zk3vQ9xT7bLm2RwY8sPd/b"])
def test_a_long_mix_looks_like_chance(value: str) -> None:
    assert suspicion("NOTE", value) is Suspicion.CHANCE


@pytest.mark.parametrize(
    "value",
    [
        *("Zk3vQ9xT7bLm2R", "europe-west4-docker.pkg.dev/acme-build-prod/gp-images/census-workloads-python"),
        *("aaaaaaaaaaaaaaaaaaaaaaaaA1", "zk3vq9xt7blm2rwy8spd", "ZK3VQ9XT7BLM2RWY8SPD", "ZkQvQrxTabLmcRwYdsPd"),
        *("123e4567-e89b-12d3-a456-426614174000", "/opt/Python3/lib/Site-packages/Numpy2", "FREQ=WEEKLY;BYDAY=SA,SU"),
        "https://europe-west4-python.pkg.dev/acme-build-prod/gp-packages/simple/",
        "app@sha256:" + "0123456789abcdef" * 4,
        "ssh-ed25519 " + "AAAAC3NzaC1lZDI1NTE5AAAAIJx0Zk3vQ9xT7bLm2RwY8sPd",
        "-----BEGIN CERTIFICATE-----\nMIIBZk3vQ9xT7bLm2RwY8sPdQ\n-----END CERTIFICATE-----",
        "http://10.30.15.253:443",
        "postgresql://db/main",
        "https://${USER}:${PASSWORD}@host/",
    ],
)
def test_names_digests_and_what_is_public_are_no_secrets(value: str) -> None:
    assert suspicion("NOTE", value) is None


def test_a_long_hexadecimal_number_may_be_a_key_unless_its_name_says_otherwise() -> None:
    value = "0123456789abcdef" * 2
    assert suspicion("NOTE", value) is Suspicion.DIGITS
    assert suspicion("NOTE", value.upper()) is Suspicion.DIGITS
    assert suspicion("NOTE", value[1:]) is None
    assert suspicion("COMMIT_SHA", value) is None
    assert suspicion("fileDigest", value) is None
    assert suspicion("API_KEY", value) is Suspicion.NAME


@pytest.mark.parametrize(
    "text",
    [
        "export DB_PASSWORD=hunter2 && run",
        "mysql --password='hunter 2' -e x",
        "A=b; API_TOKEN=summer",
        'PASSWORD="hunter2" run',
        "gcloud x --client-secret=hunter2",
        "tool --secret=hunter2",
        "#cloud-config\npassword: hunter2\n",
        '{"host": "db", "password": "hunter2"}',
        '{"db":{"password":"hunter2"}}',
        "env:\n  - name: DB_PASSWORD\n    value: hunter2\n",
        '[{"name": "DB_PASSWORD", "value": "hunter2"}]',
    ],
)
def test_a_command_may_give_a_secret(text: str) -> None:
    assert assigns_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "export DB_PASSWORD=$(gcloud secrets versions access latest --secret=db)",
        "DB_PASSWORD=$$DB_PASSWORD run",
        'PASSWORD="${_PASSWORD}" run',
        "PASSWORD_FILE=/run/x TOKEN_URL=https://x y",
        "gcloud run deploy app --set-secrets=DB_PASSWORD=db:3",
        "PASSWORD= run",
        "mode=fast run",
        "#cloud-config\nssh_pwauth: false\nlock_passwd: true\n",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: token\n",
        '{"password": "${PASSWORD}", "auth": {"mode": "oidc"}}',
        "valueFrom:\n  secretKeyRef:\n    name: db\n",
        "env:\n  - name: MODE\n    value: fast\n  - name: DB_PASSWORD\n    value: $DB_PASSWORD\n",
        "token:\n  path: /run/x\n",
        "see http://host:8080/token and wait",
    ],
)
def test_a_command_that_only_refers_to_secrets_gives_none(text: str) -> None:
    assert not assigns_secret(text)
