"""Huawei Cloud Live: what the rest of the program needs to know of it."""

from pulumi_livepull.core.credentials import ConfigSource, EnvironmentSource, FileSource
from pulumi_livepull.core.vendor import Setting, Vendor
from pulumi_livepull.vendors.huaweicloud.client import HuaweiLive
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback

VENDOR = Vendor(
    name="huaweicloud",
    title="Huawei Cloud Live",
    connect=HuaweiLive,
    # Sources: huaweicloudsdkcore `auth/provider.py`; terraform-provider-huaweicloud `provider.go`.
    credentials=(
        ConfigSource("livepull:huaweicloud"),
        EnvironmentSource(
            "HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"
        ),
        EnvironmentSource("HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN"),
        FileSource(
            "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
            "~/.huaweicloud/credentials",
            "basic",
            ("ak", "sk", "security_token"),
        ),
    ),
    settings=(
        Setting("region", "Region for what names none.", ("HW_REGION_NAME",)),
        Setting(
            "project_id",
            "Project of the configured region. Unset, it is looked up.",
            ("HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID"),
            in_file="project_id",
        ),
        Setting(
            "endpoint",
            "Address to call instead of the vendor's own, such as an emulator's; `{region}` in it "
            "is filled in.",
        ),
        Setting(
            "iam_endpoint",
            "Address that knows the projects. Unset, `endpoint` or the vendor's own.",
            ("HUAWEICLOUD_SDK_IAM_ENDPOINT",),
        ),
    ),
    resources=(PullTask, RecordCallback),
    requests_per_second=50,  # Assumption: no page names a rate. A throttled call waits anyway.
)
