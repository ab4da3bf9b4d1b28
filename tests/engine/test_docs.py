"""Every block of code in the documentation works as it is printed."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pulumi_livepull.__main__ import parser
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import conversion
from pulumi_livepull.hosts.registry import config_keys
from pulumi_livepull.vendors import NAMES
from tests.engine.stacks import PROJECT, Stack, in_plugin

ROOT = Path(__file__).parents[2]
PAGES = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *ROOT.glob("examples/*/README.md"),
    *ROOT.glob("benchmarks/*.md"),
]
# The examples here are the schema's: test_generated compares them, test_languages compiles them.
REGISTRY = ROOT / "docs" / "_index.md"
LANGUAGES = {"yaml": "Pulumi.yaml", "typescript": "index.ts", "go": "main.go"}
ADOPTED = {
    "id": "7864b3dc",
    "publish_domain": "push.example.com",
    "app": "live",
    "notify_callback_url": "https://hooks.example.org/recordings",
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _blocks(language: str, *but: Path) -> list[object]:
    return [
        pytest.param(found[2], id=f"{page.relative_to(ROOT)}:{number}")
        for page in sorted({*PAGES} - {*but})
        for number, found in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")), 1)
        if found[1] == language
    ]


def test_every_block_is_of_a_kind_that_is_run() -> None:
    """A block in another language would go untested. Mermaid diagrams have nothing to run."""
    kinds = {
        found[1] for page in PAGES for found in BLOCK.finditer(page.read_text(encoding="utf-8"))
    }
    assert kinds <= {"python", "sh", "text", "mermaid", *LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_block_in_another_language_is_out_of_an_example(language: str) -> None:
    """test_languages runs the examples as a whole."""
    examples = ROOT.glob(f"examples/*/{LANGUAGES[language]}")
    programs = [" ".join(each.read_text(encoding="utf-8").split()) for each in examples]
    blocks = [" ".join(str(block.values[0]).split()) for block in _blocks(language, REGISTRY)]
    assert blocks
    assert [block for block in blocks if not any(block in each for each in programs)] == []


@pytest.mark.parametrize("source", _blocks("python"))
def test_a_python_block_runs(source: str, stack: Stack, url: str, emulator: Emulator) -> None:
    """The engine previews a Pulumi program; other blocks are executed directly."""
    # What a page adopts is there.
    emulator.seed({"huaweicloud": {"callbacks": {PROJECT: [ADOPTED]}}})
    source = source.replace("<id>", ADOPTED["id"])
    if re.search(f"from pulumi_livepull import ({'|'.join(NAMES)})", source):
        in_plugin(stack, url)
        stack.configure("host", None)
        (stack.folder / "__main__.py").write_text(source, encoding="utf-8")
        shutil.copy(ROOT / "examples" / "round-the-clock" / "matches.ics", stack.folder)
        stack.preview()
    else:
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-c", source],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("source", _blocks("sh"))
def test_a_shell_block_names_what_exists(source: str) -> None:
    """Targets, commands, options and config keys must be those of the Makefile and the CLI."""
    for line in source.splitlines():
        _check(shlex.split(re.sub(r"<.*?>", "placeholder", line)))


def _check(words: list[str]) -> None:
    match words:
        case ["make", *targets]:
            makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
            assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
        case ["livepull", *arguments]:
            parser().parse_args(arguments)
        case ["pip", "install", package]:
            assert re.fullmatch(
                r"pulumi-livepull(\[(calendar|emulator|emulator,relay|policy)\])?", package
            )
        case ["pulumi", "config", "set", *arguments]:
            key, value, *_ = (word for word in arguments if word != "--secret")
            assert key in {*config_keys(*NAMES), "livepull:host", *_settings_of_examples()}
            assert value
            assert ("--secret" in arguments) is key.lower().endswith(("key", "token"))
        case ["export", *settings]:
            names = [setting.partition("=")[0] for setting in settings]
            assert [name for name in names if name not in _variables()] == []
        case ["node", ".", verb, "event.json"] | ["./event-relays", verb, "event.json"]:
            assert verb in {"up", "preview", "destroy"}  # test_languages does these.
        case ["python", "stacks.py", verb, *_]:
            assert verb in {"up", "preview", "destroy"}  # test_channels does these.
        case ["pulumi", "cancel", *_] | ["pulumi", "state", "move", "--source", *_]:
            return  # So it does these.
        case ["pulumi", "package", "get-mapping", source, "livepull", provider, "--out", _]:
            assert source == conversion.SOURCE
            assert provider in conversion.providers()
        case ["pulumi", "convert", "--from", source, "--language", "yaml", "--mappings", *_]:
            assert source == conversion.SOURCE
        case (
            ["pulumi", "up"]
            | ["pulumi", "stack", "init", _]
            | ["pulumi", "preview", *_]
            | ["pulumi", "stack", "export" | "import", *_]
            | ["pulumi", "import", *_]
            | ["pulumi", "package", "add", "livepull", "--language", "nodejs" | "go"]
            | ["pulumi", "plugin", "install", "resource", "livepull", _, "--file", _]
            | ["pulumi", "plugin", "install", "resource", "livepull", _, "--server", _]
            | ["npm", "install", "pulumi-livepull"]
            | ["go", "get", _]
            | ["npx", "tsc"]
            | ["go", "build"]
            | ["pytest", "examples/rehearsal"]
        ):
            return  # test_archives, _import, _languages, _migrate and _rehearsal run these.
        case _:
            pytest.fail(f"nothing checks {words}")


def _variables() -> set[str]:
    """The environment variables that the program or an example looks at, or a test sets for one."""
    programs = [ROOT / "examples" / name / file for name, file in LANGUAGES.items()]
    programs += [ROOT / "tests/engine" / name for name in ("stacks.py", "test_channels.py")]
    sources = [ROOT / "docs" / "configuration.md", *programs]
    texts = [source.read_text(encoding="utf-8") for source in sources]
    return set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", " ".join(texts)))


def _settings_of_examples() -> set[str]:
    return {
        key
        for file in ROOT.glob("examples/*/Pulumi.yaml")
        for key in yaml.safe_load(file.read_text(encoding="utf-8"))["config"]
    }
