"""Credentials files: selection of file and profile, formats, and errors."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pulumi_livepull.core.credentials import (
    Credentials,
    EnvironmentSource,
    Found,
    Source,
    find_credentials,
)
from pulumi_livepull.core.profiles import FileSource, Keys, ini, json_object, json_profiles
from pulumi_livepull.errors import ConfigError
from tests.hosting import NOW

CLI = FileSource(
    form=json_profiles,
    path="~/.acme/cli.json",
    path_variable="ACME_CLI",
    profile_variable="ACME_PROFILE",
    mode="mode",
    keys=(
        Keys("id", "secret", mode="AK"),
        Keys("id", "secret", "token", mode="Sts", temporary=True),
    ),
    expiry="until",
    settings={"region": "place"},
    encrypted=("encrypted", "acme unseal"),
)
INI = FileSource(
    form=ini,
    path="~/.acme/credentials",
    path_variable="ACME_FILE",
    profile_variable="ACME_PROFILE",
    keys=(Keys("ak", "sk", "token"),),
    settings={"project_id": "project"},
)
FLAT = FileSource(form=json_object, path="~/.acme/flat", profile="", keys=(Keys("ak", "sk"),))
NAMED_ONLY = FileSource(
    form=json_profiles,
    path_variable="ACME_CLI",
    profile_variable="ACME_PROFILE",
    keys=(Keys("id", "secret"),),
)

PERMANENT = {"name": "permanent", "mode": "AK", "id": "p-id", "secret": "p-secret"}
TEMPORARY = {
    "name": "temporary",
    "mode": "Sts",
    "id": "t-id",
    "secret": "t-secret",
    "token": "t-token",
    "place": "north",
}
ASSUMED = {"name": "assumed", "mode": "RoleArn", "id": "a-id", "secret": "leaked", "role": "r"}
BARE = {"name": "bare", "mode": ""}
INSTEAD = (
    "Use the mode AK or Sts, or choose another profile with ACME_PROFILE, or set keys in the "
    "stack's config: temporary ones, with their security token, will do."
)
CORRECT = "Correct it, or set the keys in the stack's config: then no file is read."


class Home:
    """A home directory with a tool's files, and the environment that leads there."""

    def __init__(self, path: Path) -> None:
        self.folder = path / ".acme"
        self.folder.mkdir()
        self.environ = {"HOME": str(path)}

    def write(self, name: str, content: Any) -> Path:
        """Write a file: bytes and text as they are, anything else as JSON."""
        path = self.folder / name
        if not isinstance(content, bytes):
            text = content if isinstance(content, str) else json.dumps(content)
            content = text.encode()
        path.write_bytes(content)
        return path

    def profiles(self, *profiles: Any, current: str = "", **fields: Any) -> Path:
        """Write the command line's file."""
        return self.write("cli.json", {"current": current, "profiles": profiles, **fields})

    def find(self, *sources: Source, **environ: str) -> Found:
        """Look in these sources."""
        return find_credentials("acme", sources, {}, self.environ | environ, lambda: NOW)

    def refusal(self, *sources: Source, **environ: str) -> str:
        """Return what is said when these sources have no keys."""
        with pytest.raises(ConfigError) as failure:
            self.find(*sources, **environ)
        assert failure.value.__cause__ is None
        assert failure.value.__suppress_context__ or failure.value.__context__ is None
        return str(failure.value)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home without files."""
    return Home(tmp_path)


def test_a_variable_may_name_the_file(home: Home) -> None:
    """It takes precedence over the default file."""
    home.write("credentials", "[default]\nak = home-id\nsk = s\n")
    other = home.write("other.ini", "[default]\nak = other-id\nsk = s\n")
    assert home.find(INI).credentials.access_key_id == "home-id"
    assert home.find(INI, ACME_FILE=str(other)).credentials.access_key_id == "other-id"
    assert home.find(INI, ACME_FILE="~/.acme/other.ini").credentials.access_key_id == "other-id"


def test_a_file_that_a_variable_names_must_exist(home: Home) -> None:
    """Otherwise, unintended keys might be used."""
    assert home.refusal(INI, EnvironmentSource("A", "B"), ACME_FILE="~/gone", A="a", B="b") == (
        "ACME_FILE names ~/gone, which does not exist\nCorrect the variable, or unset it."
    )


def test_a_file_at_its_usual_place_need_not_exist(home: Home) -> None:
    """The default file is optional, even if a file is in the place of its folder."""
    expected = "Looked at ~/.acme/flat (there is no such file)\n"
    assert expected in home.refusal(FLAT)
    home.folder.rmdir()
    home.folder.write_text("", "utf-8")
    assert expected in home.refusal(FLAT)


def test_a_file_without_a_usual_place_is_read_where_it_is_named(home: Home) -> None:
    """And nowhere else."""
    path = home.profiles(PERMANENT, current="permanent")
    assert home.find(NAMED_ONLY, ACME_CLI=str(path)).credentials.access_key_id == "p-id"
    assert "Looked at the file that ACME_CLI names (it names none)\n" in home.refusal(NAMED_ONLY)


def test_the_home_may_have_the_name_that_it_has_on_windows(home: Home) -> None:
    """Windows has no HOME."""
    home.write("flat", {"ak": "id", "sk": "s"})
    home.environ = {"USERPROFILE": home.environ["HOME"]}
    assert home.find(FLAT).credentials == Credentials("id", "s")


def test_an_ini_file_is_read_as_it_is_written(home: Home) -> None:
    """A percent sign is literal, a comment may follow a value, and a byte order mark is allowed."""
    home.write("credentials", "\ufeff[default]\nak = id # mine\nsk = a%b#c\ntoken = t\n")
    assert home.find(INI).credentials == Credentials("id", "a%b#c", "t")


@pytest.mark.parametrize(
    "profiles",
    [
        [BARE, PERMANENT, {**PERMANENT, "id": "second"}],
        {"bare": BARE, "permanent": PERMANENT},
        [{"name": None}, {"name": []}, {"no": "name"}, "stray", PERMANENT],
    ],
)
def test_profiles_are_a_list_with_names_or_an_object(home: Home, profiles: Any) -> None:
    """Of two with the same name, the first is used; profiles without a name are ignored."""
    home.write("cli.json", {"current": "permanent", "profiles": profiles})
    assert home.find(CLI).credentials == Credentials("p-id", "p-secret")


def test_an_object_may_be_the_only_profile(home: Home) -> None:
    """It has no name, and neither has its token: a nameless field is none."""
    home.write("flat", {"ak": " id ", "sk": "s", "": "stray"})
    assert home.find(FLAT).credentials == Credentials("id", "s")


@pytest.mark.parametrize("name", ["cli.json", "flat"])
@pytest.mark.parametrize("content", [b"", b" \n", b"{}", b'{"profiles": null, "current": null}'])
def test_a_file_that_a_tool_only_made_is_as_good_as_none(
    home: Home, name: str, content: bytes
) -> None:
    """The vendors' command lines create an empty file when they are started."""
    home.write(name, content)
    assert "no access key found" in home.refusal(CLI, FLAT)


