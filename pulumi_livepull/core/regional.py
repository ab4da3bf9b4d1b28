"""RegionalClient: a client whose things live in regions and have ids of the form `region/id`."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.types import split_url
from pulumi_livepull.errors import ConfigError

_NAME = re.compile(r"[A-Za-z0-9_-]+")


class RegionalClient(Client):
    """Finds the region of each call. A vendor names `region_variables` for its messages."""

    region_variables: ClassVar[tuple[str, ...]] = ()

    def __init__(self, settings: Mapping[str, str], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._region = settings.get("region", "")

    def region(self, wanted: str | None) -> str:
        """Return the region to use. Raises `ConfigError` if neither inputs nor config name one."""
        if region := wanted or self._region:
            if _NAME.fullmatch(region):
                return region
            raise ConfigError(
                f'{self.vendor}: "{region}" is no region', "It has the form as in cn-north-4."
            )
        key = f"livepull:{self.vendor}Region"
        places = ", then ".join(["`region`", f"config {key}", *self.region_variables])
        raise ConfigError(
            f"{self.vendor}: no region found. Looked at {places}",
            f"Run: pulumi config set {key} <region>",
        )

    def place(self, resource_id: str) -> tuple[str, str]:
        """Return the region and the vendor's own id of `region/id`; a bare id is in our region."""
        region, _, own = resource_id.rpartition("/")
        # Both go into an address, where they must not be taken for anything else.
        if _NAME.fullmatch(own) and (_NAME.fullmatch(region) or not region):
            return self.region(region), own
        raise ConfigError(
            f'{self.vendor}: "{resource_id}" is no id',
            "It has the form region/id, as in cn-north-4/7864b3dc.",
        )

    def full_id(self, resource_id: str) -> str:
        """Return the id with its region."""
        return "/".join(self.place(resource_id))


def checked_endpoint(vendor: str, endpoint: str) -> str:
    """Return an endpoint without its last slash. Raises `ConfigError` if it is not safe to use."""
    if not endpoint:
        return ""
    url = split_url(endpoint.replace("{region}", "region"))
    if url is None or url.scheme not in {"http", "https"} or url.query:
        raise ConfigError(
            f"{vendor}: the endpoint {endpoint!r} is not an address",
            f"Run: pulumi config set livepull:{vendor}Endpoint https://<host>",
        )
    if url.scheme == "http" and not _is_loopback(url.hostname or ""):
        raise ConfigError(
            f"{vendor}: the endpoint {endpoint} is not encrypted",
            "Use https; http is for an emulator on this machine.",
        )
    return endpoint.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
