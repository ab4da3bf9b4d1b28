"""Alibaba Cloud ApsaraVideo Live: what the rest of the program needs to know of it."""

from pulumi_livepull.core.credentials import ConfigSource, EnvironmentSource, FileSource
from pulumi_livepull.core.vendor import Setting, Vendor
from pulumi_livepull.vendors.alicloud.client import AlicloudLive
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.alicloud.record_notify_config import RecordNotifyConfig

VENDOR = Vendor(
    name="alicloud",
    title="Alibaba Cloud ApsaraVideo Live",
    connect=AlicloudLive,
    # Sources: alibabacloud-credentials; the documentation of terraform-provider-alicloud.
    credentials=(
        ConfigSource("livepull:alicloud"),
        EnvironmentSource(
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            "ALIBABA_CLOUD_SECURITY_TOKEN",
        ),
        EnvironmentSource("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"),
        FileSource(
            "ALIBABA_CLOUD_CREDENTIALS_FILE",
            "~/.alibabacloud/credentials.ini",
            "default",
            ("access_key_id", "access_key_secret", "security_token"),
        ),
    ),
    settings=(
        Setting("region", "Region for what names none.", ("ALICLOUD_REGION",)),
        Setting(
            "endpoint",
            "Address to call instead of the vendor's own, such as an emulator's; `{region}` in it "
            "is filled in.",
        ),
    ),
    resources=(LivePullToPush, RecordNotifyConfig),
    requests_per_second=8,  # The pages allow 10 a second for each operation and user.
)
