"""Where Alibaba's keys come from: its official SDK finds the same in the same places."""

import importlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alibabacloud_credentials.exceptions import CredentialException
from alibabacloud_credentials.provider import DefaultCredentialsProvider
from alibabacloud_credentials.utils import auth_constant, auth_util

from pulumi_livepull.core.credentials import Credentials, Found, find_credentials
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.vendors.alicloud import VENDOR
from tests.hosting import NOW

PERMANENT = {
    "name": "permanent",
    "mode": "AK",
    "access_key_id": "cli-id",
    "access_key_secret": "cli-secret",
    "region_id": "cn-shanghai",
}
TEMPORARY = {
    **PERMANENT,
    "name": "temporary",
    "mode": "StsToken",
    "access_key_id": "STS.id",
    "sts_token": "cli-token",
}
LEFT_BEHIND = {**TEMPORARY, "name": "left", "mode": "AK"}
ROLE = {**PERMANENT, "name": "role", "mode": "RamRoleArn", "ram_role_arn": "acs:ram::1:role/r"}
INI = """
[default]
type = access_key # of a user
access_key_id = ini-id # of a user
access_key_secret = ini-secret
[prod]
type = access_key
access_key_id = prod-id
access_key_secret = prod-secret
[role]
type = ram_role_arn
access_key_id = role-id
access_key_secret = role-secret
"""
ENVIRONMENT = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "env-id",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "env-secret",
}
TOKEN = {"ALIBABA_CLOUD_SECURITY_TOKEN": "env-token"}


class Machine:
    """A user's files and variables, for us and for the SDK."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._home, self._monkeypatch = home, monkeypatch
        self.environ = {"HOME": str(home), "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}

    def write(self, name: str, text: str) -> Path:
        """Write a file below the home."""
        path = self._home / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def cli(self, *profiles: dict[str, Any], current: str) -> None:
        """Write the command line's file."""
        config = {"current": current, "profiles": profiles, "meta_path": ""}
        self.write(".aliyun/config.json", json.dumps(config))

    def ours(self) -> Found:
        """Return what we find."""
        return find_credentials(VENDOR.name, VENDOR.credentials, {}, self.environ, lambda: NOW)

    def theirs(self) -> Credentials:
        """Return what the SDK finds. It reads its variables when it is imported."""
        self._monkeypatch.setattr(os, "environ", self.environ)
        importlib.reload(auth_util)
        importlib.reload(auth_constant)
        found = DefaultCredentialsProvider().get_credentials()
        token = found.get_security_token() or ""
        return Credentials(found.get_access_key_id(), found.get_access_key_secret(), token)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Return a machine with nothing on it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield Machine(tmp_path, monkeypatch)
    importlib.reload(auth_util)
    importlib.reload(auth_constant)


@pytest.mark.parametrize(
    ("current", "environ", "expected"),
    [
        ("permanent", {}, Credentials("cli-id", "cli-secret")),
        ("temporary", {}, Credentials("STS.id", "cli-secret", "cli-token")),
        ("left", {}, Credentials("STS.id", "cli-secret")),
        (
            "permanent",
            {"ALIBABA_CLOUD_PROFILE": "temporary"},
            Credentials("STS.id", "cli-secret", "cli-token"),
        ),
        ("permanent", {"ALIBABA_CLOUD_PROFILE": "prod"}, Credentials("prod-id", "prod-secret")),
        ("permanent", ENVIRONMENT, Credentials("env-id", "env-secret")),
        ("permanent", ENVIRONMENT | TOKEN, Credentials("env-id", "env-secret", "env-token")),
        ("permanent", TOKEN, Credentials("cli-id", "cli-secret")),
        (None, {}, Credentials("ini-id", "ini-secret")),
        (None, {"ALIBABA_CLOUD_PROFILE": "prod"}, Credentials("prod-id", "prod-secret")),
    ],
)
def test_the_sdk_finds_the_same_keys(
    machine: Machine, current: str | None, environ: dict[str, str], expected: Credentials
) -> None:
    """In variables, the CLI's profile, then the SDK's file; one variable selects the profile of
    both.
    """
    if current:
        machine.cli(PERMANENT, TEMPORARY, LEFT_BEHIND, current=current)
    machine.write(".alibabacloud/credentials.ini", INI)
    machine.environ |= environ
    assert machine.ours().credentials == expected
    assert machine.theirs() == expected


def test_the_sdk_reads_the_same_file_when_a_variable_names_one(machine: Machine) -> None:
    """Instead of the one in the home folder."""
    machine.write(".alibabacloud/credentials.ini", INI)
    other = machine.write("other.ini", INI.replace("ini-id", "other-id"))
    machine.environ["ALIBABA_CLOUD_CREDENTIALS_FILE"] = str(other)
    assert machine.ours().credentials == machine.theirs() == Credentials("other-id", "ini-secret")


@pytest.mark.parametrize(("current", "chosen"), [("gone", ""), ("permanent", "gone")])
def test_the_sdk_finds_no_keys_in_a_profile_that_does_not_exist(
    machine: Machine, current: str, chosen: str
) -> None:
    """We do not either, and our message lists the profiles."""
    machine.cli(PERMANENT, ROLE, current=current)
    machine.environ |= {"ALIBABA_CLOUD_PROFILE": chosen} if chosen else {}
    with pytest.raises(ConfigError, match=r"config\.json .*\(its profiles: permanent, role\)"):
        machine.ours()
    with pytest.raises(CredentialException):
        machine.theirs()


@pytest.mark.parametrize(
    "mode",
    [
        "RamRoleArn",
        "EcsRamRole",
        "RsaKeyPair",
        "ChainableRamRoleArn",
        "External",
        "CredentialsURI",
        "OIDC",
        "CloudSSO",
        "OAuth",
    ],
)
def test_a_mode_of_the_command_line_that_is_not_supported_is_named(
    machine: Machine, mode: str
) -> None:
    """Even if the profile has temporary keys, which we cannot renew."""
    machine.cli({**TEMPORARY, "mode": mode}, current="temporary")
    machine.write(".alibabacloud/credentials.ini", INI)
    with pytest.raises(ConfigError) as failure:
        machine.ours()
    assert str(failure.value) == (
        f'the current profile "temporary" of ~/.aliyun/config.json has the mode {mode}, which is '
        "not supported\nUse the mode AK or StsToken, or choose another profile with "
        "ALIBABA_CLOUD_PROFILE, or set keys in the stack's config: temporary ones, with their "
        "security token, will do."
    )


def test_a_type_of_the_sdks_file_that_is_not_supported_is_named(machine: Machine) -> None:
    """Its keys belong to a user who may only assume the role."""
    machine.write(".alibabacloud/credentials.ini", INI)
    machine.environ["ALIBABA_CLOUD_PROFILE"] = "role"
    with pytest.raises(ConfigError, match=r'"role" of .* has the type ram_role_arn, which is not'):
        machine.ours()


def test_temporary_keys_that_have_expired_are_not_used(machine: Machine) -> None:
    """The command line stores their expiry."""
    machine.cli({**TEMPORARY, "sts_expiration": int(NOW.timestamp())}, current="temporary")
    with pytest.raises(ConfigError, match="expired at 2030-01-01 12:00:00 UTC"):
        machine.ours()


def test_the_profile_reports_the_region(machine: Machine) -> None:
    """Unless a setting with precedence does."""
    machine.cli(PERMANENT, current="permanent")
    assert machine.ours().settings == {"region": "cn-shanghai"}