@pytest.mark.parametrize(
    ("source", "name", "content", "flaw"),
    [
        (INI, "credentials", b"ak = leaked\n", "is not valid INI"),
        (INI, "credentials", b"[default]\nak = leaked\nak = leaked\n", "is not valid INI"),
        (INI, "credentials", b"[default]\nleaked\n", "is not valid INI"),
        (INI, "credentials", b"[default]\nak = leaked\xff\xfe\n", "cannot be read"),
        (CLI, "cli.json", b'{"id": "leaked"', "is not valid JSON"),
        (CLI, "cli.json", b"[" * 200_000, "is not valid JSON"),
        (CLI, "cli.json", b'["leaked"]', "is not a JSON object"),
        (CLI, "cli.json", b'{"profiles": "leaked"}', "has no profiles in a known form"),
        (CLI, "cli.json", b'{"current": ["leaked"]}', "has no profiles in a known form"),
        (CLI, "cli.json", b'{"profiles": {"a": "leaked"}}', "has a profile that is not an object"),
        (FLAT, "flat", b"[default]\nregion = leaked\n", "is not valid JSON"),
    ],
)
def test_a_broken_file_is_named_but_not_quoted(
    home: Home, source: FileSource, name: str, content: bytes, flaw: str
) -> None:
    """Its lines are keys."""
    home.write(name, content)
    said = home.refusal(source, EnvironmentSource("A", "B"), A="a", B="b")
    assert said == f"the credentials file ~/.acme/{name} {flaw}\n{CORRECT}"


def test_what_is_not_a_file_cannot_be_read(home: Home) -> None:
    """It is a folder."""
    (home.folder / "flat").mkdir()
    assert home.refusal(FLAT) == f"the credentials file ~/.acme/flat cannot be read\n{CORRECT}"


@pytest.mark.parametrize(
    ("name", "value", "flaw"),
    [
        ("id", 123456, "is not text"),
        ("secret", ["leaked"], "is not text"),
        ("token", {"leaked": 1}, "is not text"),
        ("mode", 1, "is not text"),
        ("place", 1.5, "is not text"),
        ("until", "leaked", "is not a time in Unix seconds"),
    ],
)
def test_a_value_of_another_kind_is_named_but_not_quoted(
    home: Home, name: str, value: Any, flaw: str
) -> None:
    """It cannot be a key."""
    home.profiles({**TEMPORARY, name: value}, current="temporary")
    assert home.refusal(CLI) == (
        f'{name} in the current profile "temporary" of ~/.acme/cli.json {flaw}\n{CORRECT}'
    )


