"""Stacks live: made, left alone, changed, composed, and taken away."""

from datetime import timedelta, timezone

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import (
    PROJECT,
    REGION,
    Stack,
    by_id,
    callbacks,
    days_from_now,
    remove_task,
    spelled,
    tasks,
    writes,
)

END = days_from_now(1)

LIVE = """
live = huaweicloud.PullTask(
    "live",
    source_type="PullLivePushLive",
    source_urls=["{source}"],
    domain="push.example.com",
    app_name="live",
    stream_name="channel",
    end_time="{end}",
    callback_events={events},
)
"""
FILES = """
files = huaweicloud.PullTask(
    "files",
    source_type="PullVodPushLive",
    source_urls={urls},
    domain="push.example.com",
    app_name="live",
    stream_name="loop",
    vod_loop_time=3,
)
"""
RECORDINGS = """
recordings = huaweicloud.RecordCallback(
    "recordings",
    publish_domain="push.example.com",
    app="live",
    notify_callback_url="{url}",
    notify_event_subscription=["RECORD_FILE_COMPLETE", "RECORD_FAILED"],
)
"""
EXPORTS = """
pulumi.export("task", live.id)
pulumi.export("status", live.status)
pulumi.export("rounds", files.vod_loop_time)
pulumi.export("events", recordings.notify_event_subscription)
"""


def live(
    source: str = "https://play.example.org/live/a.flv",
    end: str = spelled(END),
    events: tuple[str, ...] = ("TaskStart", "TaskExit"),
) -> str:
    return LIVE.format(source=source, end=end, events=list(events))


def files(*urls: str) -> str:
    return FILES.format(urls=list(urls or ("https://vod.example.org/1.mp4",)))


def recordings(url: str = "https://hooks.example.org/recordings") -> str:
    return RECORDINGS.format(url=url)


def everything(plan: str) -> dict[str, str]:
    return dict.fromkeys(("live", "files", "recordings"), plan)


def test_a_stack_comes_up_and_a_second_up_changes_nothing(stack: Stack, emulator: Emulator) -> None:
    """The vendor has the inputs, the outputs match, and nothing differs afterwards."""
    stack.program(live(), files(), recordings(), EXPORTS)
    assert stack.up().plan == everything("create")

    relay, player = sorted(tasks(emulator), key=lambda task: task["source_type"])
    assert (
        relay.items()
        >= {
            "task_id": by_id(stack, "live"),
            "region": REGION,
            "source_type": "PullLivePushLive",
            "source_urls": ["https://play.example.org/live/a.flv"],
            "domain": "push.example.com",
            "app_name": "live",
            "stream_name": "channel",
            "end_time": spelled(END),
            "callback_events": ["TaskExit", "TaskStart"],
        }.items()
    )
    assert (
        player.items()
        >= {
            "task_id": by_id(stack, "files"),
            "source_type": "PullVodPushLive",
            "source_urls": ["https://vod.example.org/1.mp4"],
            "stream_name": "loop",
            "vod_loop_time": "3",
            "end_time": "",
        }.items()
    )
    (callback,) = callbacks(emulator)
    assert (
        callback.items()
        >= {
            "id": by_id(stack, "recordings"),
            "publish_domain": "push.example.com",
            "app": "live",
            "notify_callback_url": "https://hooks.example.org/recordings",
            "notify_event_subscription": ["RECORD_FAILED", "RECORD_FILE_COMPLETE"],
            "key": "",
        }.items()
    )
    assert stack.outputs == {
        "task": f"{REGION}/{relay['task_id']}",
        "status": "running",
        "rounds": 3,
        "events": ["RECORD_FAILED", "RECORD_FILE_COMPLETE"],
    }
    assert (
        stack.resources["live"]["outputs"].items()
        >= {
            "projectId": PROJECT,
            "region": REGION,
            "taskId": relay["task_id"],
            "createTime": relay["create_time"],
        }.items()
    )

    emulator.journal.clear()
    assert stack.up().plan == everything("same")
    assert list(emulator.journal) == []


