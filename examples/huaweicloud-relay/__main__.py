"""Relay a live channel to an ingest domain, and report its recordings."""

import pulumi

from pulumi_livepull import huaweicloud

config = pulumi.Config()
domain = config.require("domain")

channel = huaweicloud.PullTask(
    "channel",
    source_type="PullLivePushLive",
    source_urls=["https://play.example.org/live/channel.flv"],
    domain=domain,
    app_name="live",
    stream_name="channel",
    end_time=config.require("endTime"),
)

recordings = huaweicloud.RecordCallback(
    "recordings",
    publish_domain=domain,
    app="live",
    notify_callback_url="https://hooks.example.org/recordings",
    notify_event_subscription=["RECORD_FILE_COMPLETE", "RECORD_FAILED"],
    sign_type="HMACSHA256",
    key=config.require_secret("callbackKey"),
)

pulumi.export("task", channel.id)
pulumi.export("status", channel.status)
pulumi.export("callback", recordings.id)
