"""Where Huawei's keys come from: its official SDK finds the same in the same places."""

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from huaweicloudsdkcore.auth.provider import CredentialProviderChain
from huaweicloudsdklive.v1.region.live_region import LiveRegion

from pulumi_livepull.core.credentials import Credentials, Found, find_credentials
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.vendors.huaweicloud import VENDOR
from pulumi_livepull.vendors.huaweicloud.client import HuaweiLive
from pulumi_livepull.vendors.huaweicloud.pull_task import TASK
from tests.hosting import KEYS, NOW

FILE = """
[basic]
ak = file-id
sk = file-secret
security_token = file-token
project_id = file-project
iam_endpoint = https://iam.example.com
[global]
ak = global-id
sk = global-secret
"""
ENVIRONMENT = {"HUAWEICLOUD_SDK_AK": "env-id", "HUAWEICLOUD_SDK_SK": "env-secret"}
TOKEN = {"HUAWEICLOUD_SDK_SECURITY_TOKEN": "env-token"}
PROFILE = {
    "name": "dev",
    "mode": "AKSK",
    "accessKeyId": "cli-id",
    "secretAccessKey": "cli-secret",
    "securityToken": "",
    "region": "cn-north-4",
    "projectId": "cli-project",
}


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

    def shared(self, *profiles: dict[str, Any], current: str = "dev", encrypt: str = "") -> None:
        """Write the command line's file, and name it as the Terraform provider wants it."""
        config = {"authEncrypt": encrypt, "current": current, "profiles": profiles}
        path = self.write(".hcloud/config.json", json.dumps(config))
        self.environ["HW_SHARED_CONFIG_FILE"] = path

    def found(self) -> Found:
        """Return what we find."""
        return find_credentials(VENDOR.name, VENDOR.credentials, {}, self.environ, lambda: NOW)

    def refusal(self) -> str:
        """Return why we find nothing."""
        with pytest.raises(ConfigError) as failure:
            self.found()
        return str(failure.value)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with nothing on it."""
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, Credentials("file-id", "file-secret", "file-token")),
        (ENVIRONMENT, Credentials("env-id", "env-secret")),
        (ENVIRONMENT | TOKEN, Credentials("env-id", "env-secret", "env-token")),
        (TOKEN, Credentials("file-id", "file-secret", "file-token")),
        (
            {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": "{home}/other"},
            Credentials("other-id", "file-secret", "file-token"),
        ),
    ],
)
def test_the_sdk_finds_the_same_keys(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    expected: Credentials,
) -> None:
    """In variables, then in the file, together with its other settings."""
    machine.write(".huaweicloud/credentials", FILE)
    machine.write("other", FILE.replace("file-id", "other-id"))
    home = machine.environ["HOME"]
    machine.environ |= {name: value.replace("{home}", home) for name, value in environ.items()}
    monkeypatch.setattr(os, "environ", machine.environ)
    ours, theirs = machine.found(), CredentialProviderChain.get_basic().get_credentials()
    assert ours.credentials == expected
    assert (theirs.ak, theirs.sk, theirs.security_token or "") == (
        expected.access_key_id,
        expected.secret_access_key,
        expected.security_token,
    )
    assert ours.settings.get("project_id") == theirs.project_id
    assert ours.settings.get("iam_endpoint") == theirs.iam_endpoint


@pytest.mark.parametrize(
    ("said", "host"),
    [
        ("https://one.example.com", "one.example.com"),
        ("https://one.example.com,https://two.example.com", "one.example.com"),
        ("", "live.cn-north-4.myhuaweicloud.com"),
    ],
)
def test_the_sdk_calls_the_same_address_of_a_region(
    monkeypatch: pytest.MonkeyPatch, said: str, host: str
) -> None:
    """A variable may set it for one region; it does not affect others."""
    variable = "HUAWEICLOUD_SDK_REGION_LIVE_CN_NORTH_4"
    monkeypatch.setenv(variable, said)
    assert LiveRegion.value_of("cn-north-4").endpoints[0] == f"https://{host}"
    assert hosts({variable: said}) == [host, "live.cn-east-3.myhuaweicloud.com"]


def test_an_address_of_a_region_may_lack_its_scheme() -> None:
    """The SDK adds it too. The stack's config takes precedence."""
    environ = {"HUAWEICLOUD_SDK_REGION_LIVE_CN_NORTH_4": "one.example.com, two.example.com"}
    assert hosts(environ)[0] == "one.example.com"
    assert hosts(environ, huaweicloudEndpoint="https://{region}.example.org") == [
        "cn-north-4.example.org",
        "cn-east-3.example.org",
    ]
    with pytest.raises(ConfigError, match=r"http://one\.example\.com is not encrypted"):
        hosts({"HUAWEICLOUD_SDK_REGION_LIVE_CN_NORTH_4": "http://one.example.com"})


