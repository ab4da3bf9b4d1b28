"""The channels of channels.csv, each relayed to its stream on one of three clouds."""

import csv
from pathlib import Path

import pulumi

from pulumi_livepull import alicloud, huaweicloud, volcengine

domain = pulumi.Config().require("domain")


def relay(channel: dict[str, str]) -> pulumi.CustomResource:
    """Relay one channel: a row with its cloud, source and window."""
    name, source = channel["name"], channel["source"]
    times = {"start_time": channel["start"], "end_time": channel["end"]}
    stream = {"domain": f"{channel['cloud']}.{domain}", "stream": channel["stream"]}
    match channel["cloud"]:
        case "huawei":
            return huaweicloud.PullTask(
                name,
                source_type="PullLivePushLive",
                source_urls=[source],
                domain=stream["domain"],
                app_name="live",
                stream_name=stream["stream"],
                **times,
            )
        case "alibaba":
            return alicloud.LivePullToPush(
                name,
                source_type="live",
                source_protocol="rtmp",
                source_urls=[source],
                dst_url=f"rtmp://{stream['domain']}/live/{stream['stream']}",
                **times,
            )
    return volcengine.PullToPushTask(name, type=0, src_addr=source, app="live", **stream, **times)


with Path(__file__).with_name("channels.csv").open(encoding="utf-8") as file:
    relays = [relay(channel) for channel in csv.DictReader(file)]

huaweicloud.RecordCallback(
    "recordings",
    publish_domain=f"huawei.{domain}",
    app="live",
    notify_callback_url="https://hooks.example.org/recordings",
)
