"""Credentials: where a key pair is looked for, in order, and what is said when there is none."""

from pathlib import Path

import pytest

from pulumi_livepull.core.credentials import (
    ConfigSource,
    Credentials,
    EnvironmentSource,
    FileSource,
    find_credentials,
)
from pulumi_livepull.errors import ConfigError

FILE = FileSource("ACME_FILE", "~/.acme/credentials", "basic", ("ak", "sk", "token"))
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
    """Look in all the places."""
    return find_credentials("acme", SOURCES, config, environ)


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
    """A token of other keys would make every request fail."""
    assert find(CONFIG, {"ACME_TOKEN": "other"}).security_token == ""
    assert find({}, NATIVE | {"ACME_TOKEN": "mine"}).security_token == "mine"
    with_token = CONFIG | {"livepull:acmeSecurityToken": "mine"}
    assert find(with_token, {}).security_token == "mine"
    assert find({}, TERRAFORM | {"": "stray"}).security_token in {"", "stray"}


def test_white_space_around_a_key_is_not_part_of_it() -> None:
    """It comes with copying."""
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
    """An id is never combined with a secret from another place, nor silently passed over."""
    with pytest.raises(ConfigError) as failure:
        find(config, environ)
    assert str(failure.value) == (
        f"acme: {have} is set but {lack} is not\n"
        "Set both: an id is never combined with a secret from another place."
    )


def test_half_a_pair_in_the_file_names_the_file(home: dict[str, str]) -> None:
    """As the user would look it up."""
    Path(home["HOME"], ".acme/credentials").write_text("[basic]\nak = id\n", "utf-8")
    with pytest.raises(ConfigError) as failure:
        find({}, home)
    assert failure.value.what == (
        "acme: ak in ~/.acme/credentials [basic] is set but sk in ~/.acme/credentials [basic] "
        "is not"
    )


def test_without_any_the_message_lists_where_it_looked() -> None:
    """In the order in which it looked, and with a command that helps."""
    with pytest.raises(ConfigError) as failure:
        find({}, {"HOME": "/nowhere"})
    assert str(failure.value) == (
        "acme: no access key found. Looked at config livepull:acmeAccessKey, then ACME_AK, "
        "then TF_AK, then ak in ~/.acme/credentials [basic]\n"
        "Run: pulumi config set --secret livepull:acmeAccessKey <key>, "
        "and the same for livepull:acmeSecretKey."
    )


def test_a_variable_may_name_the_file(tmp_path: Path, home: dict[str, str]) -> None:
    """It wins over the one at home."""
    path = tmp_path / "elsewhere.ini"
    path.write_text("[basic]\nak = other-id\nsk = other\n", "utf-8")
    assert find({}, home | {"ACME_FILE": str(path)}).access_key_id == "other-id"


@pytest.mark.parametrize("text", ["[other]\nak = id\nsk = s\n", "", "[basic]\n"])
def test_a_file_without_a_key_is_as_good_as_none(home: dict[str, str], text: str) -> None:
    """It may hold other things."""
    Path(home["HOME"], ".acme/credentials").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="no access key found"):
        find({}, home)


@pytest.mark.parametrize(
    "content", [b"ak = leaked-id\n", b"[basic]\nak = a\nak = b\n", b"[basic]\nak = \xff\xfe\n"]
)
def test_a_broken_file_is_named_but_not_quoted(home: dict[str, str], content: bytes) -> None:
    """Its lines are keys."""
    path = Path(home["HOME"], ".acme/credentials")
    path.write_bytes(content)
    with pytest.raises(ConfigError) as failure:
        find({}, home)
    assert str(failure.value) == (
        f"the credentials file {path} cannot be read\nCorrect it, or remove it."
    )


def test_a_pair_does_not_show_its_secrets() -> None:
    """A debugger or a log may print it."""
    shown = repr(Credentials("id", "hidden-secret", "hidden-token"))
    assert "id" in shown
    assert "hidden" not in shown
