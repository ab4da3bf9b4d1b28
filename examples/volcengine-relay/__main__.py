"""Play files one after another as a live stream, and report its recordings."""

import pulumi

from pulumi_livepull import volcengine

config = pulumi.Config()

playlist = volcengine.PullToPushTask(
    "playlist",
    type=1,
    vod_src_addrs=[
        {"src_addr": "https://files.example.org/opening.mp4", "end_offset": 30},
        {"src_addr": "https://files.example.org/feature.mp4"},
    ],
    cycle_mode=-1,
    domain=config.require("domain"),
    app="live",
    stream="playlist",
    start_time=config.require("startTime"),
    end_time=config.require("endTime"),
)

recordings = volcengine.Callback(
    "recordings",
    message_type="record",
    vhost=config.require("vhost"),
    app="live",
    callback_urls=["https://hooks.example.org/recordings"],
    auth_enable=True,
    auth_key_primary=config.require_secret("callbackKey"),
)

pulumi.export("task", playlist.id)
pulumi.export("status", playlist.status)
pulumi.export("callback", recordings.id)