def test_the_chosen_profile_wins_over_the_current_one(home: Home) -> None:
    """In every file, and white space is not part of its name."""
    home.profiles(PERMANENT, TEMPORARY, current="permanent")
    assert home.find(CLI).credentials.access_key_id == "p-id"
    assert home.find(CLI, ACME_PROFILE=" temporary ").credentials.access_key_id == "t-id"
    home.write("credentials", "[default]\nak = d\nsk = s\n[dev]\nak = dev\nsk = s\n")
    assert home.find(INI).credentials.access_key_id == "d"
    assert home.find(INI, ACME_PROFILE="dev").credentials.access_key_id == "dev"


def test_without_a_choice_and_a_current_one_it_is_the_default(home: Home) -> None:
    """Like the vendors' tools."""
    home.profiles(PERMANENT, {**TEMPORARY, "name": "default"})
    assert home.find(CLI).credentials.access_key_id == "t-id"


def test_a_chosen_profile_may_be_in_a_later_file(home: Home) -> None:
    """One variable chooses in both, as in the vendor's SDK."""
    home.profiles(PERMANENT, current="permanent")
    home.write("credentials", "[dev]\nak = dev\nsk = s\n")
    assert home.find(CLI, INI, ACME_PROFILE="dev").credentials.access_key_id == "dev"


def test_no_other_key_stands_in_for_a_chosen_profile(home: Home) -> None:
    """The message lists the existing profiles, and not the earlier sources."""
    home.profiles(PERMANENT, BARE, current="permanent")
    home.write("flat", {"ak": "another", "sk": "s"})
    sources = (EnvironmentSource("A", "B"), CLI, INI, FLAT)
    assert home.refusal(*sources, ACME_PROFILE="prod") == (
        'acme: no access key in profile "prod", which ACME_PROFILE names. Looked at '
        "~/.acme/cli.json (its profiles: bare, permanent), "
        "then ~/.acme/credentials (there is no such file)\n"
        "Set ACME_PROFILE to a profile that has one, or unset it."
    )
    assert 'Looked at id in profile "bare" of ~/.acme/cli.json, then' in (
        home.refusal(*sources, ACME_PROFILE="bare")
    )
    assert "Looked at the file that ACME_CLI names (it names none)\n" in (
        home.refusal(NAMED_ONLY, FLAT, ACME_PROFILE="prod")
    )


def test_keys_before_a_profile_win_over_the_choice(home: Home) -> None:
    """The order of the sources applies, as in the vendors' SDKs."""
    found = home.find(EnvironmentSource("A", "B"), CLI, ACME_PROFILE="prod", A="a", B="b")
    assert found.credentials == Credentials("a", "b")


def test_a_current_profile_must_exist(home: Home) -> None:
    """The file names it, so no other profile is used instead."""
    home.profiles(PERMANENT, current="gone")
    home.write("flat", {"ak": "another", "sk": "s"})
    assert home.refusal(CLI, FLAT) == (
        'the current profile "gone" of ~/.acme/cli.json does not exist (its profiles: permanent)\n'
        "Correct the file, or choose another profile with ACME_PROFILE."
    )
    home.profiles(current="gone")
    assert "does not exist (its profiles: none)" in home.refusal(CLI, FLAT)


@pytest.mark.parametrize("profile", [BARE, {**PERMANENT, "id": "", "secret": None}])
def test_a_current_profile_without_keys_is_as_good_as_none(
    home: Home, profile: dict[str, Any]
) -> None:
    """The vendors' command lines create it before they ask for keys."""
    home.profiles(profile, current=profile["name"])
    home.write("flat", {"ak": "id", "sk": "s"})
    assert home.find(CLI, FLAT).credentials == Credentials("id", "s")


def test_the_mode_says_whether_there_is_a_token(home: Home) -> None:
    """A leftover token of another mode would make every request fail."""
    home.profiles(TEMPORARY, current="temporary")
    assert home.find(CLI).credentials == Credentials("t-id", "t-secret", "t-token")
    home.profiles({**TEMPORARY, "mode": "ak", "until": 1}, current="temporary")
    assert home.find(CLI).credentials == Credentials("t-id", "t-secret")


