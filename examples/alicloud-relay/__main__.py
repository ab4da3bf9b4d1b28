"""Relay a live channel to an ingest domain, and report its recordings."""

import pulumi

from pulumi_livepull import alicloud

config = pulumi.Config()
domain = config.require("domain")

channel = alicloud.LivePullToPush(
    "channel",
    source_type="live",
    source_protocol="hls",
    source_urls=["https://play.example.org/live/channel.m3u8"],
    dst_url=f"rtmp://{domain}/live/channel",
    start_time=config.require("startTime"),
    end_time=config.require("endTime"),
)

recordings = alicloud.RecordNotifyConfig(
    "recordings",
    domain_name=domain,
    notify_url="https://hooks.example.org/recordings",
    notify_req_auth=True,
    notify_auth_key=config.require_secret("callbackKey"),
)

pulumi.export("task", channel.id)
pulumi.export("status", channel.status)
pulumi.export("callback", recordings.id)
