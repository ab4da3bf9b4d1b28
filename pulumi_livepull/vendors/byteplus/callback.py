"""byteplus.Callback: where BytePlus MediaLive reports recordings and other events."""

from pulumi_livepull.vendors.volcengine import callback as volcengine


class Callback(volcengine.Callback, token="livepull:byteplus:Callback"):
    """Report events of one type, such as recordings, of a domain or domain space to addresses.

    Its id is `vhost/<domain space>/<app>/<type>` or `domain/<domain>//<type>`.

    Source: https://docs.byteplus.com/en/docs/byteplus-media-live/docs-updatecallback-2023
    """
