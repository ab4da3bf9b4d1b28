"""A stack in the plugin: previews show the truth, and Pulumi's own options do what they say."""

from tests.engine.stacks import SECRET_MARK, Stack, days_from_now, spelled

TIMES = f'start_time="{spelled(days_from_now(-1))}", end_time="{spelled(days_from_now(2))}"'
FIRST = f"""
from pulumi_livepull import volcengine

player = huaweicloud.PullTask(
    "player",
    source_type="PullVodPushLive",
    source_urls=["https://vod.example.org/1.mp4", "https://vod.example.org/2.mp4"],
    domain="push.example.com",
    app_name="live",
    stream_name="player",
    vod_start_video_time=30,
)
live = huaweicloud.PullTask(
    "live",
    source_type="PullLivePushLive",
    source_urls=["https://play.example.org/1.flv"],
    destination_url="rtmp://push.example.com/live/HUSH-stream-key",
)
recordings = huaweicloud.RecordCallback(
    "recordings",
    publish_domain="push.example.com",
    app=player.task_id,
    notify_callback_url="https://hooks.example.org/1?token=HUSH",
    notify_event_subscription=["RECORD_OVER", "RECORD_FILE_COMPLETE"],
)
files = volcengine.PullToPushTask(
    "files",
    type=1,
    vod_src_addrs=[{{"src_addr": "https://vod.example.org/1.mp4", "end_offset": 30}}],
    cycle_mode=-1,
    title="files",
    callback_url="https://hooks.example.org/1",
    domain="push.example.com",
    app="live",
    stream="files",
    {TIMES},
)
kept = huaweicloud.RecordCallback(
    "kept",
    publish_domain="push.example.com",
    app=pulumi.Output.secret("HUSH-app"),
    notify_callback_url="https://hooks.example.org/kept",
)
pulumi.export("key", live.destination_url)
pulumi.export("app", kept.app)
pulumi.export("urls", player.source_urls)
pulumi.export("task", player.task_id)
pulumi.export("made", player.create_time)
pulumi.export("status", player.status)
"""
NAMES = ("player", "live", "recordings", "files", "kept")
CHANGES = {
    # A list, whose order matters, and two options.
    '"https://vod.example.org/2.mp4"]': '"https://vod.example.org/3.mp4", "https://v.example.org/4"]',
    "vod_start_video_time=30,": "vod_loop_time=3,",
    # What only a replacement brings about.
    "https://play.example.org/1.flv": "https://play.example.org/2.flv",
    "HUSH-stream-key": "HUSH-other-key",
    # A set, and secrets.
    '["RECORD_OVER", "RECORD_FILE_COMPLETE"]': '["RECORD_FAILED", "RECORD_FILE_COMPLETE"]',
    "1?token=HUSH": "1?token=HUSH-2",
    # Objects in a list, and options that are cleared.
    '"end_offset": 30}]': '"start_offset": 5}, {"src_addr": "https://vod.example.org/2.mp4"}]',
    'title="files",': "",
}


def changed(program: str) -> str:
    for old, new in CHANGES.items():
        assert program.count(old) == 1, old
        program = program.replace(old, new)
    return program


def shown(text: str, name: str) -> str:
    """The line of an output or a property in what the engine printed."""
    lines = [
        line.split(":", 1) for line in text.splitlines() if line.strip(" +-~").startswith(name)
    ]
    return "\n".join(line[1].strip() for line in lines)


def test_a_preview_shows_the_truth(hosted: Stack) -> None:
    """Which values are known, which paths differ, and no secrets."""
    hosted.program(FIRST)
    made = hosted.preview("--diff")
    assert made.plan == dict.fromkeys(NAMES, "create")
    assert shown(made.text, "task  ") == shown(made.text, "made  ") == "[unknown]"
    assert set(shown(made.text, "app  ").split()) == {'"live"', "[unknown]", "[secret]"}
    assert shown(made.text, "urls  ") == "["
    assert shown(made.text, "destinationUrl") == "[secret]"
    hosted.up()
    assert "HUSH" not in hosted.checkpoint
    place = hosted.resources["player"]["sourcePosition"]
    assert place.startswith("project:///__main__.py#")  # The program's line, and none of ours.
    assert {name: hosted.outputs[name].keys() for name in ("key", "app")} == {
        "key": {SECRET_MARK, "ciphertext"},
        "app": {SECRET_MARK, "ciphertext"},
    }
    shown_on_demand = hosted.command("stack", "output", "--stack", "dev", "--show-secrets")
    assert "rtmp://push.example.com/live/HUSH-stream-key" in shown_on_demand
    assert "HUSH-app" in shown_on_demand

    reordered = FIRST.replace(
        '"RECORD_OVER", "RECORD_FILE_COMPLETE"', '"RECORD_FILE_COMPLETE", "RECORD_OVER"'
    )
    hosted.program(reordered)
    assert hosted.preview().plan == dict.fromkeys(NAMES, "same")

    hosted.program(changed(FIRST))
    change = hosted.preview("--diff")
    assert change.plan == {**dict.fromkeys(NAMES, "update"), "live": "replace", "kept": "same"}
    assert change.details("player") == {
        "sourceUrls[1]": "update",
        "sourceUrls[2]": "add",
        "vodLoopTime": "update",
        "vodStartVideoTime": "delete",
    }
    assert change.details("live") == {
        "sourceUrls[0]": "update-replace",
        "destinationUrl": "update-replace",
    }
    assert change.details("recordings") == {
        "notifyCallbackUrl": "update",
        "notifyEventSubscription[0]": "add",
        "notifyEventSubscription[1]": "delete",
    }
    assert change.details("files") == {
        "vodSrcAddrs[0].endOffset": "delete",
        "vodSrcAddrs[0].startOffset": "add",
        "vodSrcAddrs[1]": "add",
        "title": "delete",
    }
    assert "HUSH" not in made.text + change.text
    assert (
        '~ [1]: "https://vod.example.org/2.mp4" => "https://vod.example.org/3.mp4"' in change.text
    )
    assert "[unknown]" not in change.text.replace(" status", "")