@pytest.mark.parametrize(
    ("fields", "have", "lack"),
    [
        ({"secret": ""}, "id", "secret"),
        ({"id": None}, "secret", "id"),
        ({"token": " "}, "id", "token"),
    ],
)
def test_a_part_of_the_keys_is_an_error_that_names_the_profile(
    home: Home, fields: dict[str, Any], have: str, lack: str
) -> None:
    """Temporary keys are three parts. The rest is never taken from elsewhere."""
    home.profiles({**TEMPORARY, **fields}, current="temporary")
    assert home.refusal(CLI, EnvironmentSource("A", "B"), A="a", B="b") == (
        f'acme: {have} is set but {lack} is not in the current profile "temporary" '
        "of ~/.acme/cli.json\n"
        "Set both: an id is never combined with a secret from another place."
    )


def test_a_mode_that_is_not_supported_is_named_with_what_to_do_instead(home: Home) -> None:
    """It is never silently skipped, whether the profile was chosen or is the current one."""
    home.profiles(PERMANENT, ASSUMED, current="assumed")
    home.write("flat", {"ak": "another", "sk": "s"})
    flaw = "of ~/.acme/cli.json has the mode RoleArn, which is not supported"
    assert home.refusal(CLI, FLAT) == f'the current profile "assumed" {flaw}\n{INSTEAD}'
    assert home.refusal(CLI, FLAT, ACME_PROFILE="assumed") == (
        f'profile "assumed" {flaw}\n{INSTEAD}'
    )
    assert home.find(CLI, FLAT, ACME_PROFILE="permanent").credentials.access_key_id == "p-id"


def test_encrypted_keys_are_recognized(home: Home) -> None:
    """Otherwise, they would cause a signature error."""
    home.profiles(PERMANENT, current="permanent", encrypted="True")
    assert home.refusal(CLI) == (
        'the keys in the current profile "permanent" of ~/.acme/cli.json are encrypted\n'
        "Run: acme unseal"
    )
    for plain in ("false", False, None):
        home.profiles(PERMANENT, current="permanent", encrypted=plain)
        assert home.find(CLI).credentials.access_key_id == "p-id"
    home.profiles(BARE, current="bare", encrypted=True)
    assert "no access key found" in home.refusal(CLI)


SECONDS = int(NOW.timestamp())


@pytest.mark.parametrize("unit", [1, 10**3, 10**6, 10**9])
def test_temporary_keys_that_have_expired_are_not_used(home: Home, unit: int) -> None:
    """A profile contains the expiry, in seconds or a finer unit."""
    home.profiles({**TEMPORARY, "until": SECONDS * unit}, current="temporary")
    assert home.refusal(CLI) == (
        'acme: the temporary keys in the current profile "temporary" of ~/.acme/cli.json '
        "expired at 2030-01-01 12:00:00 UTC\nGet new ones, or choose other keys."
    )
    later = int((NOW + timedelta(seconds=1)).timestamp())
    home.profiles({**TEMPORARY, "until": later * unit}, current="temporary")
    assert home.find(CLI).credentials.security_token == "t-token"


@pytest.mark.parametrize("until", [None, 0, -1, -(10**20)])
def test_an_end_that_is_none_is_not_one(home: Home, until: int | None) -> None:
    """Tools write zero if there is no expiry."""
    home.profiles({**TEMPORARY, "until": until}, current="temporary")
    assert home.find(CLI).credentials.security_token == "t-token"


def test_a_profile_reports_settings_with_its_keys(home: Home) -> None:
    """By our names for them, empty where it says nothing."""
    home.profiles(PERMANENT, TEMPORARY, current="temporary")
    assert home.find(CLI).settings == {"region": "north"}
    assert home.find(CLI, ACME_PROFILE="permanent").settings == {"region": ""}
    assert home.find(EnvironmentSource("A", "B"), CLI, A="a", B="b").settings == {}


def test_nothing_read_shows_its_secrets(home: Home) -> None:
    """A debugger or a log may print it."""
    path = home.profiles(TEMPORARY, current="temporary")
    shown = repr([
        CLI.held({}, home.environ),
        json_profiles(path.read_text("utf-8")),
        home.find(CLI),
    ])  # fmt: skip
    assert "t-secret" not in shown
    assert "t-token" not in shown


def test_a_source_describes_itself() -> None:
    """The reference of the configuration lists them."""
    assert CLI.description == (
        "`~/.acme/cli.json` or the file that `ACME_CLI` names, the profile that `ACME_PROFILE` "
        "names or else the current one: `id`, `secret` (mode `AK`) or `id`, `secret` and, for "
        "temporary keys, `token` (mode `Sts`); also `region`"
    )
    assert INI.description == (
        "`~/.acme/credentials` or the file that `ACME_FILE` names, the profile that "
        "`ACME_PROFILE` names or else `default`: `ak`, `sk` and, for temporary keys, `token`; "
        "also `project_id`"
    )
    assert FLAT.description == "`~/.acme/flat`: `ak`, `sk`"
