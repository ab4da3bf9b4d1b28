"""What is derived from the resources and committed is fresh, and good Python."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from pulumi_livepull import generate
from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.function import functions_of
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.schedule import Schedule, schedules
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.generate import assumptions, examples
from pulumi_livepull.vendors import VENDORS
from tests.hosting import NOW
from tools.generate import main

ROOT = Path(__file__).parents[1]
RESOURCES = [resource for vendor in VENDORS for resource in vendor.resources]


def test_every_generated_file_is_fresh() -> None:
    """Run `make generate` after changing a resource."""
    assert [path.relative_to(ROOT) for path in generate.stale(ROOT, Emulator().coverage())] == []


def test_a_stale_file_is_reported_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The check above does fail, and `make generate` fixes what it finds."""
    for page in ("README.md", "docs/emulator.md", "pyproject.toml"):
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_text((ROOT / page).read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["--check"], tmp_path) == 1
    assert "stale: schema.json" in capsys.readouterr().out
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0


def test_the_schema_says_what_the_classes_say() -> None:
    """Required, secret and replacing properties reach every language."""
    schema = json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))
    kinds = [resource for vendor in VENDORS for resource in vendor.resources]
    components = {schedule.token for schedule in schedules(kinds)}
    assert set(schema["resources"]) == {resource.token for resource in kinds} | components
    task = schema["resources"]["livepull:huaweicloud:PullTask"]
    assert task["requiredInputs"] == ["sourceType", "sourceUrls"]
    assert task["inputProperties"]["destinationUrl"]["secret"] is True
    assert task["inputProperties"]["domain"]["willReplaceOnChanges"] is True
    assert "status" not in task["inputProperties"]
    assert "adopt" not in task["properties"]
    assert "`destinationUrl`" in task["inputProperties"]["domain"]["description"]


def test_the_schema_says_what_a_schedule_is() -> None:
    """A component with the inputs of its task; only the task can be replaced."""
    schema = json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))
    shows = schema["resources"]["livepull:huaweicloud:PullTaskSchedule"]
    task = schema["resources"]["livepull:huaweicloud:PullTask"]
    assert shows["isComponent"] is True
    assert shows["requiredInputs"] == ["windows", *task["requiredInputs"]]
    given, of_task = shows["inputProperties"], task["inputProperties"]
    assert given.keys() - of_task.keys() == {"windows"}
    assert given["sourceType"]["$ref"] == of_task["sourceType"]["$ref"]
    assert given["destinationUrl"]["secret"] is True
    assert [name for name, prop in given.items() if "willReplaceOnChanges" in prop] == []
    assert shows["properties"]["taskIds"]["additionalProperties"] == {"type": "string"}


def test_every_page_says_how_yaml_calls_what_it_is_about_and_spells_names() -> None:
    """A page has Python's names, and lists YAML's spelling too."""
    for vendor in VENDORS:
        for kind in (*vendor.resources, *schedules(vendor.resources)):
            label = (kind.label if isinstance(kind, Schedule) else kind.label()).replace(".", "/")
            page = (ROOT / f"docs/resources/{label}.md").read_text(encoding="utf-8")
            assert f"YAML calls it `{kind.token}`." in page
            assert "camelCase" in page
        page = (ROOT / f"docs/functions/{vendor.name}.md").read_text(encoding="utf-8")
        for function in functions_of(vendor):
            assert f"YAML calls it `{function.token}`." in page
        assert "camelCase" in page


FROZEN = "replaces if `source_type` is `PullLivePushLive`"


@pytest.mark.parametrize(
    ("page", "name", "change", "fact"),
    [
        ("huaweicloud/PullTask", "source_urls", f"updates; {FROZEN}", "required"),
        ("huaweicloud/PullTask", "end_time", f"updates; {FROZEN}", "unset, the vendor chooses"),
        ("huaweicloud/PullTask", "start_time", f"updates; {FROZEN}", ""),
        ("huaweicloud/PullTask", "region", "replaces", ""),
        ("volcengine/PullToPushTask", "running", "updates", ""),
        ("volcengine/PullToPushTask", "domain", "updates", ""),
        ("volcengine/PullToPushTask", "group_name", "replaces", ""),
    ],
)
def test_a_page_says_what_a_change_does_and_what_unset_means(
    page: str, name: str, change: str, fact: str
) -> None:
    """A reader who wrongly believes "updates" takes a live relay off air."""
    lines = (ROOT / f"docs/resources/{page}.md").read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| `{name}` |")]
    *_, said, facts = row.split(" | ")
    assert said == change
    assert facts.removesuffix("|").strip().startswith(fact)
    assert fact or "vendor chooses" not in facts


def test_the_schema_says_what_replaces_beyond_the_field() -> None:
    """A replacement may depend on the whole resource, or on clearing an input."""
    schema = json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))
    given = schema["resources"]["livepull:huaweicloud:PullTask"]["inputProperties"]
    frozen = "A change replaces the resource if `sourceType` is `PullLivePushLive`."
    assert given["sourceUrls"]["description"].endswith(frozen)
    assert "A change replaces" not in given["domain"]["description"]
    key = schema["resources"]["livepull:huaweicloud:RecordCallback"]["inputProperties"]["key"]
    assert key["description"].endswith("Clearing it replaces the resource.")


