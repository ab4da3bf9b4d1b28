"""Imports point one way, and every resource is described so that all else can be derived."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.vendors import VENDORS
from tests.conformance.every import EDITIONS
from tests.hosting import NOW

PACKAGE = "pulumi_livepull"
ROOT = Path(__file__).parent.parent / PACKAGE

ABOVE = {
    "errors": set(),
    "core": {"errors"},
    "vendors": {"errors", "core"},
    "hosts": {"errors", "core", "vendors"},
    "generate": {"errors", "core", "vendors", "review"},
    "review": {"errors", "core", "vendors", "hosts"},
    "doctor": {"errors", "core", "vendors", "hosts"},
    "policy": {"errors", "core", "hosts", "review"},
    "callbacks": {"errors"},
    "windows": {"errors", "core"},
    "emulator": set(),
    "testing": {"emulator"},
}
"""What each layer may import besides itself. `__main__` may import all."""

HTTPX = {"core/answers.py", "core/client.py", "core/exchange.py", "core/signing.py"}
"""The modules of core that speak HTTP; vendors' clients and signers do too."""


def modules(root: Path) -> dict[str, Path]:
    """Return every module by its path below the package."""
    return {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*.py"))}


def imports(path: Path, module: str) -> Iterator[str]:
    """Yield the full name of all that a module imports, wherever it does."""
    package = [PACKAGE, *module.split("/")[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            # `from pulumi_livepull import core` imports a module: its name belongs to the path.
            yield from (f"{source}.{name.name}" for name in node.names)


def layer(module: str) -> str:
    """Return the layer of a module: `core/client.py` is in `core`."""
    return module.partition("/")[0].removesuffix(".py")


def generated(root: Path) -> set[str]:
    """Return the modules that users import and that are generated for them."""
    folders = {path.name for path in (root / "vendors").iterdir() if path.is_dir()}
    return {f"{name}.py" for name in folders | {"provider"}}


def may_speak_http(module: str) -> bool:
    """Return whether a module may import httpx."""
    vendors = module.startswith("vendors/") and module.endswith(("/client.py", "/signer.py"))
    return vendors or module in HTTPX


def wrong_arrows(root: Path) -> list[str]:
    """Return every import that the layout forbids."""
    users = generated(root)
    return [
        f"{module} imports {name}"
        for module, path in modules(root).items()
        for name in imports(path, module)
        if not allowed(module, name, users)
    ]


def allowed(module: str, name: str, users: set[str]) -> bool:
    """Return whether a module may import a name."""
    head, _, rest = name.partition(".")
    match head:
        case "pulumi":
            return layer(module) in {"hosts", "windows"} or module in users
        case "httpx":
            return may_speak_http(module)
        case "av":
            return module.startswith("emulator/media/worker/")
        case "pulumi_livepull":
            return points_down(module, rest.split("."), users)
    return True


def points_down(module: str, name: list[str], users: set[str]) -> bool:
    """Return whether a name of ours is in the layer of the module or below it."""
    here, there = layer(module), name[0]
    if module in users:
        return there == "hosts"
    if here == "__main__":
        return True
    if here == "__init__":
        return f"{there}.py" in users
    if here == there == "vendors" and module != "vendors/__init__.py":
        own = module.split("/")[1]
        return name[1] in {own, EDITIONS.get(own)}
    return there == here or there in ABOVE.get(here, set())


def test_imports_point_one_way() -> None:
    """errors ← core ← vendors ← generate, hosts ← __main__; the emulator shares nothing.

    A vendor imports no other, unless it is an edition of it: then all its resources derive from the
    other's, and only what differs is in its folder. Only hosts, windows and the generated
    modules import pulumi. Only the client, its exchange, signing, and vendors' clients and signers
    import httpx. Only the processes of relays import PyAV, which a hostile source can crash.
    """
    assert wrong_arrows(ROOT) == []


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("errors.py", "from pulumi_livepull.core import client", True),
        ("core/new.py", "from pulumi_livepull.vendors import VENDORS", True),
        ("core/new.py", "import pulumi_livepull.hosts.values", True),
        ("core/new.py", "from pulumi_livepull import vendors", True),
        ("core/new.py", "from ..hosts import values", True),
        ("core/deep/new.py", "from ...generate import schema", True),
        ("core/new.py", "import pulumi", True),
        ("core/new.py", "def late():\n    from pulumi.runtime import rpc", True),
        ("core/new.py", "import httpx", True),
        ("core/new.py", "from pulumi_livepull.errors import ApiError", False),
        ("core/new.py", "from .client import Client", False),
        ("core/client.py", "import httpx", False),
        ("core/new.py", "import pulumi_livepull_else, json", False),
        ("vendors/one/new.py", "from pulumi_livepull.vendors.two import wire", True),
        ("vendors/one/new.py", "from ..two import wire", True),
        ("vendors/byteplus/new.py", "from pulumi_livepull.vendors.volcengine import wire", False),
        ("vendors/volcengine/new.py", "from pulumi_livepull.vendors.byteplus import wire", True),
        ("vendors/byteplus/new.py", "from pulumi_livepull.vendors.alicloud import wire", True),
        ("vendors/one/new.py", "from pulumi_livepull.hosts import values", True),
        ("vendors/one/new.py", "from pulumi_livepull.emulator import Emulator", True),
        ("vendors/one/new.py", "import httpx", True),
        ("vendors/one/client.py", "import httpx", False),
        ("vendors/one/signer.py", "from httpx import Auth", False),
        ("vendors/one/new.py", "from pulumi_livepull.vendors.one import wire", False),
        ("vendors/one/new.py", "from pulumi_livepull.core.client import Client", False),
        ("vendors/__init__.py", "from pulumi_livepull.vendors.one import VENDOR", False),
        ("generate/new.py", "from pulumi_livepull.hosts import values", True),
        ("generate/new.py", "from pulumi_livepull.vendors import VENDORS", False),
        ("hosts/new.py", "from pulumi_livepull.generate import schema", True),
        ("hosts/new.py", "import pulumi", False),
        ("hosts/new.py", "import httpx", True),
        ("emulator/new.py", "from pulumi_livepull.errors import ApiError", True),
        ("emulator/new.py", "from pulumi_livepull.emulator.app import Emulator", False),
        ("emulator/media/new.py", "import av", True),
        ("emulator/media/worker/new.py", "from av.error import FFmpegError", False),
        ("windows.py", "import pulumi", False),
        ("windows.py", "from pulumi_livepull.core import windows", False),
        ("windows.py", "from pulumi_livepull.hosts import registry", True),
        ("one.py", "import pulumi", False),
        ("one.py", "from pulumi_livepull.hosts.resource import HostedResource", False),
        ("one.py", "from pulumi_livepull.core.client import Client", True),
        ("stray.py", "from pulumi_livepull.errors import ApiError", True),
        ("__init__.py", "from pulumi_livepull import one", False),
        ("__init__.py", "from pulumi_livepull.hosts import dynamic", True),
        ("__main__.py", "from pulumi_livepull.emulator import Emulator", False),
    ],
)
def test_the_rule_can_fail(tmp_path: Path, module: str, source: str, wrong: bool) -> None:
    """In a small tree with one forbidden import."""
    for folder in ("vendors/one", "vendors/two", "core/deep"):
        (tmp_path / folder).mkdir(parents=True)
    path = tmp_path / module
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    assert bool(wrong_arrows(tmp_path)) is wrong


@pytest.mark.parametrize("module", modules(ROOT))
def test_every_module_says_what_it_is(module: str) -> None:
    """In its docstring; empty `__init__.py` files need none."""
    text = modules(ROOT)[module].read_text(encoding="utf-8")
    assert not text or ast.get_docstring(ast.parse(text)), f"{module} has no docstring"


RESOURCES = {resource.label(): resource for vendor in VENDORS for resource in vendor.resources}
FIELDS = [
    pytest.param(prop, id=f"{label}.{prop.name}")
    for label, resource in RESOURCES.items()
    for prop in resource.properties().values()
]


@pytest.mark.parametrize("prop", FIELDS)
def test_every_field_has_a_description(prop: Property) -> None:
    """It is the documentation in every language; the generator adds type and default."""
    assert prop.description.strip().endswith(".")
    assert not prop.description.startswith(prop.name)


@pytest.mark.parametrize(
    ("resource", "prop"),
    [
        pytest.param(resource, prop, id=f"{label}.{prop.name}")
        for label, resource in RESOURCES.items()
        for prop in resource.inputs()
        if prop.is_output and not prop.required and not prop.chosen_by_server
    ],
)
def test_what_can_be_set_can_be_cleared(resource: type[Resource], prop: Property) -> None:
    """In place if that is possible and visible, otherwise by a replacement: never silently without
    effect.
    """
    old = {prop.camel: "something"}
    found = lifecycle.diff(resource, old, old, {}, NOW)
    assert found.changed == {prop.camel}
    assert prop.clearable or found.replaces == {prop.camel}


@pytest.mark.parametrize("prop", FIELDS)
def test_an_optional_input_is_unset_unless_it_is_given(prop: Property) -> None:
    """Our own defaults would hide the vendor's."""
    assert prop.required or prop.info.get_default() is None


@pytest.mark.parametrize("label", RESOURCES)
def test_a_resource_says_what_it_is_and_where_that_stands(label: str) -> None:
    """Every fact about a vendor cites its page."""
    resource = RESOURCES[label]
    assert "Source: https://" in (resource.__doc__ or "")
    assert resource.token == f"livepull:{label.replace('.', ':')}"
    for named in (resource.identity.created, resource.identity.account):
        assert named is None or named in resource.properties()


@pytest.mark.parametrize("label", RESOURCES)
@pytest.mark.parametrize("verb", ["create", "read", "update", "delete", "list_all"])
def test_every_verb_is_written_and_cites_its_page(label: str, verb: str) -> None:
    """The base class only declares the methods."""
    written = getattr(RESOURCES[label], verb)
    assert written.__qualname__.startswith(RESOURCES[label].__name__)
    assert written.__doc__
    assert not isinstance(getattr(Resource, verb, None), property)


ABSENT = ("fcntl", "grp", "pwd", "resource", "termios")
"""Modules of Python that Windows does not have."""

LOAD_ALL = f"""
import importlib, pkgutil, sys
for name in {ABSENT}:
    sys.modules[name] = None
import pulumi_livepull, tools.release.__main__
for found in pkgutil.walk_packages(pulumi_livepull.__path__, "pulumi_livepull."):
    if not found.name.endswith("__main__") or found.name == "pulumi_livepull.__main__":
        importlib.import_module(found.name)
from pulumi_livepull.hosts import installation
print(installation.folder())
"""


def test_every_module_loads_where_windows_has_less_of_python() -> None:
    """All that users run, and the tool that builds a release: neither may lock, fork or ask for
    the user as only POSIX does.
    """
    env = {**os.environ, "HOME": "/home/somebody"}
    env.pop("PULUMI_HOME", None)
    ran = subprocess.run(
        [sys.executable, "-c", LOAD_ALL],
        cwd=ROOT.parent,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("/home/somebody/.pulumi/plugins/resource-livepull-v")
