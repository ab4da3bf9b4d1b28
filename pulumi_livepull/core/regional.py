"""RegionalClient: a client for resources in regions, with ids of the form `region/id`."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType
from typing import Any, ClassVar

from pulumi_livepull.core.client import Client
from pulumi_livepull.errors import ConfigError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?(/[a-z0-9._~-]+)*/?",
    re.IGNORECASE,
)
"""An address to which a path can be appended, and in which nothing can hide another host."""


class RegionalClient(Client):
    """Finds the region of each call. A vendor declares its regions, and its variables for
    messages."""

    region_variables: ClassVar[tuple[str, ...]] = ()

    regions: ClassVar[tuple[str, ...]] = ()
    """The documented regions. The vendor may have added others."""

    def __init__(self, settings: Mapping[str, str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._endpoint = checked_endpoint(self.vendor, settings.get("endpoint", ""), settings)
        if self._endpoint:
            self.reach_hint = f"Check config livepull:{self.vendor}Endpoint and the network."
        self._region = settings.get("region", "")
        if self._region:
            self.region(None)

    def region(self, wanted: str | None) -> str:
        """Return the region to use. Raises `ConfigError` if neither inputs nor config name one."""
        if region := wanted or self._region:
            return self.checked(region, "region", self.regions[0])
        key = f"livepull:{self.vendor}Region"
        places = ", then ".join(["`region`", f"config {key}", *self.region_variables])
        raise ConfigError(
            f"{self.vendor}: no region found. Looked at {places}",
            f"Run: pulumi config set {key} <region>",
        )

    def doubts_about(self, region: str | None) -> Iterator[str]:
        """See `Client`. A custom endpoint may have its own regions."""
        chosen = self.region(region)
        if chosen not in self.regions and not self.has_own_endpoint(chosen):
            yield f'"{chosen}" is not one of the vendor\'s regions: {", ".join(self.regions)}'

    def has_own_endpoint(self, region: str) -> bool:
        """Return whether the user configured an endpoint for the calls to a region."""
        return bool(self._endpoint)

    def place(self, resource_id: str) -> tuple[str, str]:
        """Split `region/id` into region and vendor's id. An id without a region is in the
        configured one."""
        region, _, own = resource_id.rpartition("/")
        # Both become part of a URL, so allow only characters that are safe there.
        if _NAME.fullmatch(own) and (_NAME.fullmatch(region) or not region):
            return self.region(region), own
        raise ConfigError(
            f'{self.vendor}: "{resource_id}" is not an id',
            f"Write it as region/id, such as {self.regions[0]}/7864b3dc.",
        )

    def full_id(self, resource_id: str) -> str:
        """Return the id with its region."""
        return "/".join(self.place(resource_id))

    def checked(self, text: str, what: str, example: str) -> str:
        """Return a text that is safe as part of a URL. Raises `ConfigError` for any other."""
        if _NAME.fullmatch(text):
            return text
        raise ConfigError(f'{self.vendor}: "{text}" is not a {what}', f"Write it like {example}.")


def checked_endpoint(
    vendor: str, endpoint: str, settings: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return an endpoint without a trailing slash. Raises `ConfigError` if it is not safe to use.

    Plain http is allowed on this machine; elsewhere it requires the setting `allow_http`.
    """
    if not endpoint:
        return ""
    url = _ADDRESS.fullmatch(endpoint.replace("{region}", "region"))
    if url is None:
        raise ConfigError(
            f"{vendor}: the endpoint {endpoint!r} is not an address",
            f"Run: pulumi config set livepull:{vendor}Endpoint https://<host>",
        )
    is_open = url["scheme"].lower() == "http" and not _is_loopback(url["host"])
    if is_open and settings.get("allow_http") != "true":
        raise ConfigError(
            f"{vendor}: the endpoint {endpoint} is not encrypted",
            "Use https; http is for an emulator on this machine. If nobody on the network path "
            f"can read or change what is sent, set livepull:{vendor}AllowHttp to true.",
        )
    return endpoint.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host.lower().removesuffix(".") == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
