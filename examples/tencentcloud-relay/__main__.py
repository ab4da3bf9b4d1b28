"""Relay a live stream, and report what is recorded of it."""

import pulumi

from pulumi_livepull import tencentcloud

config = pulumi.Config()

relay = tencentcloud.PullStreamTask(
    "relay",
    source_type="PullLivePushLive",
    source_urls=[config.require("source")],
    domain_name=config.require("domain"),
    app_name="live",
    stream_name="main",
    start_time=config.require("startTime"),
    end_time=config.require("endTime"),
)

recordings = tencentcloud.CallbackTemplate(
    "recordings",
    template_name="recordings",
    record_notify_url="https://hooks.example.org/recordings",
    callback_key=config.require_secret("callbackKey"),
)

rule = tencentcloud.CallbackRule(
    "rule",
    domain_name=config.require("domain"),
    app_name="live",
    template_id=recordings.template_id,
)

pulumi.export("task", relay.id)
pulumi.export("status", relay.status)
pulumi.export("rule", rule.id)
