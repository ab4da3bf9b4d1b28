"""What goes wrong is said in one message that helps, and the state holds what exists."""

import socket
from concurrent.futures import ThreadPoolExecutor

from pulumi_livepull.emulator import Emulator
from tests.engine.stacks import PROJECT, REGION, Stack, by_id, callbacks, tasks, writes

WORKERS = 6
"""A failed operation often waits 5 idle seconds for Pulumi's own language host to end."""

PLAYER = """
player = huaweicloud.PullTask(
    "player",
    source_type="PullVodPushLive",
    source_urls=["https://vod.example.org/1.mp4"],
    domain="push.example.com",
    app_name="live",
    stream_name="loop",
)
"""
RECORDINGS = """
huaweicloud.RecordCallback(
    "recordings",
    publish_domain="push.example.com",
    app="live",
    notify_callback_url="https://hooks.example.org/recordings",
    opts=pulumi.ResourceOptions(depends_on=[player]),
)
"""


def test_a_failure_keeps_what_was_created_and_the_next_up_completes_it(
    stack: Stack, emulator: Emulator
) -> None:
    """The error is one message: the operation, the vendor's words, and what to do."""
    stack.program(PLAYER, RECORDINGS)
    emulator.arm("deny", "CreateRecordCallbackConfig")
    failed = stack.up(fails=True)
    (said,) = [message for message in failed.said("error") if "APIG" in message]
    assert "huaweicloud.RecordCallback create failed: APIG.0306 " in said
    assert "API access denied" in said
    assert "request id" in said
    assert "Give the user of this access key the permissions for Live" in said
    assert set(stack.resources) == {"player"}
    assert callbacks(emulator) == []

    assert stack.up().plan == {"player": "same", "recordings": "create"}
    assert len(tasks(emulator)) == len(callbacks(emulator)) == 1


def test_a_create_whose_answer_is_lost_makes_one_task_and_succeeds(
    stack: Stack, emulator: Emulator
) -> None:
    """The task is found by its inputs and adopted; it is never created twice."""
    stack.program(PLAYER)
    emulator.arm("lose_reply", "CreatePullTask")
    stack.up()
    assert writes(emulator) == ["CreatePullTask"]
    (task,) = tasks(emulator)
    assert by_id(stack, "player") == task["task_id"]
    assert stack.up().plan == {"player": "same"}


def test_a_run_that_goes_on_past_errors_ends_even_if_the_vendor_throttles_everything(
    stack: Stack, emulator: Emulator
) -> None:
    """Each call has a time limit, however long a pause the vendor wants; nothing is lost."""
    recordings = RECORDINGS.replace("depends_on=[player]", "")
    stack.program(PLAYER, recordings)
    stack.up()
    stack.configure("maxRetrySeconds", "2")
    stack.program(PLAYER.replace("1.mp4", "2.mp4"), recordings.replace("/recordings", "/others"))
    emulator.arm("throttle", times=1000, retry_after=60)
    failed = stack.up("--continue-on-error", fails=True)
    throttled = [message for message in failed.said("error") if "APIG.0308" in message]
    assert ["livepull:requestsPerSecond" in message for message in throttled] == [True, True]
    assert set(stack.resources) == {"player", "recordings"}


WRONG_ID = f'huaweicloud.PullTask.get("found", "{REGION}/nowhere")'

WRONG: list[tuple[str, dict[str, str | None], list[str]]] = [
    (
        PLAYER,
        {"huaweicloudSecretKey": "not-the-secret"},
        ["create failed: APIG.0301", "HTTP 401", "Check the access key, its secret"],
    ),
    (
        PLAYER,
        {"huaweicloudAccessKey": None, "huaweicloudSecretKey": None},
        [
            "huaweicloud: no access key found. Looked at config livepull:huaweicloudAccessKey",
            "HUAWEICLOUD_SDK_AK",
            "Run: pulumi config set --secret livepull:huaweicloudAccessKey <key>",
        ],
    ),
    (
        PLAYER,
        {"huaweicloudRegion": None},
        ["no region", "pulumi config set livepull:huaweicloudRegion <region>"],
    ),
    (
        PLAYER,
        {"maxRetries": "0", "huaweicloudEndpoint": "http://127.0.0.1:{closed}"},
        ["create failed: cannot reach 127.0.0.1", "config livepull:huaweicloudEndpoint"],
    ),
    (
        PLAYER,
        {},
        ["LIVE.103011019", "Add push.example.com as an ingest domain", "set `region`"],
    ),
    (
        WRONG_ID,
        {},
        [
            f'huaweicloud.PullTask: there is no "{REGION}/nowhere"',
            "Write the id as region/id",
        ],
    ),
]


def test_what_a_user_has_to_correct_is_named_with_what_to_do(
    stack: Stack, emulator: Emulator
) -> None:
    """Keys, region, an address that does not answer, a domain the account lacks, a wrong id."""
    emulator.seed({"huaweicloud": {"domains": ["other.example.com"]}})
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = str(closed.getsockname()[1])

    def fail(number: int) -> tuple[str, Stack]:
        program, settings, _ = WRONG[number]
        copy = stack.copy(stack.folder.with_name(f"wrong-{number}"))
        copy.program(program)
        for setting, value in settings.items():
            copy.configure(setting, value and value.replace("{closed}", port))
        return copy.up(fails=True).text, copy

    with ThreadPoolExecutor(WORKERS) as pool:
        message = pool.map(fail, range(len(WRONG)))
    for (_, settings, words), (text, copy) in zip(WRONG, message, strict=True):
        assert [word for word in words if word not in text] == [], (settings, text)
        assert "not-the-secret" not in text
        assert copy.resources == {}
    assert tasks(emulator) == []


