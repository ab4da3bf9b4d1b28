"""BytePlus MediaLive: the record that describes this vendor.

It is the international edition of Volcengine Live, with its own accounts. This folder contains only
what differs. Sources: the pages at docs.byteplus.com/en/docs/byteplus-media-live;
byteplus-sdk-golang 1.0.66, `service/live/v20230101`, whose models of tasks, groups and callbacks
are Volcengine's.
"""

from pulumi_livepull.core.command import CommandSource
from pulumi_livepull.core.credentials import ConfigSource, EnvironmentSource
from pulumi_livepull.core.profiles import FileSource, Keys, json_object, json_profiles
from pulumi_livepull.core.vendor import ALLOW_HTTP, Setting, Vendor
from pulumi_livepull.vendors.byteplus.callback import Callback
from pulumi_livepull.vendors.byteplus.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.byteplus.pull_to_push_task import PullToPushTask
from pulumi_livepull.vendors.byteplus.relay_source import RelaySource

VENDOR = Vendor(
    name="byteplus",
    title="BytePlus MediaLive",
    connect="pulumi_livepull.vendors.byteplus.client:BytePlusLive",
    signer="pulumi_livepull.vendors.byteplus.signer:BytePlusSigner",
    # Sources: byteplus-sdk 1.0.53, `base/Service.py`, for the names with ACCESSKEY and for
    # `~/.byteplus/config`; byteplus-python-sdk-v2 3.0.63, `byteplussdkcore/auth/providers`, for the
    # rest.
    credentials=(
        ConfigSource("livepull:byteplus"),
        CommandSource("byteplus"),
        EnvironmentSource("BYTEPLUS_ACCESSKEY", "BYTEPLUS_SECRETKEY", "BYTEPLUS_SESSION_TOKEN"),
        EnvironmentSource("BYTEPLUS_ACCESS_KEY", "BYTEPLUS_SECRET_KEY", "BYTEPLUS_SESSION_TOKEN"),
        FileSource(
            form=json_profiles,
            path="~/.byteplus/config.json",
            path_variable="BYTEPLUS_CLI_CONFIG_FILE",
            profile_variable="BYTEPLUS_PROFILE",
            mode="mode",
            keys=(Keys("access-key", "secret-key", "session-token", mode="ak"),),
            # Assumption A130: as in Volcengine's file.
            expiry="sts-expiration",
        ),
        FileSource(
            form=json_object, path="~/.byteplus/config", profile="", keys=(Keys("ak", "sk"),)
        ),
    ),
    settings=(
        Setting(
            "region",
            "Region that requests are signed for: `ap-singapore-1` if unset. The vendor's own SDKs "
            "use `cn-north-1`.",
        ),
        Setting(
            "endpoint", "Address to call instead of the vendor's own, such as that of an emulator."
        ),
        ALLOW_HTTP,
    ),
    resources=(PullToPushTask, PullToPushGroup, RelaySource, Callback),
    # The pages allow one a second for tasks and callbacks, 10 for relay sources, 15 for lists.
    requests_per_second=0.95,
)
