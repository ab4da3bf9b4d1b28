"""The program of every stack: a relay task for each of its channels."""

import pulumi
from channels import listed

from pulumi_livepull import huaweicloud

for channel in listed():
    if channel["stack"] == pulumi.get_stack():
        huaweicloud.PullTask(
            channel["channel"],
            region=channel["region"],
            source_type="PullLivePushLive",
            source_urls=[channel["source"]],
            domain=channel["domain"],
            app_name="live",
            stream_name=channel["channel"],
        )
