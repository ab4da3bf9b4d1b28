"""Where Tencent Cloud's keys come from: its official SDK finds the same in the same places."""

import os
from pathlib import Path

import pytest
from tencentcloud.common.credential import EnvironmentVariableCredential, ProfileCredential

from pulumi_livepull.core.credentials import Credentials, find_credentials
from pulumi_livepull.core.profiles import FileSource
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.vendors.tencentcloud import VENDOR
from tests.hosting import NOW

INI = "[default]\nsecret_id = ini-id\nsecret_key = ini-secret\n"
ENVIRONMENT = {"TENCENTCLOUD_SECRET_ID": "env-id", "TENCENTCLOUD_SECRET_KEY": "env-secret"}


def found(environ: dict[str, str], config: dict[str, str] | None = None) -> Credentials:
    """Return what we find."""
    return find_credentials(
        VENDOR.name, VENDOR.credentials, config or {}, environ, lambda: NOW
    ).credentials


@pytest.mark.parametrize(
    ("file", "environ", "expected"),
    [
        (INI, ENVIRONMENT, Credentials("env-id", "env-secret")),
        (INI, {}, Credentials("ini-id", "ini-secret")),
        ("", ENVIRONMENT, Credentials("env-id", "env-secret")),
    ],
)
def test_the_sdk_finds_the_same_keys(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    environ: dict[str, str],
    expected: Credentials,
) -> None:
    """In the order of its DefaultCredentialProvider, as far as no other service is asked."""
    environ = {"HOME": str(tmp_path), **environ}
    if file:
        (tmp_path / ".tencentcloud").mkdir()
        (tmp_path / ".tencentcloud/credentials").write_text(file, "utf-8")
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    sdk = EnvironmentVariableCredential().get_credential() or ProfileCredential().get_credential()
    assert found(dict(os.environ)) == expected
    assert (sdk.secret_id, sdk.secret_key) == (
        expected.access_key_id,
        expected.secret_access_key,
    )


def test_the_token_of_temporary_keys_has_the_variable_of_terraform(tmp_path: Path) -> None:
    """The SDK takes none from the environment."""
    environ = {"HOME": str(tmp_path), **ENVIRONMENT, "TENCENTCLOUD_SECURITY_TOKEN": "token"}
    assert found(environ) == Credentials("env-id", "env-secret", "token")


def test_the_config_comes_first_and_is_never_mixed(tmp_path: Path) -> None:
    """An id of one place with a secret of another would be refused by the vendor."""
    environ = {"HOME": str(tmp_path), **ENVIRONMENT}
    key = {"livepull:tencentcloudAccessKey": "id"}
    with pytest.raises(ConfigError, match="livepull:tencentcloudSecretKey is not"):
        found(environ, key)
    assert found(environ, key | {"livepull:tencentcloudSecretKey": "secret"}) == Credentials(
        "id", "secret"
    )


def test_the_machines_file_is_read_where_the_users_is_missing() -> None:
    """The SDK looks at both, in this order."""
    files = [source.path for source in VENDOR.credentials if isinstance(source, FileSource)]
    assert files == ["~/.tencentcloud/credentials", "/etc/tencentcloud/credentials"]


def test_where_there_are_none_every_place_is_named(tmp_path: Path) -> None:
    """And how to set some."""
    with pytest.raises(ConfigError) as refused:
        found({"HOME": str(tmp_path)})
    for place in (
        "livepull:tencentcloudAccessKey",
        "TENCENTCLOUD_SECRET_ID",
        "~/.tencentcloud/credentials",
        "/etc/tencentcloud/credentials",
    ):
        assert place in str(refused.value)
