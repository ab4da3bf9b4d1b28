"""Every vendor's way to sign a push address, against values that were worked out without ours.

That of Volcengine is the example of its page, docs/6469/107759; the pages of the others show none,
so theirs were worked out with openssl and md5sum from the formulas there.
"""

from typing import Any

import pytest

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.function import Function
from pulumi_livepull.core.push_url import PushUrl
from pulumi_livepull.core.rules import signed_until
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.hosts.registry import find_function
from pulumi_livepull.vendors import VENDORS

URL = "rtmp://push.example.com/live/livestream"
KEY = "GCTbw44s6MPLh4GqgDpnfuFHgy25Enly"
ASKED = {"pushUrl": URL, "key": KEY, "expires": "2030-01-02T12:00:00Z"}
HUAWEI, ALIBABA = "livepull:huaweicloud:signPushUrl", "livepull:alicloud:signPushUrl"
VOLCENGINE, TENCENT = "livepull:volcengine:signPushUrl", "livepull:tencentcloud:signPushUrl"

every_vendor = pytest.mark.parametrize(
    "token",
    [
        calculation.token
        for vendor in VENDORS
        for calculation in vendor.calculations
        if issubclass(calculation, PushUrl)
    ],
)


def offline() -> Client:
    """Stand for a client where none is needed."""
    raise AssertionError("nothing is sent")


def signed(token: str, **given: Any) -> dict[str, Any]:
    """Return what a function tells."""
    return function(token).answer(given, offline)


def function(token: str) -> Function:
    return find_function(token)[1]


@pytest.mark.parametrize(
    ("token", "given", "arguments"),
    [
        (
            VOLCENGINE,
            {"key": "A1B2C3d4e5f6", "expires": "2022-05-27T14:20:22+08:00"},
            "volcTime=1653632422&volcSecret=e5bb77201cbaa2f9ccdd316fcda4c212",
        ),
        (ALIBABA, {}, "auth_key=1893585600-0-0-0e6a5a882c97c959cfe699167a3bc3ae"),
        (
            ALIBABA,
            {"validityPeriod": 3600, "rand": "477b3bbc"},
            "auth_key=1893582000-477b3bbc-0-82e743b58e45cc7f7bf513c8bf98f817",
        ),
        (
            HUAWEI,
            {},
            "hwSecret=70ac1baabf87e9bc4d87fbce0e0ff3f22edc28582fb87caa1c54a393a3852119"
            "&hwTime=70ddd2c0",
        ),
        (
            HUAWEI,
            {"timeout": 3600},
            "hwSecret=2b0a201264e3b16a8fe577fe1cd23083e7c88530598a234c762e0aa3972e4112"
            "&hwTime=70ddc4b0",
        ),
        (
            HUAWEI,
            {"authType": "b_md5"},
            "txSecret=efbcf8b4cbc0f44e6c625714cc6c6ccb&txTime=70ddd2c0",
        ),
        (
            HUAWEI,
            {"authType": "a_md5", "timeout": 3600, "rand": "477b3bbc"},
            "auth_key=1893582000-477b3bbc-0-82e743b58e45cc7f7bf513c8bf98f817",
        ),
    ],
)
def test_the_signature_is_the_vendors(token: str, given: dict[str, Any], arguments: str) -> None:
    """For each method, with and without a domain's optional settings."""
    assert signed(token, **ASKED | given) == {"url": f"{URL}?{arguments}", "pushArgs": arguments}


def test_the_address_of_tencents_page_is_signed_as_there() -> None:
    """Key, stream, time and result are from document/product/267/31560."""
    given = {
        "pushUrl": "rtmp://livepush.tcloud.com/live/test",
        "key": "e12c46f2612d5106e2034781ab261ca3",
        "expires": "2018-12-29T06:13:45Z",
    }
    assert signed(TENCENT, **given)["url"] == (
        "rtmp://livepush.tcloud.com/live/test"
        "?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099"
    )


@every_vendor
def test_an_address_keeps_the_arguments_that_it_has(token: str) -> None:
    """They are not signed."""
    plain, more = signed(token, **ASKED), signed(token, **ASKED | {"pushUrl": f"{URL}?mix=1"})
    assert more == {"url": f"{URL}?mix=1&{plain['pushArgs']}", "pushArgs": plain["pushArgs"]}
    for end in ("?", "?&", "?mix=1&"):
        open_end = signed(token, **ASKED | {"pushUrl": f"{URL}{end}"})
        assert open_end == (more if "mix" in end else plain)


@every_vendor
def test_the_expiry_of_a_signature_is_read_from_the_address(token: str) -> None:
    """A task that would outlive its address then causes a warning."""
    until = signed_until(signed(token, **ASKED)["url"])
    assert until is not None
    assert until.isoformat() == "2030-01-02T12:00:00+00:00"


@every_vendor
@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"pushUrl": "rtmp://push.example.com/live"}, "pushUrl must name an app and a stream"),
        ({"pushUrl": "push.example.com/live/one"}, "pushUrl "),
        ({"pushUrl": f"{URL}?volcTime=1893585600&volcSecret=x"}, "pushUrl is signed already"),
        ({"pushUrl": f"{URL}?mix=1&txSecret=x"}, "pushUrl is signed already"),
        ({"pushUrl": f"{URL}#x"}, "pushUrl must end before the `#`"),
        ({"expires": "1969-12-31T23:59:59Z"}, "expires is too early"),
        ({"expires": "tomorrow"}, "expires "),
        ({"key": ""}, "key "),
        ({"rands": "1"}, "rands is not an input"),
    ],
)
def test_an_input_that_is_wrong_is_reported(
    token: str, wrong: dict[str, str], expected: str
) -> None:
    """By its name, without showing the key."""
    with pytest.raises(ConfigError) as failure:
        signed(token, **ASKED | wrong)
    assert failure.value.what.startswith(f"{function(token).label}: {expected}")
    assert KEY not in str(failure.value)


@pytest.mark.parametrize("token", [HUAWEI, ALIBABA])
def test_a_random_text_has_no_hyphen(token: str) -> None:
    """The vendor would read the hyphen as its end."""
    with pytest.raises(ConfigError, match="rand must be letters and digits, without a hyphen"):
        signed(token, **ASKED, rand="477b-3bbc")


def test_a_method_that_signs_the_beginning_needs_the_timeout() -> None:
    """Without it, pushes would be refused until the time at which they should end."""
    with pytest.raises(ConfigError, match="timeout is required for method A"):
        signed(HUAWEI, **ASKED, authType="a_md5")


@every_vendor
def test_all_that_is_missing_is_reported_at_once(token: str) -> None:
    """Together with the list of inputs."""
    with pytest.raises(ConfigError) as failure:
        signed(token)
    assert failure.value.what.endswith("pushUrl is required; key is required; expires is required")
    assert failure.value.hint.startswith("Its inputs are pushUrl, key, expires")


@every_vendor
def test_what_is_signed_is_secret(token: str) -> None:
    """Anyone who has it can push."""
    message = function(token).mark_secrets(signed(token, **ASKED), lambda value: ("sealed", value))
    assert [mark for mark, _ in message.values()] == ["sealed", "sealed"]
