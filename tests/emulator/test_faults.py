"""Each fault does what its name says, for as many calls as it was armed for, and no more."""

import json

import pytest

TASK = "/pull/stream/task"
LIVE = {
    "source_type": "PullLivePushLive",
    "source_urls": ["rtmp://play.example.com/live/s1"],
    "destination_url": "rtmp://push.example.com/live/s1",
}


VOD = {**LIVE, "source_type": "PullVodPushLive"}


def count(call) -> int:
    return len(list(call.emulator.huaweicloud.state.projects["0123456789abcdef" * 2].tasks))


def test_throttle_refuses_and_may_say_when_to_return(call) -> None:
    """429 APIG.0308; the request has no effect."""
    call.emulator.arm("throttle", "CreatePullTask", retry_after=2)
    reply = call("POST", TASK, LIVE)
    assert (reply.status_code, reply.json()["error_code"]) == (429, "APIG.0308")
    assert reply.headers["Retry-After"] == "2"
    assert count(call) == 0


def test_deny_refuses(call) -> None:
    """403 in the gateway's envelope; the request has no effect."""
    call.emulator.arm("deny")
    reply = call("POST", TASK, LIVE)
    assert reply.status_code == 403
    assert reply.json()["request_id"] == reply.headers["X-request-id"]
    assert count(call) == 0


def test_lose_reply_does_the_work_and_loses_the_answer(call) -> None:
    """In-process the body is empty; the task exists."""
    call.emulator.arm("lose_reply", "CreatePullTask")
    reply = call("POST", TASK, LIVE)
    assert reply.content == b""
    assert int(reply.headers["Content-Length"]) > 0
    assert count(call) == 1


@pytest.mark.parametrize(("fault", "made"), [("fail", 0), ("fail_after", 1)])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_fail_answers_in_html(call, fault: str, made: int, status: int) -> None:
    """As a proxy does, before or after the request takes effect."""
    call.emulator.arm(fault, "CreatePullTask", status=status)
    reply = call("POST", TASK, LIVE)
    assert (reply.status_code, reply.headers["Content-Type"][:9]) == (status, "text/html")
    assert count(call) == made


def test_garble_does_the_work_and_cuts_the_answer(call) -> None:
    """Status 200 with invalid JSON."""
    call.emulator.arm("garble", "CreatePullTask")
    reply = call("POST", TASK, LIVE)
    assert reply.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        reply.json()
    assert count(call) == 1


def test_drop_field_leaves_a_field_out_of_the_answer_and_its_items(call) -> None:
    """Everything else stays."""
    call("POST", TASK, LIVE)
    call.emulator.arm("drop_field", "ListPullTasks", times=2, name="task_id")
    reply = call("GET", TASK).json()
    assert reply["total"] == 1
    assert "task_id" not in reply["task_infos"][0]
    assert "status" in reply["task_infos"][0]
    assert call("GET", TASK).headers["Content-Length"]
    assert "task_id" in call("GET", TASK).json()["task_infos"][0]


def test_delay_hides_a_new_thing_from_the_next_reads(call) -> None:
    """Reads lag behind; writes already find it, and do not make it visible."""
    call.emulator.arm("delay", reads=2)
    assert call("GET", TASK).status_code == 200
    task_id = call("POST", TASK, VOD).json()["task_id"]
    assert call("GET", TASK).json()["total"] == 0
    assert call("PUT", TASK, {"task_id": task_id}).status_code == 200
    assert [call("GET", TASK).json()["total"] for _ in range(2)] == [0, 1]


def test_a_fault_waits_for_its_operation_and_is_then_spent(call) -> None:
    """Other calls pass; after `times` calls, all pass."""
    call.emulator.arm("throttle", "CreatePullTask", times=2)
    assert call("GET", TASK).status_code == 200
    statuses = [call("POST", TASK, LIVE).status_code for _ in range(3)]
    assert statuses == [429, 429, 200]


def test_an_unsigned_call_does_not_spend_a_fault(call) -> None:
    """A fault is for the client under test."""
    call.emulator.arm("deny")
    assert call.http.get(f"/v1/p{TASK}").status_code == 401
    assert call("GET", TASK).status_code == 403


def test_a_reset_disarms(call) -> None:
    """The next test starts without faults."""
    call.emulator.arm("deny")
    call.emulator.reset()
    assert call("GET", TASK).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"fault": "explode"}, "no fault 'explode'; known: throttle"),
        ({"fault": "deny", "operation": "CreateTask"}, "no operation 'CreateTask'; known: Create"),
        ({"fault": "deny", "status": 403}, "no setting of deny 'status'"),
        ({"fault": "deny", "times": 0}, "times must be"),
        ({"fault": "fail", "status": 404}, "status must be 500, 502 or 503"),
        ({"fault": "throttle", "retry_after": "2"}, "retry_after must be"),
        ({"fault": "drop_field"}, "drop_field needs name"),
        ({"fault": "delay", "reads": 0}, "reads must be"),
        ({"fault": "delay", "operation": "ListPullTasks"}, "no meaning for ListPullTasks"),
    ],
)
def test_what_cannot_be_armed_is_refused_in_clear_words(call, arguments, words: str) -> None:
    """In Python and over HTTP."""
    with pytest.raises(ValueError, match=words.replace("(", ".")):
        call.emulator.arm(**arguments)
    reply = call.emulator.app.test_client().post("/_emulator/faults", json=arguments)
    assert reply.status_code == 400
    assert words in reply.get_json()["error"]
