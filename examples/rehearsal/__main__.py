"""Relay an event from its venue, or from the backup line, and report its recording."""

import pulumi

from pulumi_livepull import huaweicloud

config = pulumi.Config()
domain = config.require("domain")

event = huaweicloud.PullTask(
    "event",
    source_type="PullLivePushLive",
    source_urls=["https://venue.example.org/live/green.flv"],
    backup_source_type="PullLivePushLive",
    backup_source_urls=["https://backup.example.org/live/orange.flv"],
    domain=domain,
    app_name="live",
    stream_name="event",
    start_time=config.require("startTime"),
    end_time=config.require("endTime"),
)

recordings = huaweicloud.RecordCallback(
    "recordings",
    publish_domain=domain,
    app="live",
    notify_callback_url=config.require("callback"),
    notify_event_subscription=["RECORD_FILE_COMPLETE"],
    sign_type="HMACSHA256",
    key=config.require_secret("callbackKey"),
)

pulumi.export("task", event.id)
