"""Relay one channel to four clouds at once."""

import pulumi

from pulumi_livepull import alicloud, huaweicloud, tencentcloud, volcengine

config = pulumi.Config()
domain = config.require("domain")
source = "https://play.example.org/live/channel.flv"
start, end = config.require("startTime"), config.require("endTime")

on_huawei = huaweicloud.PullTask(
    "huawei",
    source_type="PullLivePushLive",
    source_urls=[source],
    destination_url=f"rtmp://huawei.{domain}/live/channel",
    start_time=start,
    end_time=end,
)
on_alibaba = alicloud.LivePullToPush(
    "alibaba",
    source_type="live",
    source_protocol="http-flv",
    source_urls=[source],
    dst_url=f"rtmp://alibaba.{domain}/live/channel",
    start_time=start,
    end_time=end,
)
on_volcengine = volcengine.PullToPushTask(
    "volcengine",
    type=0,
    src_addr=source,
    dst_addr=f"rtmp://volcengine.{domain}/live/channel",
    start_time=start,
    end_time=end,
)
on_tencent = tencentcloud.PullStreamTask(
    "tencent",
    source_type="PullLivePushLive",
    source_urls=[source],
    to_url=f"rtmp://tencent.{domain}/live/channel",
    start_time=start,
    end_time=end,
)

pulumi.export("tasks", [on_huawei.id, on_alibaba.id, on_volcengine.id, on_tencent.id])
