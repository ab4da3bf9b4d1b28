"""What was made or changed in part is in the state as it is, and the next `up` completes it."""

from concurrent.futures import ThreadPoolExecutor

from pulumi_livepull.emulator import Emulator
from tests.engine.crashes import apart
from tests.engine.stacks import Json, Stack, by_id, days_from_now, spelled, tasks
from tests.engine.taps import Tap

TIMES = f'start_time="{spelled(days_from_now(-1))}", end_time="{spelled(days_from_now(2))}"'
OLD = f"""
from pulumi_livepull import alicloud, volcengine

def within(**timeouts):
    return pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(**timeouts))

alicloud.LivePullToPush(
    "interrupted",
    source_type="live",
    source_protocol="rtmp",
    source_urls=["rtmp://play.example.org/live/1"],
    dst_url="rtmp://push.example.com/live/1",
    {TIMES},
)
huaweicloud.RecordCallback(
    "slow",
    publish_domain="push.example.com",
    app="live",
    notify_callback_url="https://hooks.example.org/1",
    opts=within(update="30s"),
)
"""
DOOMED = """
alicloud.RecordNotifyConfig(
    "doomed",
    domain_name="push.example.com",
    notify_url="https://hooks.example.org/1",
    opts=within(delete="30s"),
)
"""
NEW = f"""
huaweicloud.PullTask(
    "denied",
    source_type="PullVodPushLive",
    source_urls=["https://vod.example.org/1.mp4"],
    domain="push.example.com",
    app_name="live",
    stream_name="denied",
    running=False,
)
volcengine.PullToPushTask(
    "late",
    type=0,
    src_addr="rtmp://play.example.org/live/1",
    domain="push.example.com",
    app="live",
    stream="late",
    running=False,
    opts=within(create="30s"),
    {TIMES},
)
"""
CHANGED = OLD.replace("play.example.org/live/1", "play.example.org/live/2").replace(
    "hooks.example.org/1", "hooks.example.org/2"
)


FAULTS = {
    "RestartLivePullToPush": "deny",
    "ModifyPullTask": "deny",
    "StopPullToPushTask": "throttle",
    "UpdateRecordCallbackConfig": "throttle",
    "DeleteLiveRecordNotifyConfig": "throttle",
}
SAID = [
    "huaweicloud.PullTask cn-north-4/{denied} was created, but: APIG.0306",
    "volcengine.PullToPushTask default/{late} was created, but: FlowLimitExceeded",
    "The task has its new settings but is stopped. Set `running` to true to restart it.",
    "huaweicloud.RecordCallback update failed: APIG.0308",
    "alicloud.RecordNotifyConfig delete failed: Throttling.User",
]


def outputs(stack: Stack) -> dict[str, Json]:
    return {name: resource["outputs"] for name, resource in stack.resources.items()}


def left_unfinished(stack: Stack, emulator: Emulator, tap: Tap) -> None:
    """Bring up the new program where each resource fails in its own way, and look at the state."""
    for operation, fault in FAULTS.items():
        settings = {"retry_after": 60} if fault == "throttle" else {}
        emulator.arm(fault, operation, **settings)
    stack.program(CHANGED, NEW)
    failed = stack.up("--continue-on-error", fails=True)
    made = {"denied": by_id(stack, "denied"), "late": by_id(stack, "late")}
    assert [words for words in SAID if words.format(**made) not in failed.text] == []
    assert {operation: tap.calls.count(operation) for operation in FAULTS} == dict.fromkeys(
        FAULTS, 1
    ), "a time that is too short for what the vendor asks is not waited for"
    state = outputs(stack)
    assert state["denied"]["running"] is state["late"]["running"] is True
    assert state["denied"]["taskId"] == made["denied"] == tasks(emulator)[0]["task_id"]
    assert state["interrupted"]["sourceUrls"] == ["rtmp://play.example.org/live/2"]
    assert state["interrupted"]["status"] == "stopped"
    assert state["slow"]["notifyCallbackUrl"] == "https://hooks.example.org/1"
    assert "doomed" in state


def test_what_was_left_unfinished_is_in_the_state_and_the_next_up_completes_it(
    blank: Stack,
) -> None:
    """Denied or out of time; a refresh in between loses nothing, and reports what is off air."""

    def live(name: str) -> None:
        with apart(blank, name) as (stack, emulator, tap):
            stack.program(OLD, DOOMED)
            stack.up()
            tap.clear()
            left_unfinished(stack, emulator, tap)
            if name == "refreshed":
                # The engine compares after it read, so that the diff tells it too.
                message = "\n".join(stack.refresh().said("warning"))
                assert (
                    f"{stack.resources['interrupted']['id']} is stopped. Set `running`" in message
                )
            tap.clear()
            stack.up()
            assert sorted(tap.calls) == sorted(
                [*FAULTS, "UpdateLivePullToPush"]
                if name == "direct"
                else FAULTS.keys() - {"RestartLivePullToPush"}
            )
            assert set(stack.preview().plan.values()) == {"same"}
            (live,) = emulator.alicloud.state.regions["cn-shanghai"]
            assert live["TaskStatus"] == (1 if name == "direct" else 3)
            assert len(tasks(emulator)) == len(list(emulator.volcengine.state.tasks)) == 1

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(live, ("direct", "refreshed"))) == [None, None]


LOST = """
def relay(name):
    huaweicloud.PullTask(
        name,
        source_type="PullVodPushLive",
        source_urls=["https://vod.example.org/1.mp4"],
        destination_url="rtmp://push.example.com/live/" + name,
    )

relay("one")
relay("two")
"""


def test_the_next_run_finds_out_whether_an_unanswered_create_took_effect(blank: Stack) -> None:
    """One was created and one was not; neither has to be named, and none is created twice."""

    def live(verb: str) -> None:
        with apart(blank, f"lost-{verb}") as (stack, emulator, tap):
            emulator.arm("fail_after", "CreatePullTask")
            emulator.arm("fail", "CreatePullTask")
            tap.at("CreatePullTask", lambda: emulator.arm("deny", "ListPullTasks", 2))
            stack.program(LOST)
            failed = stack.up("--continue-on-error", fails=True)
            assert failed.text.count("Looking for it failed, too") == 2, failed.text
            assert len(tasks(emulator)) == 1
            assert all(each["id"].startswith("unanswered/") for each in stack.resources.values())
            stack.command(verb, "--yes", "--stack", "dev")
            assert len(tasks(emulator)) == len(stack.resources) == (2 if verb == "up" else 0)
            assert {by_id(stack, name) for name in stack.resources} == {
                task["task_id"] for task in tasks(emulator)
            }
            assert tap.calls.count("CreatePullTask") == (3 if verb == "up" else 2)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(live, ("up", "destroy"))) == [None, None]
