"""Rules of the house that no tool knows. Each test lists every place that breaks its rule."""

import ast
import re
import tomllib
from collections import Counter

import pytest

from tests.architecture.sources import ROOMS, ROOT, line_of, place, python_files, texts, tree
from tools.construct_catalog import constructs

# Names that tell nothing about what a file is for.
EMPTY_NAMES = frozenset({"util", "utils", "helper", "helpers", "misc", "common", "stuff", "tools", "various", "lib"})

# What a construct or a rule may not ask: the result would differ from run to run or from machine to machine.
NOT_DETERMINISTIC = {
    "import": frozenset({"random", "secrets", "time", "uuid"}),
    "call": frozenset(
        {
            "datetime.now",
            "datetime.today",
            "datetime.utcnow",
            "date.today",
            "os.getenv",
            "os.urandom",
            "platform.node",
            "socket.gethostname",
            "getpass.getuser",
        }
    ),
    "value": frozenset({"os.environ"}),
}

# What such a module has that is the same each time: identifiers that are made of a text.
DETERMINISTIC = frozenset({"uuid.uuid5", "uuid.NAMESPACE_URL"})

# What runs data as code. A file without one of the words is not read further: to parse them all takes many seconds.
DATA_MODULES = frozenset({"pickle", "marshal", "shelve", "dill", "cloudpickle"})
DATA_FUNCTIONS = frozenset({"yaml.load", "yaml.unsafe_load", "yaml.full_load", "os.system", "os.popen", "eval"})
DATA_WORDS = re.compile(
    rf"\b({'|'.join(sorted({*DATA_MODULES, *(each.rpartition('.')[2] for each in DATA_FUNCTIONS), 'shell'}))})\b"
)

# Written in two halves, so that this file does not contain what it forbids.
REGISTRY_HOSTS = tuple(
    f"{host}.{domain}"
    for host, domain in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry.npmjs", "org"),
        ("crates", "io"),
        ("proxy.golang", "org"),
        ("sum.golang", "org"),
        ("repo.maven.apache", "org"),
        ("rubygems", "org"),
        ("anaconda", "org"),
        ("deb.debian", "org"),
    ]
)
# The door of the policy pack asks which day it is, as the command does for `check`; the rules behind it are told.
ASKS_THE_DAY = ROOT / "policies" / "groundplan_policies" / "crossguard" / "server.py"
OWN_MACHINE = re.compile(r"(?<![\w.~}-])/(?:home|root|Users|work|farm)/")
LOCK_FILE = ROOT / "uv.lock"
LOCK_FILES = {LOCK_FILE, ROOT / "workloads" / "uv.lock"}


def test_a_file_name_says_what_the_file_is_for() -> None:
    assert [place(file) for file in python_files(*ROOMS) if file.stem in EMPTY_NAMES] == []


def test_the_other_package_named_constructs_never_enters() -> None:
    """AWS CDK's package has the name of one of our rooms and would be imported in its place."""
    locked = tomllib.loads(LOCK_FILE.read_text(encoding="utf-8"))
    names = {package["name"] for package in locked["package"]}
    assert "pulumi" in names
    assert "constructs" not in names


def test_a_file_holds_one_public_construct() -> None:
    counted = Counter(construct.path for construct in constructs())
    assert [place(path) for path, count in counted.items() if count > 1] == []


def test_a_construct_is_documented() -> None:
    assert [place(construct.path) for construct in constructs() if not construct.summary] == []


def test_the_same_settings_give_the_same_resources() -> None:
    """Neither chance nor clock nor environment variable has a say in a construct, a stage or a rule."""
    files = [*python_files("constructs"), *python_files("stacks/blueprint"), *python_files("policies")]
    assert [
        found for file in files if file != ASKS_THE_DAY for found in _not_deterministic(tree(file), place(file))
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from time import sleep",
        "from uuid import uuid4, uuid5",
        "import os\nos.environ['A']",
        "import os\nos.getenv('A')",
        "from os import environ",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import date\ndate.today()",
    ],
)
def test_what_is_not_deterministic_is_noticed(source: str) -> None:
    assert _not_deterministic(ast.parse(source), "file.py")


def _not_deterministic(module: ast.Module, where: str) -> list[str]:
    found = []
    for node in ast.walk(module):
        name = ""
        if isinstance(node, ast.Import):
            name = next((a.name for a in node.names if a.name in NOT_DETERMINISTIC["import"]), "")
        elif isinstance(node, ast.ImportFrom):
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            forbidden = NOT_DETERMINISTIC["call"] | NOT_DETERMINISTIC["value"]
            by_chance = node.module in NOT_DETERMINISTIC["import"] and not whole <= DETERMINISTIC
            name = str(node.module) if by_chance else next(iter(whole & forbidden), "")
        elif isinstance(node, ast.Attribute):
            ending = ".".join(ast.unparse(node).split(".")[-2:])
            name = ending if ending in NOT_DETERMINISTIC["call"] | NOT_DETERMINISTIC["value"] else ""
        if name:
            found.append(f"{where}:{getattr(node, 'lineno', 0)} uses {name}")
    return found


def test_nothing_runs_data_as_code() -> None:
    """No pickle, no YAML that makes objects, no shell that reads a string."""
    suspects = [file for file in python_files() if DATA_WORDS.search(file.read_text(encoding="utf-8"))]
    assert [found for file in suspects for found in _runs_data(tree(file), place(file))] == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from marshal import loads",
        "yaml.load(text)",
        "subprocess.run('ls', shell=True)",
        "os.system('ls')",
        "eval('1')",
    ],
)
def test_what_runs_data_as_code_is_noticed(source: str) -> None:
    assert DATA_WORDS.search(source)
    assert _runs_data(ast.parse(source), "file.py")


def _runs_data(module: ast.Module, where: str) -> list[str]:
    found = []
    for node in ast.walk(module):
        name = ""
        if isinstance(node, ast.Import):
            name = next((alias.name for alias in node.names if alias.name in DATA_MODULES), "")
        elif isinstance(node, ast.ImportFrom):
            name = node.module if node.module in DATA_MODULES else ""
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            shell = any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in node.keywords)
            name = "a shell" if shell else called if called in DATA_FUNCTIONS else ""
        if name:
            found.append(f"{where}:{getattr(node, 'lineno', 0)} uses {name}")
    return found


def test_no_file_knows_the_machine_that_it_was_written_on() -> None:
    found = [
        f"{place(file, line_of(text, match.start()))} has {match.group()}"
        for file, text in texts()
        if file not in LOCK_FILES
        for match in OWN_MACHINE.finditer(text)
    ]
    assert found == []


def test_the_machine_pattern_notices_paths_and_leaves_urls_alone() -> None:
    assert OWN_MACHINE.search("cd /HOME/ann/project".lower())
    assert not OWN_MACHINE.search("https://example.test/home/page")
    assert not OWN_MACHINE.search("/workspace/file")


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the business of who installs them; the lock file alone has to say it."""
    found = [
        f"{place(file)} names {host}"
        for file, text in texts()
        if file not in LOCK_FILES
        for host in REGISTRY_HOSTS
        if host in text
    ]
    assert found == []


def test_a_construct_has_a_page_with_an_example() -> None:
    """The page has the name of the construct's file, and its examples run as tests."""
    pages = {construct: ROOT / "docs" / "constructs" / f"{construct.path.stem}.md" for construct in constructs()}
    missing = [
        f"{construct.name}: {place(page)}"
        for construct, page in pages.items()
        if not page.is_file() or "```python" not in page.read_text(encoding="utf-8")
    ]
    assert missing == []
