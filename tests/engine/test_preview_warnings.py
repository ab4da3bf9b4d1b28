"""What cannot work is reported by the preview, by name, before any request to a vendor."""

from pathlib import Path

import pytest

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import Stack

RELAY = """
huaweicloud.PullTask(
    "relay",
    source_type="PullVodPushLive",
    source_urls=["https://vod.example.org/1.mp4"],
    domain="push.example.com",
    app_name="live",
    stream_name="loop",
)
"""


OWN = """
from pulumi_livepull import Provider
own = Provider(
    "own",
    huaweicloud_region="cn-north-4",
    huaweicloud_access_key="livepull-emulator",
    huaweicloud_secret_key="livepull-emulator-secret",
)
"""


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("huaweicloudAccessKey", None, "livepull:huaweicloudAccessKey"),
        ("huaweicloudEndpoint", "nowhere", "the endpoint 'nowhere' is not an address"),
        ("huaweicloudEndpoint", "http://live.example.com", "is not encrypted"),
        ("huaweicloudRegion", None, "no region found"),
        ("timeoutSeconds", "long", 'config livepull:timeoutSeconds is "long", not a number'),
    ],
)
@pytest.mark.parametrize("host", ["dynamic", "plugin"])
def test_a_setting_with_which_up_must_fail_fails_the_preview(
    stack: Stack, emulator: Emulator, host: str, setting: str, value: str | None, expected: str
) -> None:
    """In both hosts."""
    stack.configure("host", host)
    stack.configure(setting, value)
    stack.program(RELAY)
    shown = stack.preview(fails=True)
    assert expected in shown.text
    assert "Traceback" not in shown.text


def test_a_misspelled_setting_is_reported_once_in_the_dynamic_host(stack: Stack) -> None:
    """With the most likely spelling; the plugin says the same."""
    stack.configure("maxRetry", "2")
    stack.program(RELAY, RELAY.replace('"relay"', '"other"').replace("loop", "other"))
    message = (
        "config livepull:maxRetry is not a setting of this provider: did you mean livepull:maxR"
    )
    warnings = stack.preview().said("warning")
    assert [message in warning for warning in warnings] == [True]


def test_a_region_that_the_vendor_lacks_is_reported(stack: Stack) -> None:
    """As a warning, because it may be new; not if a custom endpoint is configured."""
    stack.program(RELAY.replace(")\n", '    region="cn-south-9",\n)\n'))
    assert '"cn-south-9" is not one of the vendor\'s regions' not in stack.preview().text
    stack.configure("huaweicloudEndpoint", None)
    assert '"cn-south-9" is not one of the vendor\'s regions' in stack.preview().text


def test_a_program_that_needs_the_plugin_names_the_command_that_installs_it(
    stack: Stack, tmp_path: Path
) -> None:
    """At once: the engine alone would keep looking for it, and suggest nothing."""
    stack.env["PULUMI_HOME"] = str(tmp_path / "without")
    stack.configure("host", "plugin")
    stack.program(RELAY)
    shown = stack.preview(fails=True)
    assert "is not installed" in shown.text
    assert "Run: livepull plugin install" in shown.text
    assert "Traceback" not in shown.text


@pytest.mark.parametrize("host", ["dynamic", "plugin"])
def test_a_stack_without_default_providers_uses_an_explicit_one(
    stack: Stack, emulator: Emulator, host: str
) -> None:
    """Both hosts have default providers, so `*` forbids both; docs/hosts.md says what to do."""
    stack.configure("host", host)
    stack.program(RELAY)
    stack.command(
        *("config", "set", "--stack", "dev", "--path"),
        *("pulumi:disable-default-providers[0]", "*"),
    )
    refused = stack.preview(fails=True).text
    assert "Default provider for" in refused

    explicit = RELAY.replace(")\n", "    opts=pulumi.ResourceOptions(provider=own),\n)\n")
    stack.program(OWN, explicit)
    assert stack.preview().plan == {"relay": "create"}


def test_all_default_providers_but_those_of_the_dynamic_host_may_be_forbidden(
    stack: Stack,
) -> None:
    """By their names."""
    stack.program(RELAY)
    stack.command(
        *("config", "set", "--stack", "dev", "--path"),
        *("pulumi:disable-default-providers[0]", "aws"),
    )
    assert stack.preview().plan == {"relay": "create"}
