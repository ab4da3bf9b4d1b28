"""`livepull export`: what it lists, how it names it, and that a failure writes nothing."""

import io
import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pulumi_livepull.__main__ import main
from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import export
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud import PullTask
from pulumi_livepull.vendors.volcengine import PullToPushGroup, PullToPushTask, RelaySource
from tests.conformance.cases import huaweicloud
from tests.conformance.cases.volcengine import LIVE, SOURCE
from tests.hosting import KEYS, NOW, connect
from tests.hosts.calls import reach

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """Set only the vendors' keys in the config of stack `dev`, in an empty folder."""
    config = dict(KEYS)

    def pulumi(*words: str, chosen: list[str]) -> str:
        assert chosen == ["--stack", "dev"]
        if words[0] == "config":
            return json.dumps({key: {"value": value} for key, value in config.items()})
        return (tmp_path / "state.json").read_text()

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(export, "command", pulumi)
    (tmp_path / "state.json").write_text('{"deployment": {}}')
    return config


@pytest.fixture
def clients(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Client]:
    """Return a client of each vendor; all other clients reach the emulator too."""
    made = {vendor.name: connect(emulator, vendor.resources[0]) for vendor in VENDORS}
    reach(emulator, monkeypatch, [])
    return made


def make(clients: Mapping[str, Client], kind: type[Resource], given: Mapping[str, Any]) -> str:
    """Create a resource and return its id."""
    inputs = lifecycle.check(kind, {}, given, NOW).inputs
    return lifecycle.create(kind, clients[kind.token.split(":")[1]], inputs).id


def exported(capsys: Output, *options: str, ends: int = 0) -> tuple[dict[str, str], str]:
    """Return the exported ids by name, and the messages."""
    assert main(["export", "--stack", "dev", *options]) == ends
    output = capsys.readouterr()
    resources = json.loads(output.out)["resources"] if output.out else []
    return {each["name"]: each["id"] for each in resources}, output.err


def test_the_document_is_what_pulumi_imports(clients: Mapping[str, Client], capsys: Output) -> None:
    """It has a type, a name and an id for each resource, and nothing confidential."""
    task = make(clients, PullTask, huaweicloud.LIVE)
    assert main(["export", "--stack", "dev", "--vendor", "huaweicloud"]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out) == {
        "resources": [
            {"type": PullTask.token, "name": "push-example-com-live-1", "id": task},
        ]
    }
    assert output.err == "exported: 1\n"


