"""Tencent Cloud CSS: what the rest of the program needs to know of it."""

from pulumi_livepull.core.command import CommandSource
from pulumi_livepull.core.credentials import ConfigSource, EnvironmentSource
from pulumi_livepull.core.profiles import FileSource, Keys, ini
from pulumi_livepull.core.vendor import ALLOW_HTTP, Setting, Terraform, Vendor
from pulumi_livepull.vendors.tencentcloud.callback_rule import CallbackRule
from pulumi_livepull.vendors.tencentcloud.callback_template import CallbackTemplate
from pulumi_livepull.vendors.tencentcloud.pull_stream_task import PullStreamTask
from pulumi_livepull.vendors.tencentcloud.push_url import SignPushUrl

_PROFILE = (Keys("secret_id", "secret_key"),)

VENDOR = Vendor(
    name="tencentcloud",
    title="Tencent Cloud CSS",
    connect="pulumi_livepull.vendors.tencentcloud.client:TencentLive",
    signer="pulumi_livepull.vendors.tencentcloud.signer:TencentSigner",
    # Sources: tencentcloud-sdk-python-common 3.1.195, `common/credential.py`, for the order and the
    # files, of which it reads the second only where the first is missing; the documentation of
    # terraform-provider-tencentcloud for the token and the region.
    credentials=(
        ConfigSource("livepull:tencentcloud"),
        CommandSource("tencentcloud"),
        EnvironmentSource(
            "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_SECURITY_TOKEN"
        ),
        FileSource(form=ini, path="~/.tencentcloud/credentials", keys=_PROFILE),
        FileSource(form=ini, path="/etc/tencentcloud/credentials", keys=_PROFILE),
    ),
    settings=(
        Setting(
            "region",
            "Region of resources that do not set one.",
            ("TENCENTCLOUD_REGION",),
        ),
        Setting(
            "operator",
            "Who the vendor notes as operator of relay tasks. If unset, `pulumi-livepull`.",
        ),
        Setting(
            "endpoint",
            # Source: document/api/267/71832, which is called there.
            "Address to call instead of the vendor's own, such as that of an emulator, or "
            "`https://live.intl.tencentcloudapi.com` for the international site. `{region}` in it "
            "is replaced by the region.",
        ),
        ALLOW_HTTP,
    ),
    resources=(PullStreamTask, CallbackTemplate, CallbackRule),
    calculations=(SignPushUrl,),
    # Source: terraform-provider-tencentcloud, `services/css`. Its `status` has two words for what
    # is true or false in `running`. The blocks of its `watermark_list` are converted although they
    # are not named here; as a list of texts they would not be.
    terraform=(
        Terraform(
            "tencentcloud_css_pull_stream_task",
            PullStreamTask,
            names={},
            lacks={
                *("backup_to_url", "backup_vod_url", "record_template_id", "restart_trigger"),
                *("running", "specify_task_id", "transcode_template_name", "vod_local_mode"),
                *("region", "watermark_list"),
            },
        ),
        Terraform(
            "tencentcloud_css_callback_template",
            CallbackTemplate,
            names={},
            lacks={
                *("audio_audit_notify_url", "record_exception_levels"),
                *("record_exception_notify_url", "record_status_notify_url"),
            },
        ),
        Terraform(
            "tencentcloud_css_callback_rule_attachment", CallbackRule, names={}, lacks=frozenset()
        ),
    ),
    # The least of what the pages allow each operation: 20 a second to modify and restart tasks, 30
    # to describe them, 50 to create and delete them, 200 for callbacks.
    requests_per_second=19,
)
