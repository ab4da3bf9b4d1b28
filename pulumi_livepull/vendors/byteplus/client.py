"""Client for BytePlus MediaLive: another endpoint and region than Volcengine's, the same answers.

Assumption A131: the error codes are those of Volcengine. No public BytePlus page lists them.
"""

import re
from collections.abc import Mapping
from typing import Any

from pulumi_livepull.errors import ConfigError
from pulumi_livepull.vendors.byteplus.signer import BytePlusSigner
from pulumi_livepull.vendors.volcengine.client import VolcengineLive

_REGION = re.compile(r"[a-z0-9-]{1,64}")


class BytePlusLive(VolcengineLive):
    """Client for MediaLive in one account. One endpoint serves all regions.

    Source: https://docs.byteplus.com/en/docs/byteplus-media-live/docs-calling-byteplus-medialive-openapi

    For the region there are two sources: the older hand-written SDK (byteplus-sdk 1.0.53,
    `live/LiveService.py`) signs for ap-singapore-1, and the generated SDKs for this version of the
    API (the same package and byteplus-sdk-golang 1.0.66, `live/v20230101`) for cn-north-1, all at
    this address. Assumption A132: the vendor accepts both.
    """

    vendor = "byteplus"
    own_address = "https://open.byteplusapi.com"

    def __init__(
        self, settings: Mapping[str, str], signer: BytePlusSigner, *arguments: Any, **options: Any
    ) -> None:
        super().__init__(settings, signer, *arguments, **options)
        signer.region = settings.get("region", signer.region)
        if not _REGION.fullmatch(signer.region):
            raise ConfigError(
                f'byteplus: "{signer.region}" is not a region',
                "Write it like ap-singapore-1: pulumi config set livepull:byteplusRegion <region>",
            )
