"""Volcengine Live: what the rest of the program needs to know of it."""

from pulumi_livepull.core.credentials import ConfigSource, EnvironmentSource, FileSource
from pulumi_livepull.core.vendor import Setting, Vendor
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.client import VolcengineLive
from pulumi_livepull.vendors.volcengine.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from pulumi_livepull.vendors.volcengine.relay_source import RelaySource

VENDOR = Vendor(
    name="volcengine",
    title="Volcengine Live",
    connect=VolcengineLive,
    # Sources: the SDK `volcengine`, `base/Service.py`; the Terraform provider's documentation.
    credentials=(
        ConfigSource("livepull:volcengine"),
        EnvironmentSource("VOLC_ACCESSKEY", "VOLC_SECRETKEY"),
        EnvironmentSource(
            "VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY", "VOLCENGINE_SESSION_TOKEN"
        ),
        FileSource(
            "VOLCENGINE_CREDENTIALS_FILE",
            "~/.volc/credentials",
            "default",
            ("access_key_id", "secret_access_key", "session_token"),
        ),
    ),
    settings=(
        Setting("endpoint", "Address to call instead of the vendor's own, such as an emulator's."),
    ),
    resources=(PullToPushTask, PullToPushGroup, RelaySource, Callback),
    requests_per_second=8,  # The pages allow 10 a second for each operation and user.
)
