"""A channel round the clock, and another that follows a calendar."""

from datetime import datetime, timedelta
from pathlib import Path

import pulumi

from pulumi_livepull import huaweicloud, windows

domain = pulumi.Config().require("domain")

news = huaweicloud.PullTaskSchedule(
    "news",
    source_type="PullLivePushLive",
    source_urls=["rtmp://studio.example.org/live/news"],
    domain=domain,
    app_name="live",
    stream_name="news",
    windows=windows.continuous(
        datetime(2026, 1, 4, 4), length=timedelta(days=6), time_zone="Europe/Berlin"
    ),
)
matches = huaweicloud.PullTaskSchedule(
    "matches",
    source_type="PullLivePushLive",
    source_urls=["rtmp://arena.example.org/live/pitch"],
    domain=domain,
    app_name="live",
    stream_name="matches",
    windows=windows.from_calendar(Path(__file__).with_name("matches.ics")),
)

pulumi.export("tasks", {"news": news.task_ids, "matches": matches.task_ids})
