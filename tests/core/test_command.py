"""Keys from a program: what it may print, what is said of it, and that they are renewed in time."""

import logging
import os
import shlex
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import command
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.credentials import find_credentials
from pulumi_livepull.doctor.command import examine
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ConfigError, NoKeys
from pulumi_livepull.vendors import NAMES, named
from tests.emulator.test_accounts import domains
from tests.hosting import KEYS, NOW
from tests.marks import CORE, Watch, everything_logged
from tests.printer import Printer, config

every_vendor = pytest.mark.parametrize("vendor", NAMES)


@pytest.fixture
def printer(tmp_path: Path) -> Printer:
    """Return a program that is not known to this process yet."""
    return Printer(tmp_path)


def client(emulator: Emulator, vendor: str, line: str) -> Client:
    """Return a client with keys of a program, on the emulator's clock."""
    waited: list[float] = []
    return named(vendor).client(
        config(vendor, line),
        {},
        transport=httpx.WSGITransport(app=emulator.app),
        clock=emulator.clock.now,
        pause=waited.append,
        monotonic=lambda: sum(waited),
    )


@every_vendor
def test_keys_that_expire_during_a_run_are_renewed_in_time(
    emulator: Emulator, printer: Printer, vendor: str
) -> None:
    """Five minutes before, by the clock by which requests are signed; and no sooner."""
    printer.gives(emulator, vendor, timedelta(hours=1))
    api, read = client(emulator, vendor, printer.line), domains
    read(api)
    emulator.clock.advance(timedelta(minutes=54))
    read(api)
    assert printer.starts == 1
    printer.gives(emulator, vendor, timedelta(hours=1))
    emulator.clock.advance(timedelta(minutes=1))
    read(api)
    assert printer.starts == 2
    emulator.clock.advance(timedelta(minutes=50))
    read(api)
    assert printer.starts == 2
    assert [entry.error_code for entry in emulator.journal if entry.error_code] == []


def test_short_lived_keys_are_renewed_at_half_their_time(
    emulator: Emulator, printer: Printer
) -> None:
    """Those that last for four minutes are never five minutes from their end."""
    printer.gives(emulator, "volcengine", timedelta(minutes=4))
    api, read = client(emulator, "volcengine", printer.line), domains
    for _ in range(8):
        read(api)
        printer.gives(emulator, "volcengine", timedelta(minutes=4))
        emulator.clock.advance(timedelta(minutes=1))
    assert printer.starts == 4
    assert [entry.error_code for entry in emulator.journal if entry.error_code] == []


def test_calls_that_wait_share_one_answer_of_the_program(
    emulator: Emulator, printer: Printer
) -> None:
    """Twenty at once start it once."""
    printer.gives(emulator, "volcengine", timedelta(hours=1))
    api, read = client(emulator, "volcengine", printer.line), domains
    read(api)
    printer.gives(emulator, "volcengine", timedelta(hours=1))
    emulator.clock.advance(timedelta(minutes=58))
    gate, failures = threading.Barrier(20), list[Exception]()

    def call() -> None:
        gate.wait()
        try:
            read(api)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert printer.starts == 2


def test_a_program_that_fails_while_keys_are_good_is_only_warned_of(
    emulator: Emulator, printer: Printer, caplog: pytest.LogCaptureFixture
) -> None:
    """It is asked again before the end; after the end, the call fails, and nothing is sent."""
    printer.gives(emulator, "volcengine", timedelta(hours=1))
    api, read = client(emulator, "volcengine", printer.line), domains
    read(api)
    printer.says(f"{CORE}", code=3)
    emulator.clock.advance(timedelta(minutes=56))
    with caplog.at_level(logging.WARNING):
        read(api)
        read(api)
    assert printer.starts == 2
    assert [record.message for record in caplog.records] == [
        "volcengine: the program of config livepull:volcengineCredentialsCommand ended with 3; "
        "the keys are used until they expire"
    ]
    emulator.clock.advance(timedelta(minutes=5))
    sent = len(list(emulator.journal))
    with pytest.raises(ConfigError, match="ended with 3"):
        read(api)
    assert len(list(emulator.journal)) == sent
    printer.gives(emulator, "volcengine", timedelta(hours=1))
    read(api)