def test_changes_update_in_place_where_the_vendor_can_and_replace_a_live_task(
    stack: Stack, emulator: Emulator
) -> None:
    """A live task is deleted before its replacement is created: two would fight over the stream."""
    stack.program(live(), files(), recordings())
    stack.up()
    before = stack.resources
    emulator.journal.clear()

    stack.program(
        live(
            end=END.astimezone(timezone(timedelta(hours=8))).isoformat(),
            events=("TaskExit", "TaskStart"),
        ),
        files(),
        recordings(),
    )
    assert stack.preview().plan == everything("same"), "another spelling of the same is no change"

    stack.program(
        live(source="https://play.example.org/live/b.flv"),
        files("https://vod.example.org/2.mp4", "https://vod.example.org/1.mp4"),
        recordings("https://hooks.example.org/v2"),
    )
    changed = stack.up()
    assert changed.plan == {"live": "replace", "files": "update", "recordings": "update"}
    assert set(changed.changed("live")) == {"sourceUrls"}
    assert set(changed.changed("files")) == {"sourceUrls"}
    assert set(changed.changed("recordings")) == {"notifyCallbackUrl"}

    calls = writes(emulator)
    assert sorted(calls) == [
        "CreatePullTask",
        "DeletePullTask",
        "ModifyPullTask",
        "UpdateRecordCallbackConfig",
    ]
    assert calls.index("DeletePullTask") < calls.index("CreatePullTask")
    after = stack.resources
    assert after["live"]["id"] != before["live"]["id"]
    assert after["files"]["id"] == before["files"]["id"]
    assert after["recordings"]["id"] == before["recordings"]["id"]
    player, relay = tasks(emulator)
    assert relay["source_urls"] == ["https://play.example.org/live/b.flv"]
    assert player["source_urls"] == [
        "https://vod.example.org/2.mp4",
        "https://vod.example.org/1.mp4",
    ]
    assert player["vod_loop_time"] == "3"
    assert callbacks(emulator)[0]["notify_callback_url"] == "https://hooks.example.org/v2"
    assert stack.preview().plan == everything("same")


def test_resources_compose_and_a_preview_forgives_what_it_cannot_know(
    stack: Stack, emulator: Emulator
) -> None:
    """Outputs of new resources may be inputs, whole or within a list; `up` resolves them all."""
    stack.program(
        """
        from pulumi import dynamic

        class Namer(dynamic.ResourceProvider):
            def create(self, props):
                return dynamic.CreateResult("named", {"name": "night", "rounds": 2})

        class Name(dynamic.Resource):
            name: pulumi.Output[str]
            rounds: pulumi.Output[int]

            def __init__(self, name):
                super().__init__(Namer(), name, {"name": None, "rounds": None})

        chosen = Name("chosen")
        first = huaweicloud.PullTask(
            "first",
            source_type="PullVodPushLive",
            source_urls=[
                "https://vod.example.org/intro.mp4",
                pulumi.Output.concat("https://vod.example.org/", chosen.name, ".mp4"),
            ],
            domain="push.example.com",
            app_name="live",
            stream_name=chosen.name,
            vod_loop_time=chosen.rounds,
        )
        second = huaweicloud.PullTask(
            "second",
            source_type="PullLivePushLive",
            source_urls=pulumi.Output.all(first.task_id).apply(
                lambda ids: [f"https://play.example.org/{ids[0]}.flv"]
            ),
            destination_url=pulumi.Output.concat("rtmp://push.example.com/live/", first.id),
        )
        huaweicloud.RecordCallback(
            "third",
            publish_domain=first.domain.apply(lambda domain: domain or ""),
            app=second.task_id,
            notify_callback_url="https://hooks.example.org/recordings",
        )
        pulumi.export("second", second.source_urls)
        """
    )
    planned = stack.preview()
    assert planned.plan == dict.fromkeys(("first", "second", "third"), "create")
    assert list(emulator.journal) == []
    assert not planned.said("warning")

    stack.up()
    first, second = tasks(emulator)
    assert first["source_urls"] == [
        "https://vod.example.org/intro.mp4",
        "https://vod.example.org/night.mp4",
    ]
    assert (first["stream_name"], first["vod_loop_time"]) == ("night", "2")
    assert second["source_urls"] == [f"https://play.example.org/{first['task_id']}.flv"]
    assert second["destination_url"] == f"rtmp://push.example.com/live/{REGION}/{first['task_id']}"
    assert stack.outputs == {"second": second["source_urls"]}
    (callback,) = callbacks(emulator)
    assert (callback["publish_domain"], callback["app"]) == ("push.example.com", second["task_id"])
    assert set(stack.preview().plan.values()) == {"same"}


def test_destroy_removes_everything_even_what_is_gone_already(
    stack: Stack, emulator: Emulator
) -> None:
    """Neither a task that someone else deleted nor an empty stack is an error."""
    stack.program(live(), files(), recordings())
    stack.up()
    remove_task(emulator, by_id(stack, "live"))
    assert stack.destroy().plan == everything("delete")
    assert tasks(emulator) == callbacks(emulator) == []
    assert stack.resources == {}
    assert stack.destroy().plan == {}
