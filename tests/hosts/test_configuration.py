"""A provider's configuration: what is read, what is missing or malformed, and what nobody reads."""

import os

import pytest

from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.hosts import configuration, registry
from pulumi_livepull.vendors import NAMES

HUAWEI = {"huaweicloudAccessKey": "id", "huaweicloudSecretKey": "secret"}


@pytest.fixture(autouse=True)
def no_keys_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a machine without keys."""
    for variable in os.environ:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", "/nowhere")


# What is read.


def test_settings_are_spelled_as_in_a_stack() -> None:
    """Both hosts must read the same settings."""
    config = {"huaweicloudRegion": "cn-north-4", "maxRetries": 2, "timeoutSeconds": 0.5}
    assert configuration.texts(config) == {
        "livepull:huaweicloudRegion": "cn-north-4",
        "livepull:maxRetries": "2",
        "livepull:timeoutSeconds": "0.5",
    }


def test_what_is_not_a_setting_or_not_known_is_not_read() -> None:
    """In a preview, an address may be unknown because another resource creates it."""
    config = {"host": "plugin", "version": "1", "nonsense": "x", "huaweicloudEndpoint": UNKNOWN}
    assert configuration.texts(config) == {}


def test_every_setting_can_be_given() -> None:
    """The names are the keys of the stack's config."""
    names = [key.removeprefix("livepull:") for key in registry.config_keys(*NAMES)]
    assert configuration.texts(dict.fromkeys(names, "x")).keys() == set(
        registry.config_keys(*NAMES)
    )


# What is missing or malformed.


def test_a_good_configuration_has_no_failures() -> None:
    """An empty one has none either: keys are looked up only when they are needed."""
    assert configuration.failures(HUAWEI) == []
    assert configuration.failures({}) == []


def test_only_a_vendor_that_is_named_needs_keys() -> None:
    """A stack usually uses only one or two vendors."""
    config = {"alicloudRegion": "cn-shanghai"}
    assert configuration.failures(config) == []
    failures = dict(configuration.failures(config, explicit=True))
    assert list(failures) == [""]
    half = dict(configuration.failures(config | {"alicloudSecretKey": "x"}))
    assert "livepull:alicloudAccessKey is not" in half[""]


def test_all_failures_are_reported_at_once_and_each_once() -> None:
    """The limit is one setting for all vendors, so it is reported once."""
    config = HUAWEI | {
        "huaweicloudEndpoint": "nowhere",
        "alicloudAccessKey": "id",
        "maxRetries": "often",
        "refreshBeforeUpdate": "sometimes",
    }
    messages = dict(configuration.failures(config))
    assert sorted(messages) == [
        "alicloudAccessKey",
        "huaweicloudEndpoint",
        "maxRetries",
        "refreshBeforeUpdate",
    ]
    assert messages["refreshBeforeUpdate"] == (
        'config livepull:refreshBeforeUpdate is "sometimes", not true or false\n'
        "Run: pulumi config set livepull:refreshBeforeUpdate false"
    )


@pytest.mark.parametrize("endpoint", ["https://user:HUSH@h", "https://h/?key=HUSH"])
def test_an_address_with_a_key_in_it_is_not_named(endpoint: str) -> None:
    """Pulumi would print the property's value next to the reason."""
    ((name, reason),) = configuration.failures(HUAWEI | {"huaweicloudEndpoint": endpoint})
    assert name == ""
    assert reason.startswith("huaweicloud: the endpoint 'https://")
    assert "HUSH" not in reason


def test_an_explicit_provider_is_not_sent_to_the_config_of_the_stack() -> None:
    """Pulumi passes it only the arguments from the program."""
    (failure,) = configuration.failures({"alicloudRegion": "cn-shanghai"}, explicit=True)
    assert failure[0] == ""
    looked = "alicloud: no access key found. Looked at argument alicloudAccessKey, then "
    assert failure[1].startswith(looked)
    assert failure[1].splitlines()[1:] == [configuration.EXPLICIT_HINT]


def test_nothing_is_missing_while_something_is_unknown() -> None:
    """The unknown value may be a key."""
    assert configuration.failures({"huaweicloudAccessKey": UNKNOWN}) == []
    assert configuration.failures({"huaweicloudAccessKey": "id", "more": [UNKNOWN]}) == []


# What nobody reads.


@pytest.mark.parametrize(
    ("name", "caution"),
    [
        (
            "huaweiCloudRegion",
            "config livepull:huaweiCloudRegion is not a setting of this provider: did you mean "
            "livepull:huaweicloudRegion",
        ),
        (
            "hots",
            "config livepull:hots is not a setting of this provider: did you mean livepull:host",
        ),
        ("zzz", "config livepull:zzz is not a setting of this provider"),
    ],
)
def test_a_setting_that_nothing_reads_is_pointed_out(name: str, caution: str) -> None:
    """It is either misspelled or from another version."""
    assert list(configuration.cautions({**HUAWEI, name: "x"})) == [caution]


def test_settings_of_pulumi_itself_cause_no_warning() -> None:
    """Neither does the choice of the host, which only the program reads."""
    config = {**HUAWEI, "host": "plugin", "version": "1.0.0", "pluginDownloadURL": "x"}
    assert list(configuration.cautions(config)) == []