def test_the_document_is_in_utf8_wherever_it_goes(
    clients: Mapping[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe on Windows has another encoding, and Pulumi reads this one."""
    make(clients, PullToPushGroup, {"name": "体育", "projectName": "sports"})
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="cp1252"))
    assert main(["export", "--stack", "dev", "--type", "PullToPushGroup"]) == 0
    sys.stdout.flush()
    (found,) = json.loads(printed.getvalue().decode())["resources"]
    assert "体育" in found["id"]


def test_all_vendors_are_listed_and_what_cannot_be_is_reported(
    clients: Mapping[str, Client], capsys: Output
) -> None:
    """The message says how to include it, and the exit code shows that the list is incomplete."""
    task, group = make(clients, PullTask, huaweicloud.LIVE), make(clients, PullToPushTask, LIVE)
    found, output = exported(capsys, ends=3)
    assert list(found.values()) == [task, group]
    *left_out, end = output.splitlines()
    assert end == "exported: 2"
    assert all(": the vendor lists them only by " in line for line in left_out)
    assert [line for line in left_out if "volcengine" in line] == [
        "left out: volcengine.RelaySource: the vendor lists them only by domain. "
        "Give --where RelaySource.domain=<domain>.",
        "left out: volcengine.Callback: the vendor lists them only by domain or domain space. "
        "Give --where Callback.vhost=<vhost> or --where Callback.domain=<domain>.",
    ]


def test_a_vendor_without_keys_is_left_out_unless_it_is_requested(
    clients: Mapping[str, Client], keys: dict[str, str], capsys: Output
) -> None:
    """An account that is not in use is not an error."""
    del keys["livepull:huaweicloudAccessKey"], keys["livepull:huaweicloudSecretKey"]
    make(clients, PullTask, huaweicloud.LIVE)
    found, output = exported(capsys, "--where", "status=running")
    assert found == {}
    assert "left out: huaweicloud, because no access key was found\n" in output
    assert output.count("huaweicloud") == 1
    for asked in ("--vendor=huaweicloud", "--vendor=volcengine"), ("--type=PullTask",):
        _, output = exported(capsys, *asked, ends=1)
        assert output.startswith("huaweicloud: no access key found")


def test_without_any_keys_the_message_says_how_to_give_them(
    keys: dict[str, str], capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be listed then, and the config is read only if a stack is named."""
    keys.clear()
    monkeypatch.setenv("HOME", "/nowhere")
    found, named = exported(capsys, ends=1)
    assert found == {}
    assert main(["export"]) == 1
    assert capsys.readouterr().err == named
    *vendors, hint = named.splitlines()
    assert [line.partition(": no access key found")[0] for line in vendors] == [
        vendor.name for vendor in VENDORS
    ]
    assert hint == (
        "Set the variables of one vendor, or name a stack whose config has its keys with --stack."
    )
    assert main(["export", "--vendor", "alicloud"]) == 1
    assert capsys.readouterr().err.endswith("Also give --stack: without it, no config is read.\n")


@pytest.mark.parametrize(
    ("asked", "names", "ends"),
    [
        (["title=one"], ["one"], 0),
        (["title=one", "title=two"], ["one", "two"], 0),
        (["PullToPushTask.title=two"], ["two"], 3),
        (["volcengine.PullToPushTask.title=two", "type=0"], ["two"], 0),
        (["type=1"], [], 0),
        (["src_addr=rtmp://src.example.org/live/s1", "title=two"], ["two"], 0),
        (["RelaySource.domain=pull.example.com"], ["one", "pull-example-com-live-s1", "two"], 0),
    ],
)
def test_what_is_exported_is_narrowed_by_outputs(
    clients: Mapping[str, Client], capsys: Output, asked: list[str], names: list[str], ends: int
) -> None:
    """In Python's or Pulumi's spelling; types without such an output are left out."""
    for title in ("one", "two"):
        make(clients, PullToPushTask, LIVE | {"title": title})
    make(clients, RelaySource, SOURCE)
    kinds = ["--type=PullToPushTask", "--type=RelaySource"]
    found, _ = exported(capsys, *kinds, *(f"--where={each}" for each in asked), ends=ends)
    assert sorted(found) == names


def test_what_the_stack_has_already_is_left_out(
    clients: Mapping[str, Client], capsys: Output
) -> None:
    """Whichever host created it."""
    ids = [make(clients, PullToPushTask, LIVE | {"title": f"t{n}"}) for n in range(3)]
    types = ["livepull:volcengine:", "pulumi-python:dynamic/livepull/volcengine:"]
    held = [{"type": f"{t}PullToPushTask", "id": i} for t, i in zip(types, ids, strict=False)]
    stack = {"type": "pulumi:pulumi:Stack"}
    Path("state.json").write_text(json.dumps({"deployment": {"resources": [stack, *held]}}))
    found, output = exported(capsys, "--type=PullToPushTask")
    assert found == {"t2": ids[2]}
    assert output == "left out: 2 that the stack already manages\nexported: 1\n"


def test_what_has_ended_is_left_out_unless_it_is_wished_for(
    clients: Mapping[str, Client], emulator: Emulator, capsys: Output
) -> None:
    """A vendor keeps a task for a while after its end, but there is nothing left to manage."""
    task = make(clients, PullToPushTask, LIVE | {"title": "over"})
    emulator.clock.advance(timedelta(days=2))
    kind = "--type=PullToPushTask"
    assert exported(capsys, kind) == (
        {},
        "left out: 1 that have ended; --ended includes them\nexported: 0\n",
    )
    assert exported(capsys, kind, "--ended") == ({"over": task}, "exported: 1\n")


def test_names_differ_in_every_language(clients: Mapping[str, Client], capsys: Output) -> None:
    """Names that differ only by case or separators are made unique; a resource without a title gets
    its id.
    """
    titles = ["频道", "Live", "live", "live2", ""]
    ids = [make(clients, PullToPushTask, LIVE | ({"title": t} if t else {})) for t in titles]
    found, _ = exported(capsys, "--type=PullToPushTask")
    bare = ids[-1].rpartition("/")[2]
    assert set(found) == {"频道", "Live", "live-2", "live2", f"PullToPushTask-{bare}"}
    assert set(found.values()) == set(ids)


def test_what_the_vendor_makes_by_itself_is_not_exported(
    clients: Mapping[str, Client], capsys: Output
) -> None:
    """Users cannot create or delete the default group."""
    make(clients, PullToPushTask, LIVE)
    assert list(lifecycle.find_all(PullToPushGroup, clients["volcengine"], {"name": "default"}))
    assert exported(capsys, "--type=PullToPushGroup")[0] == {}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--vendor=huawei"], "there is no vendor huawei\nDid you mean huaweicloud?\n"),
        (["--type=PullTsk"], "there is no type PullTsk\nDid you mean PullTask?\n"),
        (["--type=PullTask", "--vendor=alicloud"], "there is no type PullTask\n"),
        (["--where=stat=x"], "there is no output stat of the selected types\nDid you mean stat"),
        (["--where=PullTask.title=x"], "there is no output title of the selected types\n"),
        (["--where=title=x", "--where=pushArgs=x"], "no type has all of these outputs"),
        (["--where=running"], '--where "running" has no name and value\n'),
        (["--where==x"], '--where "" has no name and value\n'),
        (
            ["--type=PullToPushTask", "--where=type=x"],
            "volcengine.PullToPushTask cannot be filtered",
        ),
        (["--type=RelaySource"], "volcengine.RelaySource: the vendor lists them only by domain\n"),
    ],
)
@pytest.mark.usefixtures("clients")
def test_what_cannot_be_exported_is_reported_and_nothing_is_written(
    capsys: Output, options: list[str], expected: str
) -> None:
    """The first line says what failed, the second what to do."""
    Path("held.json").write_text("before")
    found, said = exported(capsys, *options, "--out=held.json", ends=1)
    assert found == {}
    assert said.startswith(expected)
    assert len(said.splitlines()) == 2
    assert Path("held.json").read_text() == "before"