BAD_INPUTS = {
    """
    huaweicloud.PullTask(
        "shapes",
        source_type="PullEverything",
        source_urls=["https://vod.example.org/1.mp4", "not an address"],
        domain="push.example.com",
        end_time="2030-01-31T20:00:00",
        vod_loop_time="often",
        vod_start_video_index=-1,
    )
    """: {
        "sourceType": "must be one of",
        "sourceUrls[1]": 'must be a full address such as rtmp://host/app/stream, not "not an',
        "endTime": "needs a UTC offset",
        "vodLoopTime": "must be a whole number",
        "vodStartVideoIndex": "must be at least 0",
    },
    """
    huaweicloud.PullTask(
        "rules",
        source_type="PullLivePushLive",
        source_urls=["https://play.example.org/a.flv", "https://play.example.org/b.flv"],
        start_time="2030-01-31T20:00:00Z",
        end_time="2030-01-31T19:00:00Z",
        running=True,
    )
    """: {
        "sourceUrls": "must be one address for a live source",
        "endTime": "must be later than `startTime`",
        "domain": "set `domain` or `destinationUrl`",
        "running": "is only for file tasks",
    },
    """
    huaweicloud.PullTask(
        "past",
        source_type="PullLivePushLive",
        source_urls=["https://play.example.org/a.flv"],
        destination_url="rtmp://push.example.com/live/a",
        end_time="2020-01-31T19:00:00Z",
    )
    """: {"endTime": "has passed: give a time in the future"},
    """
    huaweicloud.RecordCallback(
        "recordings",
        publish_domain="",
        app="",
        notify_callback_url="/recordings",
        sign_type="SHA1",
    )
    """: {
        "publishDomain": "",
        "app": "",
        "notifyCallbackUrl": "must be a full address",
        "signType": "must be one of",
    },
}


def test_all_that_is_wrong_with_a_resource_is_reported_at_once_and_nothing_is_sent(
    stack: Stack, emulator: Emulator
) -> None:
    """Each failure is one line that names the resource and the property, even in a preview."""

    def fail(program: str) -> list[str]:
        copy = stack.copy(stack.folder.with_name(f"bad-{list(BAD_INPUTS).index(program)}"))
        copy.program(program)
        return copy.preview(fails=True).said("error")

    with ThreadPoolExecutor(WORKERS) as pool:
        messages = pool.map(fail, BAD_INPUTS)
    for expected, errors in zip(BAD_INPUTS.values(), messages, strict=True):
        assert len(errors) == len(expected), errors
        assert not [line for line in errors if "should" in line], "pydantic's words, not ours"
        for prop, reason in expected.items():
            # Of a path inside a value, and of none, the engine would print `<nil>`.
            wheres = f" has a problem: {prop} ", f"property {prop} value {{"
            told_of = [line for line in errors if any(where in line for where in wheres)]
            assert [line for line in told_of if reason in line], errors
            assert not [line for line in errors if "<nil>" in line]
    assert list(emulator.journal) == []


def test_get_reads_what_exists_and_changes_nothing(stack: Stack, emulator: Emulator) -> None:
    """Not even when the stack that reads it is destroyed."""
    emulator.seed(
        {
            "huaweicloud": {
                "tasks": {
                    PROJECT: [
                        {
                            "task_id": "7864b3dc",
                            "source_type": "PullVodPushLive",
                            "source_urls": ["https://vod.example.org/1.mp4"],
                            "destination_url": "rtmp://push.example.com/live/loop",
                        }
                    ]
                }
            }
        }
    )
    stack.program(
        f"""
        found = huaweicloud.PullTask.get("found", "{REGION}/7864b3dc")
        pulumi.export("sources", found.source_urls)
        pulumi.export("status", found.status)
        """
    )
    assert stack.up().plan == {"found": "read"}
    assert stack.outputs == {"sources": ["https://vod.example.org/1.mp4"], "status": "running"}
    assert writes(emulator) == []
    assert stack.destroy().plan == {"found": "discard"}
    assert len(tasks(emulator)) == 1


def test_a_conflict_names_what_to_adopt_and_adopt_takes_it_over(
    stack: Stack, emulator: Emulator
) -> None:
    """The existing callback becomes part of the stack and gets its settings; no second one is
    created.
    """
    program = """
    huaweicloud.RecordCallback(
        "recordings",
        publish_domain="push.example.com",
        app="live",
        notify_callback_url="https://hooks.example.org/recordings",
        {adopt}
    )
    """
    existing = {
        "id": "b0a1",
        "publish_domain": "push.example.com",
        "app": "live",
        "notify_callback_url": "https://old.example.org/",
    }
    emulator.seed({"huaweicloud": {"callbacks": {PROJECT: [existing]}}})
    stack.program(program.format(adopt=""))
    refused = stack.up(fails=True).text
    assert "LIVE.103011018" in refused
    assert f'set `adopt` to "{REGION}/b0a1"' in refused
    assert stack.resources == {}

    stack.program(program.format(adopt=f'adopt="{REGION}/b0a1",'))
    assert stack.up().plan == {"recordings": "create"}
    (callback,) = callbacks(emulator)
    assert (callback["id"], by_id(stack, "recordings")) == ("b0a1", "b0a1")
    assert callback["notify_callback_url"] == "https://hooks.example.org/recordings"

    stack.program(program.format(adopt=""))
    emulator.journal.clear()
    stack.up()
    assert writes(emulator) == [], "later, adopt means nothing and may go"
    assert stack.destroy().plan == {"recordings": "delete"}
    assert callbacks(emulator) == []
