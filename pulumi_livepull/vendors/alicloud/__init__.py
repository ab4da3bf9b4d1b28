"""Alibaba Cloud ApsaraVideo Live: the record that describes this vendor."""

from pulumi_livepull.core.command import CommandSource
from pulumi_livepull.core.credentials import ConfigSource, EnvironmentSource
from pulumi_livepull.core.profiles import FileSource, Keys, ini, json_profiles
from pulumi_livepull.core.vendor import ALLOW_HTTP, Setting, Vendor
from pulumi_livepull.vendors.alicloud.live_pull_stream_info_config import (
    LivePullStreamInfoConfig,
)
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.alicloud.push_url import SignPushUrl
from pulumi_livepull.vendors.alicloud.record_notify_config import RecordNotifyConfig

VENDOR = Vendor(
    name="alicloud",
    title="Alibaba Cloud ApsaraVideo Live",
    connect="pulumi_livepull.vendors.alicloud.client:AlicloudLive",
    signer="pulumi_livepull.vendors.alicloud.signer:AlicloudSigner",
    # Sources: alibabacloud-credentials, `provider/default.py` and what it calls, for the order and
    # the files; aliyun-cli, `config/profile.go`, for `region_id` and `sts_expiration`; the
    # documentation of terraform-provider-alicloud for its variables.
    credentials=(
        ConfigSource("livepull:alicloud"),
        CommandSource("alicloud"),
        EnvironmentSource(
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "ALIBABA_CLOUD_SECURITY_TOKEN",
        ),
        EnvironmentSource("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"),
        FileSource(
            form=json_profiles,
            path="~/.aliyun/config.json",
            profile_variable="ALIBABA_CLOUD_PROFILE",
            mode="mode",
            keys=(
                Keys("access_key_id", "access_key_secret", mode="AK"),
                Keys(
                    "access_key_id",
                    "access_key_secret",
                    "sts_token",
                    mode="StsToken",
                    temporary=True,
                ),
            ),
            expiry="sts_expiration",
            settings={"region": "region_id"},
        ),
        FileSource(
            form=ini,
            path="~/.alibabacloud/credentials.ini",
            path_variable="ALIBABA_CLOUD_CREDENTIALS_FILE",
            profile_variable="ALIBABA_CLOUD_PROFILE",
            mode="type",
            keys=(
                Keys("access_key_id", "access_key_secret", mode="access_key"),
                # Assumption A129: the SDK uses this name for temporary keys, but has no such type
                # in this file.
                Keys(
                    "access_key_id",
                    "access_key_secret",
                    "security_token",
                    mode="sts",
                    temporary=True,
                ),
            ),
        ),
    ),
    settings=(
        Setting("region", "Region of resources that do not set one.", ("ALICLOUD_REGION",)),
        Setting(
            "endpoint",
            "Address to call instead of the vendor's own, such as that of an emulator. `{region}` "
            "in it is replaced by the region.",
        ),
        ALLOW_HTTP,
    ),
    resources=(LivePullToPush, LivePullStreamInfoConfig, RecordNotifyConfig),
    calculations=(SignPushUrl,),
    requests_per_second=9.5,  # The pages allow 10 a second for each operation and user.
)
