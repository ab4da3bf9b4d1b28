"""What a relay task goes in with, and what comes out of it that the floors may have too."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

TOMORROW = datetime.now(UTC) + timedelta(days=1)

INPUTS: Mapping[str, Any] = {
    "source_type": "PullLivePushLive",
    "source_urls": ["https://play.example.org/live/channel.flv"],
    "domain": "push.example.com",
    "app_name": "live",
    "end_time": TOMORROW.isoformat(timespec="seconds"),
    "callback_events": ["TaskExit", "TaskStart"],
    "callback_url": "https://hooks.example.org/tasks",
}

OUTPUTS: Mapping[str, Any] = {
    "backup_source_type": None,
    "backup_source_urls": None,
    "create_time": "2030-01-01T12:00:00Z",
    "destination_url": None,
    "project_id": "0123456789abcdef0123456789abcdef",
    "push_args": None,
    "region": "cn-north-4",
    "running": None,
    "start_time": "2030-01-01T12:00:00Z",
    "status": "running",
    "task_id": "7864b3dc-e92f-42db-a754-08e627b6d8dd",
    "vod_loop_time": -1,
    "vod_refresh_type": "immediate_new_source",
    "vod_start_video_index": 0,
    "vod_start_video_time": 0,
}
"""Those that a relay task has besides its inputs, with values as long."""

ID = "cn-north-4/7864b3dc-e92f-42db-a754-08e627b6d8dd"
"""As long as a task's."""
