"""Huawei Cloud Live: the record that describes this vendor."""

from pulumi_livepull.core.command import CommandSource
from pulumi_livepull.core.credentials import ConfigSource, EnvironmentSource
from pulumi_livepull.core.profiles import FileSource, Keys, ini, json_profiles
from pulumi_livepull.core.vendor import ALLOW_HTTP, Setting, Terraform, Vendor
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.push_url import SignPushUrl
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback

VENDOR = Vendor(
    name="huaweicloud",
    title="Huawei Cloud Live",
    connect="pulumi_livepull.vendors.huaweicloud.client:HuaweiLive",
    signer="pulumi_livepull.vendors.huaweicloud.signer:HuaweiSigner",
    # Sources: huaweicloudsdkcore, `auth/provider.py`; the samples of api-live/CreatePullTask;
    # terraform-provider-huaweicloud, `provider.go` and `config/auth.go`.
    credentials=(
        ConfigSource("livepull:huaweicloud"),
        CommandSource("huaweicloud"),
        EnvironmentSource(
            "HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"
        ),
        EnvironmentSource("CLOUD_SDK_AK", "CLOUD_SDK_SK"),
        EnvironmentSource("HW_ACCESS_KEY", "HW_SECRET_KEY", "HW_SECURITY_TOKEN"),
        # The file of Huawei's command line. Like the Terraform provider, read it only if it is
        # named.
        FileSource(
            form=json_profiles,
            path_variable="HW_SHARED_CONFIG_FILE",
            profile_variable="HW_PROFILE",
            mode="mode",
            # Source: usermanual-hcli/hcli_03_003_03: AKSK is permanent or temporary keys.
            keys=(Keys("accessKeyId", "secretAccessKey", "securityToken", mode="AKSK"),),
            settings={"region": "region", "project_id": "projectId"},
            # Source: the documentation of terraform-provider-huaweicloud for the command.
            # Assumption A134: the field has the name that `hcloud configure list` shows.
            encrypted=("authEncrypt", "hcloud configure set --cli-auth-encrypt=false"),
        ),
        FileSource(
            form=ini,
            path="~/.huaweicloud/credentials",
            path_variable="HUAWEICLOUD_SDK_CREDENTIALS_FILE",
            profile="basic",
            keys=(Keys("ak", "sk", "security_token"),),
            settings={"project_id": "project_id", "iam_endpoint": "iam_endpoint"},
        ),
    ),
    settings=(
        Setting("region", "Region of resources that do not set one.", ("HW_REGION_NAME",)),
        Setting(
            "project_id",
            "Project of the configured region. If unset, it is looked up.",
            ("HUAWEICLOUD_SDK_PROJECT_ID", "HW_PROJECT_ID"),
            of="region",
        ),
        Setting(
            "endpoint",
            "Address to call instead of the vendor's own, such as that of an emulator. `{region}` "
            "in it is replaced by the region.",
            # Source: huaweicloudsdkcore, `region/provider.py`.
            regional="HUAWEICLOUD_SDK_REGION_LIVE_",
        ),
        Setting(
            "iam_endpoint",
            "Address of the service that lists projects. If unset, `endpoint` or the vendor's own.",
            ("HUAWEICLOUD_SDK_IAM_ENDPOINT",),
        ),
        ALLOW_HTTP,
    ),
    resources=(PullTask, RecordCallback),
    calculations=(SignPushUrl,),
    terraform=(
        # Source: terraform-provider-huaweicloud, resource_huaweicloud_live_record_callback.go. It
        # sends `*` as the app.
        Terraform(
            "huaweicloud_live_record_callback",
            RecordCallback,
            names={
                "publish_domain": "domain_name",
                "notify_callback_url": "url",
                "notify_event_subscription": "types",
            },
            lacks={"app"},
        ),
    ),
    # Assumption A135: the vendor's table of rates (api-live/live_03_0053) has no row for pull
    # tasks; it takes 3,000 calls a minute about streams of one user. A throttled call waits anyway.
    requests_per_second=50,
)
