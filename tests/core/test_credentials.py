"""Credentials: the order of the sources, and the messages if there are none."""

from pathlib import Path

import pytest

from pulumi_livepull.core.credentials import (
    ConfigSource,
    Credentials,
    EnvironmentSource,
    find_credentials,
)
from pulumi_livepull.core.profiles import FileSource, Keys, ini
from pulumi_livepull.errors import ConfigError
from tests.hosting import NOW

FILE = FileSource(
    form=ini,
    path="~/.acme/credentials",
    path_variable="ACME_FILE",
    profile="basic",
    keys=(Keys("ak", "sk", "token"),),
)
SOURCES = (
    ConfigSource("livepull:acme"),
    EnvironmentSource("ACME_AK", "ACME_SK", "ACME_TOKEN"),
    EnvironmentSource("TF_AK", "TF_SK"),
    FILE,
)
CONFIG = {"livepull:acmeAccessKey": "config-id", "livepull:acmeSecretKey": "config-secret"}
NATIVE = {"ACME_AK": "native-id", "ACME_SK": "native-secret"}
TERRAFORM = {"TF_AK": "tf-id", "TF_SK": "tf-secret"}


def find(config: dict[str, str], environ: dict[str, str]) -> Credentials:
    """Search all sources."""
    return find_credentials("acme", SOURCES, config, environ, lambda: NOW).credentials


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose home has a credentials file."""
    path = tmp_path / ".acme" / "credentials"
    path.parent.mkdir()
    path.write_text("[basic]\nak = file-id\nsk = file%secret\ntoken = file-token\n", "utf-8")
    return {"HOME": str(tmp_path)}


def test_the_first_place_with_a_pair_wins(home: dict[str, str]) -> None:
    """Config, then the SDK's variables, then Terraform's, then the file."""
    environ = home | TERRAFORM | NATIVE
    assert find(CONFIG, environ).access_key_id == "config-id"
    assert find({}, environ).access_key_id == "native-id"
    assert find({}, home | TERRAFORM).access_key_id == "tf-id"
    assert find({}, home) == Credentials("file-id", "file%secret", "file-token")


def test_a_token_comes_from_the_place_of_its_key() -> None:
    """A token that belongs to other keys would make every request fail."""
    assert find(CONFIG, {"ACME_TOKEN": "other"}).security_token == ""
    assert find({}, NATIVE | {"ACME_TOKEN": "mine"}).security_token == "mine"
    with_token = CONFIG | {"livepull:acmeSecurityToken": "mine"}
    assert find(with_token, {}).security_token == "mine"
    assert find({}, TERRAFORM | {"": "stray"}).security_token == ""


def test_white_space_around_a_key_is_not_part_of_it() -> None:
    """Copying often adds some."""
    assert find({}, {"ACME_AK": " id\n", "ACME_SK": "\tsecret "}) == Credentials("id", "secret")


@pytest.mark.parametrize(
    ("config", "environ", "have", "lack"),
    [
        (
            {"livepull:acmeAccessKey": "id"},
            NATIVE,
            "config livepull:acmeAccessKey",
            "config livepull:acmeSecretKey",
        ),
        (
            {"livepull:acmeSecretKey": "secret-text"},
            NATIVE,
            "config livepull:acmeSecretKey",
            "config livepull:acmeAccessKey",
        ),
        ({}, {"ACME_SK": "secret-text"} | TERRAFORM, "ACME_SK", "ACME_AK"),
        ({}, {"TF_AK": "id", "TF_SK": " "}, "TF_AK", "TF_SK"),
    ],
)
def test_half_a_pair_is_an_error_though_another_place_has_both(
    config: dict[str, str], environ: dict[str, str], have: str, lack: str
) -> None:
    """An id is never combined with a secret from another place or silently skipped."""
    with pytest.raises(ConfigError) as failure:
        find(config, environ)
    assert str(failure.value) == (
        f"acme: {have} is set but {lack} is not\n"
        "Set both: an id is never combined with a secret from another place."
    )


def test_half_a_pair_in_the_file_names_the_file(home: dict[str, str]) -> None:
    """So that the user finds it."""
    Path(home["HOME"], ".acme/credentials").write_text("[basic]\nak = id\n", "utf-8")
    with pytest.raises(ConfigError) as failure:
        find({}, home)
    assert failure.value.what == (
        'acme: ak is set but sk is not in profile "basic" of ~/.acme/credentials'
    )


def test_without_any_the_message_lists_where_it_looked() -> None:
    """In order, and with the command to run."""
    with pytest.raises(ConfigError) as failure:
        find({}, {"HOME": "/nowhere"})
    assert str(failure.value) == (
        "acme: no access key found. Looked at config livepull:acmeAccessKey, then ACME_AK, "
        "then TF_AK, then ~/.acme/credentials (there is no such file)\n"
        "Run: pulumi config set --secret livepull:acmeAccessKey <key>, "
        "and the same for livepull:acmeSecretKey."
    )


def test_a_pair_does_not_show_its_secrets() -> None:
    """A debugger or a log may print it."""
    shown = repr(Credentials("id", "hidden-secret", "hidden-token"))
    assert "id" in shown
    assert "hidden" not in shown


def test_a_source_describes_itself() -> None:
    """The reference of the configuration lists them."""
    assert [source.description for source in SOURCES[:3]] == [
        "the stack's config: `livepull:acmeAccessKey`, `livepull:acmeSecretKey` and, for temporary "
        "keys, `livepull:acmeSecurityToken`",
        "`ACME_AK`, `ACME_SK` and, for temporary keys, `ACME_TOKEN`",
        "`TF_AK`, `TF_SK`",
    ]