def test_a_program_that_prints_keys_that_are_over_says_so(
    emulator: Emulator, printer: Printer
) -> None:
    """Before anything is signed with them."""
    printer.gives(emulator, "volcengine", timedelta(minutes=-1))
    api = client(emulator, "volcengine", printer.line)
    with pytest.raises(ConfigError, match="prints keys that expired at 2030-01-01 11:59:00 UTC"):
        domains(api)


def test_keys_without_an_end_are_asked_for_once(emulator: Emulator, printer: Printer) -> None:
    """As of a vault with permanent keys."""
    printer.says(
        {
            "Version": 1,
            "AccessKeyId": "livepull-emulator",
            "SecretAccessKey": "livepull-emulator-secret",
        }
    )
    api = client(emulator, "tencentcloud", printer.line)
    domains(api)
    emulator.clock.advance(timedelta(days=300))
    domains(client(emulator, "tencentcloud", printer.line))
    assert printer.starts == 1


def found(line: str) -> None:
    """Ask a program for keys."""
    vendor = named("alicloud")
    find_credentials("alicloud", vendor.credentials, config("alicloud", line), {}, lambda: NOW)


GOOD = {"Version": 1, "AccessKeyId": "id", "SecretAccessKey": f"s{CORE}", "SessionToken": ""}


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        (f"no JSON {CORE}", 0, "does not print JSON"),
        (f'["{CORE}"]', 0, "does not print a JSON object"),
        (GOOD | {"Version": 2}, 0, "does not print Version 1"),
        (GOOD | {"AccessKeyId": ""}, 0, "prints no AccessKeyId"),
        (GOOD | {"SecretAccessKey": None}, 0, "prints no SecretAccessKey"),
        (GOOD | {"SessionToken": 7}, 0, "prints a SessionToken that is not text"),
        (GOOD | {"Expiration": "soon"}, 0, "prints an Expiration that is not a time in RFC 3339"),
        (GOOD | {"Expiration": "2030-01-01"}, 0, "prints an Expiration that is not a time"),
        (GOOD | {"Expiration": 1893456000}, 0, "prints an Expiration that is not a time"),
        (GOOD | {"SecretAccessKey": f"s\n{CORE}"}, 0, "contains a character that keys never have"),
        (GOOD, 4, "ended with 4"),
    ],
)
def test_what_is_wrong_with_a_program_is_said_without_what_it_prints(
    printer: Printer, said: Any, code: int, words: str
) -> None:
    """In one message, which names the key of the config; its output may be nothing but keys."""
    printer.says(said, code)
    watch = Watch()
    with everything_logged(watch), pytest.raises(ConfigError) as failure:
        found(printer.line)
    assert words in failure.value.what
    assert "config livepull:alicloudCredentialsCommand" in failure.value.what
    assert failure.value.hint
    watch.see(failure.value, command.program_of("alicloud", printer.line))
    assert watch.leaks() == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/no/such/program", "does not start: No such file or directory"),
        ("program 'without an end", "has quotes that do not match"),
    ],
)
def test_a_program_that_cannot_start_is_told(line: str, words: str) -> None:
    """With the reason of the system."""
    with pytest.raises(ConfigError) as failure:
        found(line)
    assert failure.value.what.endswith(words)


