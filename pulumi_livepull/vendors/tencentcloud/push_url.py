"""tencentcloud.signPushUrl: a push address that Tencent Cloud CSS takes until a time."""

import hashlib

from pulumi_livepull.core.push_url import PushUrl


class SignPushUrl(PushUrl, token="livepull:tencentcloud:signPushUrl"):
    """Sign a push address with the key of its push domain, by MD5. Nothing is sent to the vendor.

    The result does not change from one run to the next. The page says that SHA256 can be used too,
    but not how, so it is not offered.

    Source: https://www.tencentcloud.com/document/product/267/31560
    """

    def signature(self) -> str:
        """Source: document/product/267/31560, whose example has the time in capitals."""
        time = f"{self.seconds:X}"
        text = f"{self.key}{self.stream}{time}"
        secret = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return f"txSecret={secret}&txTime={time}"
