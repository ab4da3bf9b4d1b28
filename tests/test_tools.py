"""The tools of a checkout: where the engine is looked for, and what the demo takes for its own."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tools.codegen import __main__ as codegen
from tools.codegen import generator
from tools.codegen.generator import PROGRAM, SOURCES, fingerprint
from tools.demo import __main__ as demo
from tools.demo import emulator as demo_emulator
from tools.demo.emulator import Emulator, command_line
from tools.demo.failure import DemoError
from tools.demo.stack import SECRET_KEY, Stack, next_end_time
from tools.engine import build, cache, go, ways
from tools.engine.cache import Cache
from tools.engine.go import Go
from tools.engine.progress import WayError, run
from tools.engine.ways import PROGRAMS, YAML

REPOSITORY = Path(__file__).resolve().parents[1]


def install(folder: Path, *programs: str, version: str = "v3.255.0") -> Path:
    """A folder of programs that only tell a version."""
    folder.mkdir(parents=True, exist_ok=True)
    for program in programs:
        (folder / program).write_text(f"#!/bin/sh\necho {version}\n")
        (folder / program).chmod(0o755)
    return folder


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, empty; the user's cache is an empty folder too."""
    folder = install(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def user_cache(bin_folder: Path) -> Cache:
    """The user's cache for the pinned version."""
    return ways.user_cache()


# The engine: which way is taken.


def test_an_engine_on_path_is_taken_before_all_others(bin_folder: Path, user_cache: Cache) -> None:
    """The user's installation takes precedence over ours."""
    install(bin_folder, *PROGRAMS)
    install(user_cache.bin, *PROGRAMS)
    assert ways.find(ways.WAYS) == bin_folder


def test_the_language_host_may_be_elsewhere_on_path(
    bin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine looks for its hosts next to itself and on PATH, and so do we."""
    install(bin_folder, "pulumi")
    other = install(tmp_path / "other", *PROGRAMS[1:])
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{other}")
    assert ways.on_path() == bin_folder


def test_an_old_engine_on_path_is_reported_and_passed_over(
    bin_folder: Path, user_cache: Cache, capsys: pytest.CaptureFixture[str]
) -> None:
    """A user with an old Pulumi learns why it was not used."""
    install(bin_folder, *PROGRAMS, version="v3.9.1")
    install(user_cache.bin, *PROGRAMS)
    assert ways.find(ways.WAYS) == user_cache.bin
    output = capsys.readouterr().err
    assert f"not by path: {bin_folder}/pulumi is v3.9.1, older than v3.240.0" in output
    assert f"took cache: {user_cache.bin}" in output


@pytest.mark.parametrize("says", ["", "nonsense"])
def test_an_engine_that_reports_no_version_is_passed_over(bin_folder: Path, says: str) -> None:
    """A command named `pulumi` may be something else."""
    install(bin_folder, *PROGRAMS, version=says)
    with pytest.raises(WayError, match="does not tell its version"):
        ways.on_path()


def test_an_engine_without_its_language_host_is_passed_over(bin_folder: Path) -> None:
    """We need an engine that runs Python."""
    install(bin_folder, *(program for program in PROGRAMS if program != "pulumi-language-python"))
    with pytest.raises(WayError, match=r"comes without pulumi-language-python$"):
        ways.on_path()


def test_an_engine_on_path_may_lack_the_host_for_yaml(
    bin_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Most programs are in Python; users of YAML get a message that says why theirs do not run."""
    install(bin_folder, *(program for program in PROGRAMS if program != YAML))
    assert ways.on_path() == bin_folder
    assert f"comes without {YAML}" in capsys.readouterr().err
    install(bin_folder, YAML)
    assert ways.on_path() == bin_folder
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("missing", PROGRAMS)
def test_an_incomplete_cache_is_not_taken(user_cache: Cache, missing: str) -> None:
    """It must have all programs."""
    install(user_cache.bin, *(program for program in PROGRAMS if program != missing))
    with pytest.raises(WayError, match=f"has no {missing}$"):
        ways.in_cache()


def test_ways_are_tried_in_order_until_one_leads_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Cheap ways come first, and nothing is built that can be downloaded."""
    tried = []

    def way(name: str) -> Callable[[], Path]:
        def go() -> Path:
            tried.append(name)
            if name == "download":
                return tmp_path
            raise WayError("not here")

        return go

    order = ["path", "cache", "download", "build"]
    assert list(ways.WAYS) == order
    monkeypatch.setattr(ways, "WAYS", {name: way(name) for name in order})
    assert ways.find(order) == tmp_path
    assert tried == ["path", "cache", "download"]


# The engine: the command.


def engine(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    command = [sys.executable, str(REPOSITORY / "tools" / "engine"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_standard_output_holds_the_folder_and_nothing_else(bin_folder: Path) -> None:
    """The caller adds the output to PATH unchanged."""
    install(bin_folder, *PROGRAMS)
    ran = engine()
    assert (ran.returncode, ran.stdout) == (0, f"{bin_folder}\n")
    assert ran.stderr == f"engine: took path: {bin_folder}\n"


def test_failure_prints_no_folder_and_says_what_to_do_next(bin_folder: Path) -> None:
    """A caller that ignores the failure must not add a message to PATH."""
    ran = engine("--way", "path")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.splitlines() == [
        "engine: not by path: no `pulumi` on PATH",
        "engine: no way led to the Pulumi engine",
        "engine: Install Pulumi, or Go to build it with, put it on PATH, and run this again.",
    ]


# The engine: filling the cache.


def test_a_fill_is_moved_into_place_when_it_is_complete(user_cache: Cache) -> None:
    """No program is visible before all of them are there, and no temporary files are left."""

    def make(made: Path, scratch: Path, _: object) -> None:
        install(made, *PROGRAMS)
        (scratch / "gigabytes").touch()
        assert not user_cache.folder.exists()

    user_cache.fill(make)
    assert ways.in_cache() == user_cache.bin
    assert sorted(os.listdir(user_cache.root)) == [user_cache.version, f"{user_cache.version}.lock"]


@pytest.mark.parametrize("how", [WayError("no way"), KeyboardInterrupt()])
def test_a_fill_that_is_broken_off_leaves_nothing(user_cache: Cache, how: BaseException) -> None:
    """An incomplete engine could be taken for a complete one."""

    def make(made: Path, *_: object) -> None:
        install(made, "pulumi")
        raise how

    with pytest.raises(type(how)):
        user_cache.fill(make)
    assert os.listdir(user_cache.root) == [f"{user_cache.version}.lock"]


def test_what_a_killed_fill_left_is_cleared_first(user_cache: Cache) -> None:
    """A killed process cannot clean up after itself."""
    install(user_cache.work / "bin", "leftover")

    def make(made: Path, *_: object) -> None:
        install(made, *PROGRAMS)

    user_cache.fill(make)
    assert set(os.listdir(user_cache.bin)) == set(PROGRAMS)


def test_a_fill_makes_what_is_missing_and_keeps_the_rest(user_cache: Cache) -> None:
    """A cache from before the YAML host was added is not rebuilt completely."""
    install(user_cache.bin, *(program for program in PROGRAMS if program != YAML))
    before = {file.name: file.stat().st_mtime_ns for file in user_cache.bin.iterdir()}

    def make(made: Path, _: Path, programs: Sequence[str]) -> None:
        install(made, *programs)

    user_cache.fill(make)
    after = {file.name: file.stat().st_mtime_ns for file in user_cache.bin.iterdir()}
    assert after.keys() - before.keys() == {YAML}
    assert before.items() <= after.items()


def test_a_fill_of_a_full_cache_rebuilds_all_of_it(user_cache: Cache) -> None:
    """A user who names a way wants it to run."""
    install(user_cache.bin, *PROGRAMS, version="broken")

    def make(made: Path, _: Path, programs: Sequence[str]) -> None:
        install(made, *programs)

    user_cache.fill(make)
    assert not any("broken" in (user_cache.bin / name).read_text() for name in PROGRAMS)


def test_a_fill_that_had_to_wait_takes_what_the_other_made(
    user_cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes at the same time build one engine, not two."""
    user_cache.root.mkdir(parents=True)
    with (user_cache.root / f"{user_cache.version}.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        def finish(line: str) -> None:
            assert "another process" in line
            install(user_cache.bin, *PROGRAMS)
            fcntl.flock(other, fcntl.LOCK_UN)

        monkeypatch.setattr(cache, "say", finish)
        user_cache.fill(lambda *_: pytest.fail("built a second time"))


# The engine: the build.


def test_both_pins_of_the_engine_agree() -> None:
    """The scripts come from the SDK's module, and must match the command next to them."""
    assert go.pinned(rf"{re.escape(build.SDK)} v(\S+)", build.MODULE) == build.version()


def test_every_program_of_the_engine_can_be_built() -> None:
    """Each is either a tool in a go.mod or a script."""
    made = [*go.tools(build.MODULE), *go.tools(build.LANGUAGE), *build.SCRIPTS]
    assert sorted(Path(each).name for each in made) == sorted(PROGRAMS)


@pytest.mark.parametrize(
    ("programs", "built"),
    [
        (PROGRAMS, ["pulumi-language-yaml and pulumi", "pulumi-language-python"]),
        ([YAML], ["pulumi-language-yaml"]),
        (["pulumi-language-python-exec"], []),
    ],
)
def test_only_what_is_requested_is_built(
    bin_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    programs: Sequence[str],
    built: list[str],
) -> None:
    """The command alone takes minutes; programs of one module are built together."""
    for script in build.SCRIPTS:
        install((tmp_path / "sdk" / script).parent, Path(script).name)
    (bin_folder / "go").write_text(
        f"#!/bin/sh\n[ $1 = env ] && echo go2.0 || echo {tmp_path}/sdk\n"
    )
    (bin_folder / "go").chmod(0o755)
    done: list[str] = []
    monkeypatch.setattr(go, "run", lambda _, what, **__: done.append(what))
    made = install(tmp_path / "made")
    build.build(made, tmp_path, programs)
    assert done == [f"building {each}" for each in built]
    scripts = {Path(script).name for script in build.SCRIPTS}
    assert set(os.listdir(made)) == scripts & set(programs)


@pytest.mark.parametrize(
    ("says", "is_taken"), [("go1.20", False), ("", False), ("go1.26.0", True), ("go2.0", True)]
)
def test_a_go_that_is_too_old_is_replaced_for_the_build(
    bin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, is_taken: bool
) -> None:
    """An old Go would download another, or fail late; ours is removed with the scratch folder."""
    install(bin_folder, "go", version=says)
    commands: list[list[str]] = []
    monkeypatch.setattr(go, "run", lambda command, what, **_: commands.append(command))
    found = Go.find([build.MODULE], tmp_path)
    assert (found.program == str(bin_folder / "go")) is is_taken
    assert bool(commands) is not is_taken
    if not is_taken:
        assert go.GO_PACKAGE in commands[0]
        private = ("GOROOT", "GOCACHE", "GOMODCACHE")
        assert all(Path(found.env[name]).is_relative_to(tmp_path) for name in private)


def test_a_command_that_hangs_is_given_up_in_time() -> None:
    """Without network access, a download must not wait for ever."""
    with pytest.raises(WayError, match=r"^the download was given up after 0 s$"):
        run(["sleep", "60"], "the download", limit_seconds=0.05)


def test_a_command_is_killed_where_there_are_no_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows."""
    monkeypatch.delattr(os, "killpg")
    with pytest.raises(WayError, match=r"^it was given up after 0 s$"):
        run(["sleep", "60"], "it", limit_seconds=0.05)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_ends_with_whoever_runs_it(tmp_path: Path, ending: signal.Signals) -> None:
    """It has its own process group: otherwise a build would go on for minutes after `make up`
    ended.
    """
    output = tmp_path / "expected"
    os.mkfifo(output)
    command = ["/bin/sh", "-c", f"echo $$ > {output}; exec cat {output}"]
    program = f"""
from tools.engine import progress
progress.TELL_EVERY_SECONDS = 0.01
progress.run({command}, "it", limit_seconds=60)
"""
    start = [sys.executable, "-c", program]
    with subprocess.Popen(start, cwd=REPOSITORY, stderr=subprocess.PIPE) as runner:
        child = int(output.read_text())
        assert runner.stderr
        runner.stderr.readline()  # It waits for the command now.
        runner.send_signal(ending)
        assert runner.wait(30) == 128 + ending
    with pytest.raises(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def test_a_command_that_fails_reports_its_last_words() -> None:
    """The reason is at the end of a tool's output."""
    with pytest.raises(WayError, match=r"^building failed: no space$"):
        run(["sh", "-c", "echo step; echo no space >&2; exit 3"], "building", limit_seconds=5)


def test_a_command_that_is_not_there_is_a_way_that_does_not_work() -> None:
    """A missing program causes no traceback."""
    with pytest.raises(WayError, match=r"^/nowhere/go does not start: No such file"):
        run(["/nowhere/go"], "building", limit_seconds=5)


# The code generators.


@pytest.fixture
def generators(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The generators in the user's cache, which tell what they are asked."""
    monkeypatch.setattr(generator, "_build", lambda *_: pytest.fail("built a second time"))
    key = f"{build.version()}-{fingerprint(*SOURCES)}"
    folder = install(Cache.of_user("codegen", key, (PROGRAM,)).bin, PROGRAM)
    (folder / PROGRAM).write_text('#!/bin/sh\necho "$@"\n[ "$2" != bad.json ]\n')
    return folder / PROGRAM


def test_generators_in_the_cache_are_not_built_again(generators: Path) -> None:
    """Go is not looked for either."""
    assert generator.find() == generators


def test_a_change_of_the_generators_source_builds_them_again(
    generators: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generators of another checkout stay."""
    newer = tmp_path / "main.go"
    newer.write_text("package main\n")
    monkeypatch.setattr(generator, "SOURCES", (newer, *SOURCES[1:]))
    monkeypatch.setattr(generator, "_build", lambda made, *_: install(made, PROGRAM))
    found = generator.find()
    assert found.exists()
    assert found != generators
    assert generators.exists()


@pytest.mark.usefixtures("generators")
def test_the_verdict_of_the_generators_is_the_commands(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """CI uses the exit code."""
    assert codegen.main(["check", "good.json"]) == 0
    assert codegen.main(["check", "bad.json"]) == 1
    assert codegen.main(["sdk", "go", str(tmp_path / "new")]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "check good.json",
        "check bad.json",
        f"sdk go {REPOSITORY / 'schema.json'} {tmp_path / 'new'}",
    ]


def test_an_sdk_is_written_into_a_new_folder_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise files of an older schema would be compiled, too."""
    (tmp_path / "stale.ts").touch()
    assert codegen.main(["sdk", "nodejs", str(tmp_path)]) == 1
    assert f"{tmp_path} is not empty" in capsys.readouterr().err


def test_a_folder_without_an_sdk_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped folder causes no traceback."""
    assert codegen.main(["compile", "go", str(tmp_path)]) == 1
    assert "go.mod has no line like" in capsys.readouterr().err


# The demo: its emulator.


def emulator(**changes: Any) -> Emulator:
    """This very process, as if it were an emulator that nobody can reach."""
    own: dict[str, Any] = {
        "pid": os.getpid(),
        "url": "http://127.0.0.1:1",
        "command": command_line(os.getpid()).split(" "),
    }
    return Emulator(**own | changes)


def test_a_process_is_ours_by_its_id_and_its_command_line() -> None:
    """Process ids are reused: a process with another command line belongs to somebody else."""
    assert emulator().is_ours()
    assert not emulator(command=["python", "-m", "pulumi_livepull", "emulator"]).is_ours()
    assert not emulator(pid=2**22 + 1).is_ours()


def test_stop_leaves_other_processes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make down` ends only what `make up` started."""
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("killed a stranger"))
    emulator(command=["something", "else"]).stop()


@pytest.mark.parametrize("record", ["", "{", "[]", '{"pid": 1}', '{"pid": 1, "what": 2}'])
def test_a_record_that_cannot_be_read_is_not_an_emulator(tmp_path: Path, record: str) -> None:
    """An interrupted `up` may leave an incomplete file."""
    (tmp_path / "emulator.json").write_text(record)
    assert Emulator.find(tmp_path) is None


def test_another_port_is_taken_when_the_usual_one_is_not_free() -> None:
    """`make emulator` may be running beside the demo."""
    with socket.create_server((demo_emulator.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert demo_emulator._free_port(port) != port
    assert demo_emulator._free_port(port) == port


def test_the_demo_relays_where_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the demo is the same but for the pictures."""
    assert demo_emulator.relays() is (os.name == "posix")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not demo_emulator.relays()


# The demo: its stack.

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (None, "2025-03-02T12:00:00Z"),
        ("2025-03-01T11:59:59Z", "2025-03-02T12:00:00Z"),
        ("2025-03-01T12:00:01Z", None),
        ("2025-03-01T21:00:00+08:00", None),
        ("2025-03-05T12:00:00", "2025-03-02T12:00:00Z"),
        ("tomorrow", "2025-03-02T12:00:00Z"),
    ],
)
def test_the_end_time_moves_only_when_it_has_to(current: str | None, expected: str | None) -> None:
    """A second `make up` changes nothing, and one on the next day still works."""
    assert next_end_time(current, NOW) == expected


def test_the_engine_finds_our_python_and_the_demos_own_state(tmp_path: Path) -> None:
    """The language host uses the first `python3` on PATH; the user's stacks are out of reach."""
    stack = Stack(tmp_path / ".livepull", tmp_path / "example", tmp_path / "engine")
    first, second, *_ = stack.env["PATH"].split(os.pathsep)
    assert (first, second) == (str(Path(sys.prefix) / "bin"), str(tmp_path / "engine"))
    assert stack.env["PULUMI_BACKEND_URL"] == f"file://{tmp_path}/.livepull/state"
    assert stack.env["PULUMI_HOME"] == f"{tmp_path}/.livepull/pulumi-home"


def test_a_failure_of_the_engine_is_reported_without_its_arguments(tmp_path: Path) -> None:
    """Settings are passed as arguments, and one of them is a key."""
    programs = install(tmp_path / "engine")
    (programs / "pulumi").write_text("#!/bin/sh\necho no such stack >&2\nexit 255\n")
    (programs / "pulumi").chmod(0o755)
    example = install(tmp_path / "example")
    stack = Stack(tmp_path, example, programs)
    with pytest.raises(DemoError) as failure:
        stack._ask("config", "set-all", f"--secret=key={SECRET_KEY}")
    what, how_to_go_on = str(failure.value).splitlines()
    assert what == "`pulumi config set-all` failed: no such stack"
    assert how_to_go_on
    assert SECRET_KEY not in what


def test_down_is_safe_when_nothing_is_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It needs no engine for that, and can run twice."""
    monkeypatch.setattr(demo, "FOLDER", tmp_path / ".livepull")
    monkeypatch.setattr(demo, "find", lambda _: pytest.fail("looked for the engine"))
    assert [demo.main(["down"]), demo.main(["down"]), demo.main(["down", "--forget"])] == [0, 0, 0]
    assert capsys.readouterr().out == "Nothing is up.\n" * 2


def test_down_drops_the_stack_when_its_emulator_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The tasks ended with the emulator, so there is nothing to destroy."""
    folder = install(tmp_path / ".livepull" / "state").parent
    monkeypatch.setattr(demo, "FOLDER", folder)
    assert demo.main(["down"]) == 0
    assert "nothing to destroy" in capsys.readouterr().out
    assert not folder.exists()


# The Makefile.


def make(*arguments: str) -> str:
    """What make says; the flags of a make that runs the tests are not for this one."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=True
    ).stdout


def test_check_and_test_in_one_call_run_each_test_once() -> None:
    """`test` runs all tests, so `check` skips its own."""
    assert make("--dry-run", "check", "test").count("-m pytest") == 1


def test_help_lists_every_target() -> None:
    """`make` alone shows what there is."""
    phony = re.search(r"^\.PHONY: (.+)$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert [line.split()[1] for line in make().splitlines()] == phony[1].split()