def test_a_program_that_does_not_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may wait for a person, who is not there; its input is empty."""
    monkeypatch.setattr(command, "SECONDS", 0.2)
    script = tmp_path / "wait.py"
    script.write_text("import threading; threading.Event().wait()")
    with pytest.raises(ConfigError, match=r"did not end within 0\.2 s"):
        found(f"{shlex.quote(sys.executable)} -S -E {shlex.quote(str(script))}")


def test_windows_takes_the_line_apart_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A path there has backslashes, which `shlex` would take for something else."""
    asked: list[Any] = []

    def run(words: Any, **_: Any) -> Any:
        asked.append(words)
        raise OSError(2, "not found")

    monkeypatch.setattr(command.subprocess, "run", run)
    monkeypatch.setattr(command, "os", type("Windows", (), {"name": "nt"}))
    with pytest.raises(ConfigError):
        found(r'"C:\Program Files\keys.exe" prod')
    assert asked == [r'"C:\Program Files\keys.exe" prod']
    assert os.name != "nt"


def test_keys_in_the_config_come_before_the_program_and_this_before_variables(
    printer: Printer,
) -> None:
    """An empty command is none."""
    printer.says(GOOD)
    vendor = named("alicloud")
    environ = {"ALICLOUD_ACCESS_KEY": "var", "ALICLOUD_SECRET_KEY": "secret"}

    def look(config: dict[str, str], environ: dict[str, str]) -> str:
        found = find_credentials("alicloud", vendor.credentials, config, environ, lambda: NOW)
        return found.credentials.access_key_id

    both = KEYS | config("alicloud", printer.line)
    assert look(both, environ) == "livepull-emulator"
    assert printer.starts == 0
    assert look(config("alicloud", printer.line), environ) == "id"
    assert look(config("alicloud", " "), environ) == "var"
    with pytest.raises(NoKeys, match="then config livepull:alicloudCredentialsCommand"):
        look(config("alicloud", ""), {"HOME": "/nowhere"})


@pytest.fixture
def echo() -> Callable[[httpx.Request], httpx.Response]:
    """Return a vendor that quotes what it was sent."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = str(request.headers.get("X-Security-Token"))
        error = {"Code": "AccessDenied", "Message": said}
        return httpx.Response(403, json={"ResponseMetadata": {"Error": error}})

    return answer


def test_what_was_renewed_during_a_call_is_hidden_in_its_error(
    printer: Printer, echo: Callable[[httpx.Request], httpx.Response]
) -> None:
    """The secrets of the call were noted before."""

    def keys(token: str, ends: datetime) -> dict[str, Any]:
        return GOOD | {"SessionToken": token, "Expiration": ends.isoformat()}

    printer.says(keys("first", NOW + timedelta(hours=1)))
    now = [NOW]
    api = named("volcengine").client(
        config("volcengine", printer.line),
        {},
        transport=httpx.MockTransport(echo),
        clock=lambda: now[0],
    )
    printer.says(keys(f"new{CORE}", NOW + timedelta(hours=3)))
    now[0] = NOW + timedelta(minutes=59)
    with pytest.raises(Exception, match=r"AccessDenied \"\*\*\*\"") as failure:
        domains(api)
    assert CORE not in str(failure.value)


def test_the_doctor_says_that_keys_are_from_a_program(emulator: Emulator, printer: Printer) -> None:
    """And whether they are accepted."""
    printer.gives(emulator, "volcengine", timedelta(hours=1))
    from pulumi_livepull.doctor.stack import Stack

    stack = Stack("dev", config("volcengine", printer.line), [], needs_plugin=False)
    options = {
        "transport": httpx.WSGITransport(app=emulator.app),
        "clock": emulator.clock.now,
    }
    checks = list(examine(stack, [named("volcengine")], {}, options=options))
    rows = {check.name: check for check in checks if check.section == "volcengine"}
    assert rows["keys"].what == (
        "from the program of config livepull:volcengineCredentialsCommand, temporary"
    )
    assert rows["relay tasks"].state == "ok"
    assert printer.starts == 1


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Let no test know the programs of another."""
    command.program_of.cache_clear()
    yield
    command.program_of.cache_clear()
