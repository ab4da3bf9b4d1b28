"""Signs requests for BytePlus, as for Volcengine in another region.

Source: https://docs.byteplus.com/en/docs/byteplus-media-live/docs-signing-byteplus-medialive-requests
"""

from pulumi_livepull.vendors.volcengine.signer import VolcengineSigner


class BytePlusSigner(VolcengineSigner):
    """Signs for a region that config `livepull:byteplusRegion` may change."""

    region = "ap-singapore-1"
