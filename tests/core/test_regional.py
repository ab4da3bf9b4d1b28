"""RegionalClient: the region of a call, and which endpoints are safe to use."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from pulumi_livepull.core.limits import Limits
from pulumi_livepull.core.regional import RegionalClient, checked_endpoint
from pulumi_livepull.errors import ConfigError
from tests.core.samples import Unsigned


class Acme(RegionalClient):
    """A client that nobody calls."""

    vendor = "acme"
    region_variables = ("ACME_REGION", "TF_REGION")
    regions = ("north", "south")

    def decode(self, response: httpx.Response) -> Mapping[str, Any]:
        return {}


def client(**settings: str) -> Acme:
    """Return a client with these settings."""
    return Acme(settings, Unsigned(), Limits())


def test_the_region_is_that_of_the_inputs_or_else_the_configured_one() -> None:
    """An input is nearer."""
    assert client(region="north").region("south") == "south"
    assert client(region="north").region(None) == "north"
    assert client(region="north").region("") == "north"


def test_without_a_region_the_message_lists_where_it_looked() -> None:
    """And gives the command that helps."""
    with pytest.raises(ConfigError) as failure:
        client().region(None)
    assert str(failure.value) == (
        "acme: no region found. Looked at `region`, then config livepull:acmeRegion, "
        "then ACME_REGION, then TF_REGION\n"
        "Run: pulumi config set livepull:acmeRegion <region>"
    )


@pytest.mark.parametrize(
    ("resource_id", "place"),
    [
        ("south/7864b3dc", ("south", "7864b3dc")),
        ("7864b3dc", ("north", "7864b3dc")),
        ("/7864b3dc", ("north", "7864b3dc")),
    ],
)
def test_an_id_carries_its_region(resource_id: str, place: tuple[str, str]) -> None:
    """A bare id, as the vendor's console shows it, is in the configured region."""
    assert client(region="north").place(resource_id) == place


@pytest.mark.parametrize("given", ["", "/", "a b", "rtmp://push.example.com/live/1", "a?b/1"])
def test_what_is_not_an_id_is_reported_with_what_one_looks_like(given: str) -> None:
    """As a whole: whoever gives an address did not mean to name a region."""
    with pytest.raises(ConfigError) as failure:
        client(region="north").place(given)
    assert str(failure.value) == (
        f'acme: "{given}" is not an id\nWrite it as region/id, such as north/7864b3dc.'
    )


@pytest.mark.parametrize(
    ("endpoint", "used"),
    [
        ("", ""),
        ("https://live.example.com", "https://live.example.com"),
        ("https://live.example.com/", "https://live.example.com"),
        ("https://live.{region}.example.com:8443/v/", "https://live.{region}.example.com:8443/v"),
        ("http://127.0.0.1:4510", "http://127.0.0.1:4510"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:4510", "http://[::1]:4510"),
        ("http://localhost:4510/", "http://localhost:4510"),
    ],
)
def test_an_endpoint_is_https_or_on_this_machine(endpoint: str, used: str) -> None:
    """An emulator needs no certificate."""
    assert checked_endpoint("acme", endpoint) == used


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://live.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "http://{region}",
        "http://[2606:4700::1]",
    ],
)
def test_keys_do_not_travel_unencrypted(endpoint: str) -> None:
    """A signature does not hide what is sent."""
    with pytest.raises(ConfigError) as failure:
        checked_endpoint("acme", endpoint)
    assert str(failure.value) == (
        f"acme: the endpoint {endpoint} is not encrypted\n"
        "Use https; http is for an emulator on this machine. If nobody on the network path can "
        "read or change what is sent, set livepull:acmeAllowHttp to true."
    )
    assert checked_endpoint("acme", endpoint, {"allow_http": "true"}) == endpoint
    with pytest.raises(ConfigError, match="is not encrypted"):
        checked_endpoint("acme", endpoint, {"allow_http": "false"})


@pytest.mark.parametrize(
    "endpoint",
    [
        *("live.example.com", "127.0.0.1:4510", "ftp://h", "https://", "https://h:x"),
        *("https://h#x", "https://h\\other", "https://h/{path}", "https://h\n.other"),
        *("http://127.0.0.1\\.other", "http://localhost#.other", "https://hôte"),
    ],
)
def test_an_endpoint_that_is_not_an_address_is_refused(endpoint: str) -> None:
    """With the command that corrects it."""
    with pytest.raises(ConfigError) as failure:
        checked_endpoint("acme", endpoint)
    assert str(failure.value) == (
        f"acme: the endpoint {endpoint!r} is not an address\n"
        "Run: pulumi config set livepull:acmeEndpoint https://<host>"
    )


@pytest.mark.parametrize("endpoint", ["https://user:HUSH@h", "https://h/?key=HUSH"])
def test_an_endpoint_with_a_secret_in_it_is_refused_without_it(endpoint: str) -> None:
    """Who wrote it there may have thought that it is sent."""
    with pytest.raises(ConfigError, match="is not an address") as failure:
        checked_endpoint("acme", endpoint)
    assert "HUSH" not in str(failure.value)


@pytest.mark.parametrize(
    "endpoint",
    ["http://LOCALHOST", "http://localhost.", "http://[::ffff:127.0.0.1]:1"],
)
def test_this_machine_has_more_names(endpoint: str) -> None:
    """However it is spelled, nothing leaves it."""
    assert checked_endpoint("acme", endpoint) == endpoint
