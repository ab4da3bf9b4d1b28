"""byteplus.RelaySource: a scheduled pull of a source into a domain of BytePlus MediaLive."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Len

from pulumi_livepull.core.traits import Immutable
from pulumi_livepull.core.types import RequiredDomain, Url
from pulumi_livepull.vendors.volcengine import relay_source as volcengine


class RelaySource(volcengine.RelaySource, token="livepull:byteplus:RelaySource"):
    """Pull a source, within a time or permanently, and serve it as a stream of a domain.

    Its id is `domain/app/stream`.

    Source: https://docs.byteplus.com/en/docs/byteplus-media-live/docs-createrelaysourcev4
    """

    schemes = ("rtmp", "http", "https")

    domain: Immutable[RequiredDomain]
    """Domain of the stream. The vendor's page calls it the domain for stream pushing."""

    # Assumption A133: at most 10, as at Volcengine; the page has no limit.
    src_addr_s: Annotated[list[Url], Len(1)]
    """Addresses to pull from, with domain names or IP addresses: up to 10 of RTMP, FLV or HLS.

    Secret if one of them has a query or user info, because these may contain keys.
    """