def test_a_list_that_breaks_off_writes_nothing(
    clients: Mapping[str, Client], emulator: Emulator, capsys: Output
) -> None:
    """A partial list would look like a complete one."""
    make(clients, PullTask, huaweicloud.LIVE)
    make(clients, PullToPushTask, LIVE)
    emulator.arm("deny", "ListPullToPushTaskV2", times=1)
    _, said = exported(capsys, "--where=status=running", "--out=held.json", ends=1)
    assert said.startswith("volcengine.PullToPushTask list failed: ")
    assert not Path("held.json").exists()


@pytest.mark.usefixtures("clients")
def test_a_file_that_cannot_be_made_is_reported(capsys: Output) -> None:
    """In the same form as any other bad option."""
    for file, reason in (("no/folder/held.json", "No such file or directory"), (".", "")):
        _, said = exported(capsys, "--type=PullTask", f"--out={file}", ends=1)
        assert said.startswith(f"cannot write {file}: {reason}")
        assert said.endswith("\nGive --out a path that can be written.\n")


@pytest.mark.usefixtures("clients")
def test_a_file_is_written_as_a_whole(capsys: Output) -> None:
    """No temporary file is left next to it."""
    exported(capsys, "--type=PullTask", "--out=held.json")
    assert json.loads(Path("held.json").read_text()) == {"resources": []}
    assert {path.name for path in Path.cwd().iterdir()} == {"held.json", "state.json"}
