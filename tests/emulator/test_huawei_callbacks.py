"""Recording callbacks behave as the vendor's pages say, and never show their key."""

from datetime import timedelta
from typing import Any

import pytest

CALLBACKS = "/record/callbacks"
KEY = "0123456789abcdef0123456789abcdef"
WHO = {"publish_domain": "push.example.com", "app": "*"}
FULL = {
    **WHO,
    "notify_callback_url": "https://hook.example.com/record",
    "notify_event_subscription": ["RECORD_OVER", "RECORD_FAILED"],
    "sign_type": "MD5",
    "key": KEY,
}


def create(call, **callback: Any) -> dict[str, Any]:
    reply = call("POST", CALLBACKS, callback)
    assert reply.status_code == 201, reply.text
    return reply.json()


def error(reply) -> tuple[int, str]:
    assert set(reply.json()) == {"error_code", "error_msg"}
    assert reply.headers["X-request-id"]
    return reply.status_code, reply.json()["error_code"]


def test_a_new_callback_has_the_vendors_defaults(call) -> None:
    """api-live/CreateRecordCallbackConfig."""
    made = create(call, **WHO)
    assert made["notify_event_subscription"] == ["RECORD_FILE_COMPLETE"]
    assert made["sign_type"] == "HMACSHA256"
    assert made["create_time"] == made["update_time"] == "2025-01-02T03:04:05Z"


def test_the_key_is_kept_but_never_returned(call) -> None:
    """It is write-only, in every reply."""
    made = create(call, **FULL)
    path = f"{CALLBACKS}/{made['id']}"
    replies = [call("GET", CALLBACKS), call("GET", path), call("PUT", path, FULL)]
    assert "key" not in made
    assert all(KEY not in reply.text for reply in replies)
    (held,) = call.emulator.huaweicloud.snapshot()["callbacks"].popitem()[1]
    assert held["key"] == KEY


def test_show_and_list_return_what_create_returned(call) -> None:
    """In one format; an asterisk in the filter is a literal app, not a pattern."""
    made = create(call, **FULL)
    create(call, **{**WHO, "app": "live"})
    assert call("GET", f"{CALLBACKS}/{made['id']}").json() == made
    found = call("GET", CALLBACKS, app="*", publish_domain="push.example.com").json()
    assert found == {"total": 1, "callback_config": [made]}


def test_the_list_pages_by_ten(call) -> None:
    """api-live/ListRecordCallbackConfigs: limit is 10 unless given."""
    made = [create(call, **{**WHO, "app": f"app{n}"})["id"] for n in range(11)]
    page = call("GET", CALLBACKS).json()
    assert (page["total"], len(page["callback_config"])) == (11, 10)
    assert page["callback_config"][0]["id"] == made[-1]
    assert error(call("GET", CALLBACKS, offset=4097))[0] == 400


@pytest.mark.parametrize(
    "change",
    [
        {"publish_domain": ""},
        {"app": None},
        {"notify_callback_url": "hook.example.com"},
        {"notify_event_subscription": ["RECORD_START"]},
        {"sign_type": "SHA1"},
        {"key": "short"},
        {"key": "-" * 32},
        {"id": "mine"},
    ],
)
def test_a_wrong_field_is_refused(call, change: dict[str, Any]) -> None:
    """400 with the field's name; the body has no request id here."""
    reply = call("POST", CALLBACKS, {**FULL, **change})
    assert error(reply) == (400, "LIVE.100011001")
    assert next(iter(change)) in reply.json()["error_msg"]


def test_a_second_callback_for_a_domain_and_app_is_refused(call) -> None:
    """LIVE.103011018, on create and on an update that would cause it."""
    create(call, **WHO)
    other = create(call, **{**WHO, "app": "live"})
    taken = (400, "LIVE.103011018")
    assert error(call("POST", CALLBACKS, WHO)) == taken
    assert error(call("PUT", f"{CALLBACKS}/{other['id']}", WHO)) == taken
    assert call("PUT", f"{CALLBACKS}/{other['id']}", {**WHO, "app": "live"}).status_code == 200


def test_an_unknown_ingest_domain_is_refused(call) -> None:
    """404 LIVE.103011019 once domains are seeded."""
    call.emulator.seed({"huaweicloud": {"domains": []}})
    assert error(call("POST", CALLBACKS, WHO)) == (404, "LIVE.103011019")


def test_an_update_replaces_every_field(call) -> None:
    """A field that is left out returns to its default; the update time changes."""
    made = create(call, **FULL)
    call.emulator.clock.advance(timedelta(minutes=1))
    updated = call("PUT", f"{CALLBACKS}/{made['id']}", WHO).json()
    assert updated["sign_type"] == "HMACSHA256"
    assert updated["notify_callback_url"] == ""
    assert (updated["id"], updated["create_time"]) == (made["id"], made["create_time"])
    assert updated["update_time"] == "2025-01-02T03:05:05Z"
    (held,) = call.emulator.huaweicloud.snapshot()["callbacks"].popitem()[1]
    assert held["key"] == ""


def test_a_delete_answers_204_with_no_body(call) -> None:
    """api-live/DeleteRecordCallbackConfig; afterwards the id is unknown."""
    path = f"{CALLBACKS}/{create(call, **WHO)['id']}"
    reply = call("DELETE", path)
    assert (reply.status_code, reply.content) == (204, b"")
    assert error(call("GET", path))[0] == 404
    assert error(call("PUT", path, WHO))[0] == 404
    assert error(call("DELETE", path))[0] == 404
