"""What functions take and give is read from the package as it is."""

import ast
import importlib
from pathlib import Path

import pytest

from mockcloud.pulumi.properties import read, signature_of
from tools import pulumi_functions
from tools.pulumi_functions import _arguments, _calls, _package, _signature

FUNCTION = '''
def get_thing_output(name: pulumi.Input[Optional[str]] = None, zone: pulumi.Input[Optional[Optional[str]]] = None):
    """Get it."""
    __args__ = dict()
    __args__['displayName'] = name
    __args__['zone'] = zone
    __ret__ = pulumi.runtime.invoke_output('gcp:module/getThing:getThing', __args__, typ=GetThingResult)
'''


def test_what_may_be_left_out_is_optional_twice(tmp_path: Path) -> None:
    (function,) = ast.parse(FUNCTION).body
    assert isinstance(function, ast.FunctionDef)
    assert _arguments(function) == {"displayName": True, "zone": False}
    file = tmp_path / "get_thing.py"
    file.write_text(FUNCTION, encoding="utf-8")
    assert [(token, result) for token, _, result in _calls(file)] == [
        ("gcp:module/getThing:getThing", "GetThingResult")
    ]


@pytest.mark.parametrize(
    "path", ["organizations/get_iam_policy.py", "secretmanager/get_secret.py", "storage/get_object_signed_url.py"]
)
def test_the_table_has_what_the_package_has(path: str) -> None:
    file = _package() / path
    module = importlib.import_module(f"pulumi_gcp.{file.parent.name}.{file.stem}")

    for token, arguments, result in _calls(file):
        assert read(_signature(token, arguments, module, result)) == signature_of(token)


def test_what_a_function_takes_and_does_not_give_back_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi_functions, "output_type_types", lambda _: {"id": str})

    with pytest.raises(SystemExit, match="takes name, and does not give"):
        _signature("gcp:module/getThing:getThing", {"name": True}, ast, "AST")
