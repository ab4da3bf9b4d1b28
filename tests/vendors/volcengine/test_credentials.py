"""Where Volcengine's keys come from: its official SDK finds the same in the same places."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from volcengine.live.v20230101.live_service import LiveService

from pulumi_livepull.core.credentials import Credentials, find_credentials
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.vendors.volcengine import VENDOR
from tests.hosting import NOW

INI = "[default]\naccess_key_id = ini-id\nsecret_access_key = ini-secret\n"
FLAT = '{"ak": "flat-id", "sk": "flat-secret"}'
ENVIRONMENT = {"VOLC_ACCESSKEY": "env-id", "VOLC_SECRETKEY": "env-secret"}
TOKEN = {"VOLCENGINE_SESSION_TOKEN": "env-token"}
NEWER = {"VOLCENGINE_ACCESS_KEY": "newer-id", "VOLCENGINE_SECRET_KEY": "newer-secret"}
PROFILE = {"mode": "ak", "access-key": "cli-id", "secret-key": "cli-secret", "session-token": ""}


class Machine:
    """A user's files and variables."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.environ = {"HOME": str(home)}

    def write(self, name: str, text: str) -> str:
        """Write a file below the home."""
        path = self._home / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return str(path)

    def cli(self, *, current: str = "", **profiles: dict[str, Any]) -> str:
        """Write the command line's file."""
        config = {"current": current, "profiles": profiles, "enableColor": False}
        return self.write(".volcengine/config.json", json.dumps(config))

    def found(self) -> Credentials:
        """Return what we find."""
        environ = self.environ
        return find_credentials(
            VENDOR.name, VENDOR.credentials, {}, environ, lambda: NOW
        ).credentials


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with nothing on it."""
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("files", "environ", "expected"),
    [
        ({"credentials": INI, "config": FLAT}, ENVIRONMENT, Credentials("env-id", "env-secret")),
        ({"credentials": INI, "config": FLAT}, {}, Credentials("ini-id", "ini-secret")),
        ({"config": FLAT}, {}, Credentials("flat-id", "flat-secret")),
        ({}, ENVIRONMENT | TOKEN, Credentials("env-id", "env-secret")),
    ],
)
def test_the_sdk_finds_the_same_keys(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    environ: dict[str, str],
    expected: Credentials,
) -> None:
    """In variables, the INI file, then the JSON file."""
    for name, text in files.items():
        machine.write(f".volc/{name}", text)
    machine.environ |= environ
    monkeypatch.setattr(os, "environ", machine.environ)
    theirs = LiveService().service_info.credentials
    assert machine.found() == expected
    assert Credentials(theirs.ak, theirs.sk, theirs.session_token) == expected


def test_the_newer_variables_carry_a_token(machine: Machine) -> None:
    """The older ones take precedence, and have no token."""
    machine.environ |= NEWER | TOKEN
    assert machine.found() == Credentials("newer-id", "newer-secret", "env-token")
    machine.environ |= ENVIRONMENT
    assert machine.found() == Credentials("env-id", "env-secret")


@pytest.mark.parametrize(
    ("current", "chosen", "expected"),
    [
        ("dev", "", Credentials("cli-id", "cli-secret")),
        ("dev", "sts", Credentials("sts-id", "cli-secret", "cli-token")),
        ("", "", Credentials("default-id", "cli-secret")),
    ],
)
def test_the_command_lines_profile_is_read(
    machine: Machine, current: str, chosen: str, expected: Credentials
) -> None:
    """Before the files of the older SDK. A profile without a mode has permanent keys."""
    machine.cli(
        current=current,
        dev=PROFILE,
        sts={**PROFILE, "mode": "AK", "access-key": "sts-id", "session-token": "cli-token"},
        default={**PROFILE, "mode": "", "access-key": "default-id"},
    )
    machine.write(".volc/credentials", INI)
    machine.environ |= {"VOLCENGINE_PROFILE": chosen}
    assert machine.found() == expected


def test_a_variable_may_name_the_command_lines_file(machine: Machine) -> None:
    """Instead of the one in the home folder."""
    other = machine.cli(current="dev", dev={**PROFILE, "access-key": "other-id"})
    moved = machine.write("other.json", Path(other).read_text("utf-8"))
    machine.cli(current="dev", dev=PROFILE)
    machine.environ["VOLCENGINE_CLI_CONFIG_FILE"] = moved
    assert machine.found().access_key_id == "other-id"


@pytest.mark.parametrize("mode", ["sso", "RamRoleArn", "OIDC", "EcsRole", "console-login"])
def test_a_mode_of_the_command_line_that_is_not_supported_is_named(
    machine: Machine, mode: str
) -> None:
    """Even if other keys exist: the user expects this profile to be used."""
    machine.cli(current="dev", dev={**PROFILE, "mode": mode})
    machine.write(".volc/credentials", INI)
    with pytest.raises(ConfigError, match=f"has the mode {mode}, which is not supported"):
        machine.found()


def test_no_older_file_stands_in_for_a_chosen_profile(machine: Machine) -> None:
    """Its keys may belong to another account."""
    machine.cli(current="dev", dev=PROFILE)
    machine.write(".volc/credentials", INI)
    machine.environ["VOLCENGINE_PROFILE"] = "prod"
    with pytest.raises(ConfigError, match=r'"prod", which VOLCENGINE_PROFILE .*profiles: dev\)'):
        machine.found()


def test_temporary_keys_that_have_expired_are_not_used(machine: Machine) -> None:
    """The command line stores their expiry."""
    until = int(NOW.timestamp()) * 1000
    expired = {**PROFILE, "session-token": "cli-token", "sts-expiration": until}
    machine.cli(current="dev", dev=expired)
    with pytest.raises(ConfigError, match="expired at 2030-01-01 12:00:00 UTC"):
        machine.found()


def test_the_ini_file_may_hold_a_token(machine: Machine) -> None:
    """Temporary keys do not work without it."""
    machine.write(".volc/credentials", INI + "session_token = ini-token\n")
    assert machine.found() == Credentials("ini-id", "ini-secret", "ini-token")