@pytest.mark.parametrize(
    ("page", "name", "fact"),
    [
        ("volcengine/PullToPushTask", "dst_addr", "secret |"),
        ("volcengine/PullToPushTask", "src_addr", "secret if it has a query or user info"),
        ("volcengine/Callback", "callback_urls", "required, secret if it has a query"),
        ("volcengine/PullToPushTaskSchedule", "callback_url", "secret if it has a query"),
    ],
)
def test_a_page_says_what_is_secret_and_when(page: str, name: str, fact: str) -> None:
    """An address is secret only if it carries a key, so its description need not say so."""
    lines = (ROOT / f"docs/resources/{page}.md").read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| `{name}` |")]
    assert row.split(" | ")[-1].startswith(fact)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.token)
def test_an_example_is_the_same_in_every_language_and_passes_the_check(
    resource: type[Resource],
) -> None:
    """Users copy it first, so it must work; test_docs runs the Python program."""
    given = yaml.safe_load(examples.yaml(resource))["resources"]["main"]
    assert given["type"] == resource.token
    inputs = given["properties"]
    assert lifecycle.check(resource, {}, inputs, NOW).failures == []
    words = {
        resource.properties()[str(node.arg)].camel: ast.literal_eval(node.value)
        for node in ast.walk(ast.parse(examples.python(resource)))
        if isinstance(node, ast.keyword)
    }
    script = examples.typescript(resource).partition("{\n")[2].rpartition("}")[0]
    lines = [line.strip().rstrip(",").split(": ", 1) for line in script.splitlines()]
    assert words == {name: json.loads(value) for name, value in lines} == inputs
    code = examples.go(resource, "example.com/sdk")
    # test_languages compiles it, and so knows the names of closed values.
    fields = re.findall(r"^\t\t\t([A-Z]\w+): +(.+),$", code, re.MULTILINE)
    assert [name for name, _ in fields] == [name[:1].upper() + name[1:] for name in inputs]
    for (_, written), value in zip(fields, inputs.values(), strict=True):
        items = value if isinstance(value, list) else [value]
        assert all(json.dumps(item) in written or _is_closed(item, written) for item in items)


def _is_closed(value: object, written: str) -> bool:
    return f"{value}".replace("_", "").lower() in written.lower() and "pulumi." not in written


@pytest.mark.parametrize("name", ["_index", "installation-configuration"])
def test_a_page_for_the_registry_has_the_form_that_it_reads(name: str) -> None:
    """Front matter, and tabs that are closed and know all languages that the schema offers."""
    _, front, text = (ROOT / f"docs/{name}.md").read_text(encoding="utf-8").split("---\n", 2)
    assert yaml.safe_load(front).keys() == {"title", "meta_desc", "layout"}
    assert yaml.safe_load(front)["layout"] == "package"
    tabs = re.split(r"{{< chooser language \"python,typescript,go,yaml\" >}}", text)[1:]
    assert len(tabs) == (len(VENDORS) if name == "_index" else 1)
    for tab in tabs:
        inside, closed, rest = tab.partition("{{< /chooser >}}")
        assert closed
        assert re.findall(r"choosable language (\w+)", inside) == [
            "python",
            "typescript",
            "go",
            "yaml",
        ]
        assert inside.count("{{% /choosable %}}") == 4
        assert "choosable" not in rest
    for vendor in VENDORS:
        assert vendor.title in text


def test_the_registry_shows_an_example_of_each_vendor_as_the_schema_does() -> None:
    """One text in the schema, and the same on the page."""
    page = (ROOT / "docs/_index.md").read_text(encoding="utf-8")
    schema = json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))
    for vendor in VENDORS:
        described = schema["resources"][vendor.resources[0].token]["description"]
        for language in ("python", "typescript", "go"):
            (block,) = re.findall(rf"```{language}\n.*?```", described, re.DOTALL)
            assert block in page


def test_every_assumption_has_an_id_of_its_own() -> None:
    """Write it as `Assumption A001:`, with the next number that `docs/assumptions.md` lacks."""
    assert list(assumptions.without_id()) == []
    ids = [each.id for each in assumptions.register({})]
    assert len(ids) > 100
    assert len(set(ids)) == len(ids)


def test_an_assumption_is_found_wherever_it_is_written(tmp_path: Path) -> None:
    """In a comment of several lines, a docstring or brackets; with its page and its switch."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "one.py").write_text(
        '''"""One. Pages: CreateThing, docs/12/34."""

# Assumption A003: the first of a
# pair counts. Switch: `pairs`.
X = 1
"""No page gives the unit (assumption A001)."""


def delete() -> None:
    """DeleteThing.

    Assumption A002: twice is fine.
    """
    # Another assumption: has no id.
'''
    )
    pages = {"acme": {"CreateThing": "acme.example/create", "DeleteThing": "acme.example/delete"}}
    found = assumptions.register(pages, tmp_path)
    assert [tuple(each) for each in found] == [
        ("A001", "`acme/one.py`", "No page gives the unit.", "", ""),
        ("A002", "`acme/one.py`, `delete`", "Twice is fine.", "acme.example/delete", ""),
        (
            "A003",
            "`acme/one.py`",
            "The first of a pair counts.",
            "docs/12/34, acme.example/create",
            "pairs",
        ),
    ]
    assert list(assumptions.without_id(tmp_path)) == ["acme/one.py: assumption: has no id."]
    assert "| A001 | `acme/one.py` | No page gives the unit. | no page |   |" in assumptions.page(
        found
    )


def test_every_switch_is_a_part_of_the_emulators_seed() -> None:
    """What the register names must be there to be switched."""
    seeds = " ".join(map(str, Emulator().state().values()))
    switches = {each.switch for each in assumptions.register({})} - {""}
    assert switches == {"exited_seconds", "repeats"}
    assert all(f"'{switch}'" in seeds for switch in switches)
