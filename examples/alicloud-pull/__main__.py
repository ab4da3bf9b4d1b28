"""Pull a live channel into a streaming domain, for viewers of that domain."""

import pulumi

from pulumi_livepull import alicloud

config = pulumi.Config()

channel = alicloud.LivePullStreamInfoConfig(
    "channel",
    domain_name=config.require("domain"),
    app_name="live",
    stream_name="channel",
    source_urls=[
        "rtmp://origin.example.org/live/channel",
        "https://backup.example.org/live/channel.flv",
    ],
    start_time=config.require("startTime"),
    end_time=config.require("endTime"),
)

pulumi.export("stream", channel.id)
