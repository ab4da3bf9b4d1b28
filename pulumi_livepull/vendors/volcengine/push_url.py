"""volcengine.signPushUrl: a push address for Volcengine Live that expires."""

import hashlib

from pulumi_livepull.core.push_url import PushUrl


class SignPushUrl(PushUrl, token="livepull:volcengine:signPushUrl"):
    """Sign a push address with a key of its push domain, type B. Nothing is sent to the vendor.

    The result does not change from one run to the next.

    Source: https://www.volcengine.com/docs/6469/107759
    """

    def signature(self) -> str:
        """Source: docs/6469/107759; docs/6469/1274178 says that push domains accept only type B."""
        text = f"{self.path}{self.key}{self.seconds}"
        secret = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return f"volcTime={self.seconds}&volcSecret={secret}"
