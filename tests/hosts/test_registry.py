"""What both hosts need: resources by token, and the messages of errors."""

import pytest

from pulumi_livepull.core.resource import Failure
from pulumi_livepull.errors import ConfigError, LivePullError
from pulumi_livepull.hosts import registry
from pulumi_livepull.vendors import VENDORS
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask


def test_a_token_names_one_resource() -> None:
    """For all resources of all vendors."""
    for vendor in VENDORS:
        for resource in vendor.resources:
            assert registry.find_resource(resource.token) == (vendor, resource)


def test_a_token_that_is_misspelled_is_reported_with_the_right_one() -> None:
    """Programs in YAML spell tokens out."""
    with pytest.raises(ConfigError) as failure:
        registry.find_resource("livepull:huaweicloud:Pulltask")
    assert str(failure.value) == (
        "there is no resource livepull:huaweicloud:Pulltask\n"
        "Did you mean livepull:huaweicloud:PullTask?"
    )


def test_a_token_that_is_like_none_is_reported_with_all_there_are() -> None:
    """A user who writes a token from memory finds the right one in the list."""
    with pytest.raises(ConfigError) as failure:
        registry.find_resource("aws:s3:Bucket")
    assert failure.value.hint.startswith("There are livepull:")
    for vendor in VENDORS:
        for resource in vendor.resources:
            assert resource.token in failure.value.hint


def test_keys_are_secret_and_other_settings_are_not() -> None:
    """An access key's id is not secret; the vendors' consoles show it."""
    keys = registry.config_keys(*(vendor.name for vendor in VENDORS))
    assert all(map(registry.is_setting, keys))
    assert set(filter(registry.is_secret_setting, keys)) == {
        f"livepull:{vendor.name}{key}"
        for vendor in VENDORS
        for key in ("SecretKey", "SecurityToken")
    }


def test_what_is_not_a_setting_is_not_taken_for_one() -> None:
    """Whether or not it begins with the name of a vendor."""
    for key in ("livepull:huaweicloud", "livepull:huaweicloudColour", "livepull:colour", "aws:key"):
        assert not registry.is_setting(key)
        assert not registry.is_secret_setting(key)


def test_no_property_is_named_whose_value_may_be_secret() -> None:
    """Pulumi prints that value. An unknown property may be a misspelled secret one."""
    for resource in (resource for vendor in VENDORS for resource in vendor.resources):
        for prop in resource.inputs():
            address = {prop.camel: "rtmp://h/a?key=HUSH"}
            message = registry.printable_failure(
                resource, Failure((prop.camel,), "is bad"), address
            )
            named = (prop.camel, "is bad")
            assert message == (("", f"{prop.camel} is bad") if prop.may_be_secret else named)
        assert registry.printable_failure(resource, Failure(("kee", 0), "is none"), {}) == (
            "",
            "kee[0] is none",
        )


def test_a_value_of_any_length_is_not_printed() -> None:
    """Pulumi prints the whole value of a property that is named, even thousands of addresses."""
    failure, few = Failure(("sourceUrls",), "must have at most 30 items"), ["rtmp://h/a"] * 31
    assert registry.printable_failure(PullTask, failure, {"sourceUrls": few})[0] == "sourceUrls"
    assert registry.printable_failure(PullTask, failure, {"sourceUrls": few * 100}) == (
        "",
        "sourceUrls must have at most 30 items",
    )


def test_a_fault_of_ours_is_reported_without_its_text() -> None:
    """The text may quote secrets; the place in the code is enough to fix the bug."""
    try:
        raise KeyError("HUSH")
    except KeyError as error:
        message = registry.error_message(test_keys_are_secret_and_other_settings_are_not, error)
    assert message.startswith("KeyError at test_registry.py:")
    assert "HUSH" not in message


def test_the_log_names_what_an_error_came_from(caplog: pytest.LogCaptureFixture) -> None:
    """By the types of the errors, without their texts, from which no secrets were removed."""
    caplog.set_level("DEBUG")
    error = LivePullError("it failed")
    error.__cause__ = ValueError("a secret")
    assert (
        registry.error_message(test_keys_are_secret_and_other_settings_are_not, error)
        == "it failed"
    )
    assert "failed with LivePullError from ValueError: it failed" in caplog.text
    assert "a secret" not in caplog.text