def hosts(environ: dict[str, str], **config: str) -> list[str]:
    """Return which hosts are called for two regions."""
    called: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/v3"):
            return httpx.Response(200, json={"projects": [{"id": "p"}]})
        called.append(request.url.host)
        return httpx.Response(200, json={"request_id": "R"})

    api = VENDOR.client(
        KEYS | {f"livepull:{name}": value for name, value in config.items()},
        environ,
        clock=lambda: NOW,
        transport=httpx.MockTransport(answer),
    )
    assert isinstance(api, HuaweiLive)
    for region in ("cn-north-4", "cn-east-3"):
        api.call("GET", TASK, region=region)
    return called


def test_the_file_of_the_command_line_is_read_where_the_terraform_provider_reads_it(
    machine: Machine,
) -> None:
    """Only if a variable names it; a selected profile takes precedence over the current one."""
    machine.shared(PROFILE, {**PROFILE, "name": "sts", "securityToken": "cli-token"})
    machine.write(".huaweicloud/credentials", FILE)
    found = machine.found()
    assert found.credentials == Credentials("cli-id", "cli-secret")
    assert found.settings == {"region": "cn-north-4", "project_id": "cli-project"}
    machine.environ["HW_PROFILE"] = "sts"
    assert machine.found().credentials.security_token == "cli-token"
    del machine.environ["HW_SHARED_CONFIG_FILE"]
    assert machine.refusal() == (
        'huaweicloud: no access key in profile "sts", which HW_PROFILE names. Looked at the file '
        "that HW_SHARED_CONFIG_FILE names (it names none)\n"
        "Set HW_PROFILE to a profile that has one, or unset it."
    )
    del machine.environ["HW_PROFILE"]
    assert machine.found().credentials.access_key_id == "file-id"


@pytest.mark.parametrize("mode", ["ecsAgency", "SSO", "AssumeRole", "agency", "token"])
def test_a_mode_of_the_command_line_that_is_not_supported_is_named(
    machine: Machine, mode: str
) -> None:
    """It is the current profile, so the user expects it to be used."""
    machine.shared({**PROFILE, "mode": mode})
    assert f"has the mode {mode}, which is not supported\nUse the mode AKSK" in machine.refusal()


def test_keys_that_the_command_line_has_encrypted_are_recognized(machine: Machine) -> None:
    """It encrypts them by default."""
    machine.shared(PROFILE, encrypt="true")
    assert machine.refusal().endswith(
        " are encrypted\nRun: hcloud configure set --cli-auth-encrypt=false"
    )
    machine.shared(PROFILE, encrypt="false")
    assert machine.found().credentials == Credentials("cli-id", "cli-secret")


@pytest.mark.parametrize(
    "family", [("CLOUD_SDK_AK", "CLOUD_SDK_SK"), ("HW_ACCESS_KEY", "HW_SECRET_KEY")]
)
def test_the_variables_of_samples_and_of_terraform_are_known(
    machine: Machine, family: tuple[str, str]
) -> None:
    """The vendor's own variables take precedence."""
    machine.environ |= {family[0]: "id", family[1]: "secret", "HW_SECURITY_TOKEN": "token"}
    token = "token" if family[0].startswith("HW") else ""
    assert machine.found().credentials == Credentials("id", "secret", token)
    machine.environ |= ENVIRONMENT
    assert machine.found().credentials == Credentials("env-id", "env-secret")
