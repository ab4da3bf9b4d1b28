"""Relay a live channel to a push domain, and report its recordings."""

import pulumi

from pulumi_livepull import byteplus

config = pulumi.Config()

channel = byteplus.PullToPushTask(
    "channel",
    type=0,
    src_addr="https://play.example.org/live/channel.flv",
    domain=config.require("domain"),
    app="live",
    stream="channel",
    start_time=config.require("startTime"),
    end_time=config.require("endTime"),
)

recordings = byteplus.Callback(
    "recordings",
    message_type="record",
    vhost=config.require("vhost"),
    app="live",
    callback_urls=["https://hooks.example.org/recordings"],
    auth_enable=True,
    auth_key_primary=config.require_secret("callbackKey"),
)

pulumi.export("task", channel.id)
pulumi.export("status", channel.status)
pulumi.export("callback", recordings.id)
