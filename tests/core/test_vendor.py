"""Vendor: how a stack's config becomes a client, and what is said of a malformed one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_livepull.core.client import Client, Limits
from pulumi_livepull.core.credentials import ConfigSource, Credentials
from pulumi_livepull.core.profiles import FileSource, Keys, ini
from pulumi_livepull.core.vendor import LIMIT_KEYS, Setting, Vendor, limits
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.vendors import VENDORS
from tests.core.samples import Unsigned
from tests.hosting import KEYS


class Silent(Client):
    """A client that nobody calls."""

    vendor = "acme"
    made_of: tuple[Any, ...]

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        return {}


class Signer(Unsigned):
    """Signs nothing, and knows with what it would."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials


def connect(settings: Mapping[str, str], signer: Signer, limits: Limits, **options: Any) -> Client:
    """Return a client that knows what it was made of."""
    client = Silent(signer, limits)
    client.made_of = signer.credentials, dict(settings), limits, options
    return client


ACME = Vendor(
    "acme",
    "Acme Live",
    f"{__name__}:connect",
    f"{__name__}:Signer",
    (
        ConfigSource("livepull:acme"),
        FileSource(
            form=ini,
            path_variable="ACME_FILE",
            profile="basic",
            keys=(Keys("ak", "sk"),),
            settings={"region": "place", "project_id": "project"},
        ),
    ),
    (
        Setting("region", "Where.", ("ACME_REGION", "TF_REGION")),
        Setting("project_id", "Which.", ("ACME_PROJECT",), of="region"),
        Setting("endpoint", "Address.", regional="ACME_ENDPOINT_"),
    ),
    (),
    requests_per_second=3,
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return an environment with keys and a project in a file."""
    path = tmp_path / "keys.ini"
    path.write_text("[basic]\nak = id\nsk = secret\nproject = from-file\n", "utf-8")
    return {"ACME_FILE": str(path)}


def made_of(config: dict[str, str], environ: dict[str, str], **options: Any) -> tuple[Any, ...]:
    """Return what a client for this config is made of."""
    client = ACME.client(config, environ, **options)
    assert isinstance(client, Silent)
    return client.made_of


def test_a_client_is_made_of_keys_settings_limits_and_options(environ: dict[str, str]) -> None:
    """Nothing else decides how it behaves."""
    config = {"livepull:acmeRegion": " north ", "livepull:maxRetries": "2"}
    assert made_of(config, environ, clock=len, pause=print) == (
        Credentials("id", "secret"),
        {"region": "north", "project_id": "from-file"},
        Limits(max_retries=2, requests_per_second=3),
        {"clock": len, "pause": print, "secrets": ("secret", ""), "adopts_same": False},
    )


@pytest.mark.parametrize(
    ("config", "extra", "expected"),
    [
        ({}, {}, {"project_id": "from-file"}),
        ({}, {"ACME_PROJECT": "from-env"}, {"project_id": "from-env"}),
        (
            {"livepull:acmeProjectId": "from-config"},
            {"ACME_PROJECT": "from-env"},
            {"project_id": "from-config"},
        ),
        ({}, {"TF_REGION": "t"}, {"region": "t", "project_id": "from-file"}),
        (
            {},
            {"TF_REGION": "t", "ACME_REGION": "a"},
            {"region": "a", "project_id": "from-file"},
        ),
        (
            {"livepull:acmeRegion": " "},
            {"ACME_REGION": "a"},
            {"region": "a", "project_id": "from-file"},
        ),
    ],
)
def test_the_first_place_that_says_a_setting_wins(
    environ: dict[str, str], config: dict[str, str], extra: dict[str, str], expected: dict[str, str]
) -> None:
    """Config, then the variables in their order, then the profile that the keys are from."""
    assert made_of(config, environ | extra)[1] == expected


def test_a_profile_says_settings_only_to_its_own_keys(environ: dict[str, str]) -> None:
    """A project of another account does not fit."""
    config = {"livepull:acmeAccessKey": "other", "livepull:acmeSecretKey": "s"}
    assert made_of(config, environ)[1] == {}


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("", {"region": "south", "project_id": "of-south"}),
        ("south", {"region": "south", "project_id": "of-south"}),
        ("north", {"region": "north"}),
    ],
)
def test_what_belongs_to_another_setting_does_not_count_where_that_one_differs(
    environ: dict[str, str], region: str, expected: dict[str, str]
) -> None:
    """A project of one region is none of another; what is said aloud counts all the same."""
    text = "[basic]\nak = id\nsk = s\nplace = south\nproject = of-south\n"
    Path(environ["ACME_FILE"]).write_text(text, "utf-8")
    assert made_of({"livepull:acmeRegion": region}, environ)[1] == expected
    said = made_of({"livepull:acmeRegion": region}, environ | {"ACME_PROJECT": "p"})[1]
    assert said == expected | {"project_id": "p"}


def test_a_variable_may_say_a_setting_for_one_region(environ: dict[str, str]) -> None:
    """Its name ends in that of the region, in capitals."""
    extra = {"ACME_ENDPOINT_CN_NORTH_4": " https://n ", "ACME_ENDPOINT_CN_EAST_3": " "}
    assert made_of({}, environ | extra)[1] == {
        "project_id": "from-file",
        "endpoint.cn-north-4": "https://n",
    }


def test_a_file_that_nobody_needs_may_be_broken(tmp_path: Path) -> None:
    """All that is asked for is in the config."""
    (tmp_path / ".huaweicloud").mkdir()
    (tmp_path / ".huaweicloud" / "credentials").write_text("not ini", "utf-8")
    config = KEYS | {"livepull:huaweicloudProjectId": "p"}
    assert VENDORS[0].client(config, {"HOME": str(tmp_path)}).vendor == "huaweicloud"


def test_a_setting_has_one_name_in_the_config() -> None:
    """It is documented and generated from the same place."""
    assert ACME.config_key("project_id") == "livepull:acmeProjectId"


def test_limits_are_read_from_the_config() -> None:
    """Each by its documented name."""
    config = {
        "livepull:maxRetries": "0",
        "livepull:maxRetrySeconds": "1e2",
        "livepull:timeoutSeconds": "0.5",
        "livepull:waitSeconds": "7",
        "livepull:requestsPerSecond": "2.5",
    }
    assert limits(config, 9) == Limits(0, 100, 0.5, 7, 2.5)
    assert limits({}, 9) == Limits(requests_per_second=9)
    assert len(config) == len(LIMIT_KEYS)


@pytest.mark.parametrize(
    ("key", "text", "least"),
    [
        ("maxRetries", "-1", "0"),
        ("maxRetries", "often", "0"),
        ("maxRetries", "", "0"),
        ("maxRetrySeconds", "nan", "0"),
        ("timeoutSeconds", "0", "0.1"),
        ("timeoutSeconds", "inf", "0.1"),
        ("requestsPerSecond", "0", "0.01"),
        ("requestsPerSecond", "1e999", "0.01"),
    ],
)
def test_a_limit_that_is_none_is_refused(key: str, text: str, least: str) -> None:
    """With the command that corrects it."""
    with pytest.raises(ConfigError) as failure:
        limits({f"livepull:{key}": text}, 9)
    assert str(failure.value) == (
        f'config livepull:{key} is "{text}", not a number of at least {least}\n'
        f"Run: pulumi config set livepull:{key} <number>"
    )


# All that is wrong.

OWN = {"livepull:huaweicloudAccessKey": "id", "livepull:huaweicloudSecretKey": "secret"}


def problems_of(config: dict[str, str], environ: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with a config, by key."""
    return {key: str(error) for key, error in VENDORS[0].problems(config, environ)}


def test_a_good_config_has_no_problems(tmp_path: Path) -> None:
    """Whether its keys are in it or elsewhere; a region may be named by each resource."""
    assert problems_of(OWN | {"livepull:huaweicloudEndpoint": "https://live.example.com"}, {}) == {}
    environ = {"HUAWEICLOUD_SDK_AK": "id", "HUAWEICLOUD_SDK_SK": "secret"}
    assert problems_of({}, environ | {"HOME": str(tmp_path)}) == {}


def test_all_that_is_wrong_with_a_config_is_reported_at_once(tmp_path: Path) -> None:
    """All errors of a config are reported at once, each with its key and the command to run."""
    config = {
        "livepull:huaweicloudEndpoint": "live.example.com",
        "livepull:maxRetries": "often",
        "livepull:timeoutSeconds": "0",
    }
    found = problems_of(config, {"HOME": str(tmp_path)})
    assert found["livepull:huaweicloudAccessKey"].startswith("huaweicloud: no access key found.")
    assert "Run: pulumi config set --secret livepull:huaweicloudAccessKey <key>" in "".join(
        found["livepull:huaweicloudAccessKey"]
    )
    del found["livepull:huaweicloudAccessKey"]
    assert found == {
        "livepull:huaweicloudEndpoint": "huaweicloud: the endpoint 'live.example.com' is not an "
        "address\nRun: pulumi config set livepull:huaweicloudEndpoint https://<host>",
        "livepull:maxRetries": 'config livepull:maxRetries is "often", not a number of at least 0\n'
        "Run: pulumi config set livepull:maxRetries <number>",
        "livepull:timeoutSeconds": 'config livepull:timeoutSeconds is "0", not a number of at '
        "least 0.1\nRun: pulumi config set livepull:timeoutSeconds <number>",
    }


def test_half_of_a_pair_is_a_problem() -> None:
    """The other half is not taken from elsewhere."""
    config = {"livepull:huaweicloudAccessKey": "id"}
    environ = {"HUAWEICLOUD_SDK_AK": "id", "HUAWEICLOUD_SDK_SK": "secret"}
    (problem,) = problems_of(config, environ).items()
    assert problem[0] == "livepull:huaweicloudAccessKey"
    assert "livepull:huaweicloudSecretKey is not" in problem[1]


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_every_vendor_reports_an_unsafe_endpoint(vendor: Vendor) -> None:
    """Before anything is signed for it."""
    key = vendor.config_key("endpoint")
    assert [
        message for message, _ in vendor.problems(KEYS | {key: "http://live.example.com"}, {})
    ] == [key]
