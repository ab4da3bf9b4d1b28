"""Volcengine Live: the record that describes this vendor."""

from pulumi_livepull.core.command import CommandSource
from pulumi_livepull.core.credentials import ConfigSource, EnvironmentSource
from pulumi_livepull.core.profiles import FileSource, Keys, ini, json_object, json_profiles
from pulumi_livepull.core.vendor import ALLOW_HTTP, Setting, Vendor
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from pulumi_livepull.vendors.volcengine.push_url import SignPushUrl
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource

VENDOR = Vendor(
    name="volcengine",
    title="Volcengine Live",
    connect="pulumi_livepull.vendors.volcengine.client:VolcengineLive",
    signer="pulumi_livepull.vendors.volcengine.signer:VolcengineSigner",
    # Sources: the SDK `volcengine`, `base/Service.py`, for what is called VOLC; volcenginesdk-core,
    # `auth/providers`, for the rest; volcengine-cli, `cmd/configure.go`, for `sts-expiration`.
    credentials=(
        ConfigSource("livepull:volcengine"),
        CommandSource("volcengine"),
        EnvironmentSource("VOLC_ACCESSKEY", "VOLC_SECRETKEY"),
        EnvironmentSource(
            "VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY", "VOLCENGINE_SESSION_TOKEN"
        ),
        FileSource(
            form=json_profiles,
            path="~/.volcengine/config.json",
            path_variable="VOLCENGINE_CLI_CONFIG_FILE",
            profile_variable="VOLCENGINE_PROFILE",
            mode="mode",
            keys=(Keys("access-key", "secret-key", "session-token", mode="ak"),),
            expiry="sts-expiration",
        ),
        FileSource(
            form=ini,
            path="~/.volc/credentials",
            # Assumption A144: the name of the token. The SDK does not read one from a file.
            keys=(Keys("access_key_id", "secret_access_key", "session_token"),),
        ),
        FileSource(form=json_object, path="~/.volc/config", profile="", keys=(Keys("ak", "sk"),)),
    ),
    settings=(
        Setting(
            "endpoint", "Address to call instead of the vendor's own, such as that of an emulator."
        ),
        ALLOW_HTTP,
    ),
    resources=(PullToPushTask, PullToPushGroup, RelaySource, Callback),
    calculations=(SignPushUrl,),
    requests_per_second=9.5,  # The pages allow 10 a second for each operation and user.
)
