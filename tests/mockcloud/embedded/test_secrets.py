# ruff: noqa: T201 - the programs under test print
"""No secret's text leaves the engine: canaries in every place that a program can put one."""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import asdict
from pathlib import Path

import pulumi
import pytest

from mockcloud import (
    EngineError,
    Preview,
    ProgramFailed,
    ProgramReadStdin,
    preview_directory,
    preview_in_child,
    preview_program,
)
from tests.conformance.programs import Thing
from tests.mockcloud.embedded.helpers import SECRET, inputs, resources, write_project

CANARY = 'can"ary-7731'
MULTILINE = "-----BEGIN KEY-----\ncanary-line-4412\n-----END KEY-----"


def everything(preview: Preview) -> str:
    """All that a preview holds, as text."""
    return json.dumps(asdict(preview), default=str, ensure_ascii=False) + str(preview)


def assert_clean(text: str) -> None:
    for form in (CANARY, json.dumps(CANARY)[1:-1], repr(CANARY)[1:-1], "canary-line-4412"):
        assert form not in text


def leaky() -> None:
    config = pulumi.Config()
    plain = config.require("password")
    secret = config.require_secret("password")
    Thing("secret", {"value": secret, "nested": [{"deep": secret}], "joined": pulumi.Output.concat("x", secret)})
    Thing("unwrapped", {"value": pulumi.Output.unsecret(secret), "plain": plain, f"key-{plain}": 1})
    Thing(f"name-{plain}")
    pulumi.export("secret", secret)
    pulumi.export("plain", f"the password is {plain}")
    pulumi.log.info(f"password: {plain}")
    print(f"password: {plain!r} {json.dumps(plain)}")
    print(config.require("key"), file=sys.stderr)


def test_nothing_of_a_secret_configuration_value_is_left() -> None:
    preview = preview_program(leaky, secret_config={"password": CANARY, "key": MULTILINE})
    assert_clean(everything(preview))
    assert inputs(preview, "secret") == {"joined": SECRET, "nested": [{"deep": SECRET}], "value": SECRET}
    assert inputs(preview, "unwrapped")["plain"] == "[secret]"
    assert preview.outputs == {"plain": "the password is [secret]", "secret": SECRET}
    assert resources(preview)["name-[secret]"]["type"] == "gcp:storage/bucket:Bucket"


@pytest.mark.parametrize("where", ["message", "chain", "source"])
def test_nothing_of_a_secret_is_in_an_error(where: str) -> None:
    def program() -> None:
        plain = pulumi.Config().require("password")
        if where == "message":
            raise ValueError(f"cannot log in with {plain}")
        try:
            raise KeyError(plain)  # noqa: TRY301 - the chain of exceptions is what is tested
        except KeyError as error:
            raise RuntimeError("login") from error

    with pytest.raises(ProgramFailed) as raised:
        preview_program(program, secret_config={"password": CANARY})
    error = raised.value
    assert_clean(str(error) + repr(error) + repr(error.args) + error.traceback)
    assert "[secret]" in str(error)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_an_error_of_the_engine_drags_no_exception_of_the_program_along() -> None:
    def program() -> None:
        try:
            raise KeyError(pulumi.Config().require("password"))  # noqa: TRY301 - as above
        except KeyError:
            input()

    with pytest.raises(ProgramReadStdin) as raised:
        preview_program(program, secret_config={"password": CANARY})
    assert raised.value.__context__ is None


def test_what_a_program_makes_secret_is_cleared_from_messages() -> None:
    def program() -> None:
        token = "token-" + base64.b64encode(b"canary").decode()
        Thing("thing", {"token": pulumi.Output.secret(token)})
        pulumi.Output.secret(token).apply(lambda text: print("got", text))
        Thing(f"{token}-user")

    preview = preview_program(program)
    assert preview.stdout == "got [secret]\n"
    assert "token-Y2FuYXJ5-user" in resources(preview)  # a name that holds a secret's text stays a name


def test_a_short_secret_is_not_looked_for_in_texts() -> None:
    preview = preview_program(lambda: Thing("abc", {"size": "abc"}), secret_config={"size": "abc"})
    assert inputs(preview, "abc") == {"size": "abc"}


def test_secrets_of_a_structured_value_are_cleared_one_by_one() -> None:
    def program() -> None:
        print(pulumi.Config().require_object("database")["password"])

    preview = preview_program(program, secret_config={"database": json.dumps({"password": CANARY})})
    assert_clean(everything(preview))


def test_an_encrypted_value_is_a_placeholder_that_stays_secret(tmp_path: Path) -> None:
    program = """
    import pulumi
    config = pulumi.Config()
    pulumi.export("password", config.require_secret("password"))
    pulumi.export("database", config.require_secret_object("database"))
    """
    settings = """
    config:
      proj:password:
        secure: v1:abc
      proj:database:
        host: db
        password:
          secure: v1:def
        ports: [{secure: v1:ghi}]
    """
    preview = preview_directory(write_project(tmp_path, program, settings=settings), "dev")
    assert preview.outputs == {"database": SECRET, "password": SECRET}
    assert preview.placeholders == ("proj:database", "proj:password")


def test_a_failure_with_placeholders_says_so(tmp_path: Path) -> None:
    program = "import pulumi\nint(pulumi.Config().require('number'))\n"
    write_project(tmp_path, program, settings="config:\n  proj:number:\n    secure: v1:abc\n")
    with pytest.raises(ProgramFailed, match="proj:number were placeholders"):
        preview_directory(tmp_path, "dev")
    preview = preview_directory(tmp_path, "dev", secret_config={"number": "12345"})
    assert preview.placeholders == ()


def test_nothing_of_a_secret_passes_through_a_child(tmp_path: Path) -> None:
    program = """
    import os, pulumi
    plain = pulumi.Config().require("password")
    os.write(1, plain.encode())
    os.write(2, plain.encode())
    print(plain)
    if pulumi.Config().get_bool("fail"):
        raise ValueError(plain)
    """
    write_project(tmp_path, program)
    preview = preview_in_child(tmp_path, "dev", secret_config={"password": CANARY})
    assert preview.stdout.count("[secret]") == 2
    assert_clean(everything(preview))
    with pytest.raises(EngineError) as raised:
        preview_in_child(tmp_path, "dev", secret_config={"password": CANARY}, config={"fail": "true"})
    assert_clean(str(raised.value))


def test_a_child_that_dies_shows_no_secret(tmp_path: Path) -> None:
    program = "import os, pulumi\nos.write(2, pulumi.Config().require('password').encode())\nos._exit(7)\n"
    write_project(tmp_path, program)
    with pytest.raises(EngineError, match="exit status 7") as raised:
        preview_in_child(tmp_path, "dev", secret_config={"password": CANARY})
    assert_clean(str(raised.value))
