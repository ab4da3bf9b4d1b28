"""The control routes, the journal and the page: useful, for this machine alone, without secrets."""

import re

import pytest
from flask.testing import FlaskClient

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors import NAMES

TASK, CALLBACKS = "/pull/stream/task", "/record/callbacks"
SECRET = "S3CRET"
SECRET_TASK = {
    "source_type": "PullVodPushLive",
    "source_urls": [f"https://user:{SECRET}@vod.example.com/1.mp4", f"https://v.cn/2?t={SECRET}"],
    "destination_url": f"rtmp://push.example.com/live/{SECRET}?auth_key={SECRET}",
    "push_args": f"token={SECRET}",
    "callback_url": f"hook.example.com/x?token={SECRET}",
}
SECRET_CALLBACK = {
    "publish_domain": "push.example.com",
    "app": "*",
    "key": SECRET * 6,
    "notify_callback_url": f"https://hook.example.com/?token={SECRET}",
}


@pytest.fixture
def client(emulator: Emulator) -> FlaskClient:
    return emulator.app.test_client()


@pytest.fixture
def busy(call, emulator: Emulator) -> Emulator:
    """An emulator that holds secrets and was sent some more in vain."""
    assert call("POST", TASK, SECRET_TASK).status_code == 200
    assert call("POST", CALLBACKS, SECRET_CALLBACK).status_code == 201
    call(
        "POST", TASK, {"password": SECRET, "domain": {"key": SECRET}, "stream_name": f"s?{SECRET}"}
    )
    call("GET", TASK, token=SECRET)
    call.http.post(f"/v1/p{TASK}", content=SECRET.encode())
    return emulator


def test_the_journal_holds_no_secret(busy: Emulator, client: FlaskClient) -> None:
    """Secrets are hidden before an entry is written, even for refused and unsigned requests."""
    assert len(busy.journal) == 5
    assert SECRET not in repr(list(busy.journal))
    assert SECRET not in client.get("/_emulator/journal").text


def test_the_state_route_shows_no_secret(busy: Emulator, client: FlaskClient) -> None:
    """It shows only whether a key is set."""
    state = client.get("/_emulator/state")
    assert SECRET not in state.text
    (callbacks,) = state.get_json()["huaweicloud"]["callbacks"].values()
    assert callbacks[0]["key"] == "[hidden]"


def test_the_page_shows_what_there_is_but_no_secret(busy: Emulator, client: FlaskClient) -> None:
    """Hosts are shown; keys, queries and push paths are hidden."""
    html = client.get("/").text
    assert SECRET not in html
    assert "rtmp://push.example.com/[hidden]" in html
    assert "CreateRecordCallbackConfig" in html


def test_the_page_escapes_what_it_shows(call, client: FlaskClient) -> None:
    """A stream name is shown as text, never as markup."""
    task = {**SECRET_TASK, "destination_url": "", "domain": "d", "app_name": "a"}
    assert call("POST", TASK, {**task, "stream_name": "<script>x"}).status_code == 200
    html = client.get("/").text
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html


def test_the_page_of_an_empty_emulator_says_how_to_begin(client: FlaskClient) -> None:
    """It has no empty tables."""
    assert "No requests yet" in client.get("/").text


def test_the_journal_says_what_was_asked_and_answered(call, emulator: Emulator) -> None:
    """One entry for each request, with the vendor's name for the operation."""
    emulator.arm("throttle")
    call("GET", TASK, limit=5)
    call("GET", "/nothing")
    throttled, unknown = emulator.journal
    assert (throttled.operation, throttled.status, throttled.fault) == (
        *("ListPullTasks", 429),
        "throttle",
    )
    assert (throttled.error_code, throttled.query) == ("APIG.0308", {"limit": "5"})
    assert (unknown.operation, unknown.status) == (None, 501)


def test_a_form_is_in_the_journal_as_a_json_body_is(emulator: Emulator, client) -> None:
    """Without secrets: some of Alibaba's SDKs send their parameters as a form."""
    client.post("/?Action=DescribeLivePullToPush", data={"Region": "cn-shanghai", "DstUrl": SECRET})
    (entry,) = emulator.journal
    assert entry.body["Region"] == "cn-shanghai"
    assert SECRET not in str(entry)


def test_a_fault_without_a_name_names_the_field(client: FlaskClient) -> None:
    """The message also lists the valid names."""
    reply = client.post("/_emulator/faults", json={"operation": "CreatePullTask"})
    assert reply.status_code == 400
    assert reply.get_json()["error"].startswith('the field "fault" is missing; known faults: thr')


def test_the_journal_is_bounded(emulator: Emulator, client: FlaskClient) -> None:
    """The oldest entries are dropped."""
    for _ in range(1001):
        client.get("/v1/p/x")
    assert len(emulator.journal) == 1000


@pytest.mark.parametrize("path", ["/", "/_emulator/state", "/_emulator/journal"])
def test_another_host_name_is_refused(client: FlaskClient, path: str) -> None:
    """A web page must not reach the emulator through a name that it controls (DNS rebinding)."""
    assert client.get(path, headers={"Host": "evil.example.com:8080"}).status_code == 403
    for host in ("localhost:8080", "127.0.0.1:8080", "[::1]:8080"):
        assert client.get(path, headers={"Host": host}).status_code == 200


def test_another_origin_is_refused(client: FlaskClient) -> None:
    """A web page must not reach it through our host name from its own origin either."""
    headers = {"Origin": "https://evil.example.com"}
    assert client.post("/_emulator/reset", headers=headers).status_code == 403
    assert (
        client.post("/_emulator/reset", headers={"Origin": "http://localhost"}).status_code == 200
    )


def test_a_seeded_state_can_be_read_and_seeded_again(call, emulator: Emulator, client) -> None:
    """The state has the format of a seed."""
    seed = {"huaweicloud": {"tasks": {"0123456789abcdef" * 2: [SECRET_TASK, SECRET_TASK]}}}
    assert client.post("/_emulator/seed", json=seed).status_code == 200
    before = call("GET", TASK).json()["task_infos"]
    snapshot = emulator.huaweicloud.snapshot()
    emulator.reset()
    emulator.seed({"huaweicloud": snapshot})
    assert call("GET", TASK).json()["task_infos"] == before
    assert len(before) == 2


@pytest.mark.parametrize(
    "seed",
    [
        {"othercloud": {}},
        {"huaweicloud": {"streams": []}},
        {"huaweicloud": {"domains": "push.example.com"}},
        {"huaweicloud": {"tasks": {"p": {}}}},
        {"huaweicloud": {"tasks": {"p": [{"colour": "red"}]}}},
        {"huaweicloud": {"tasks": {"p": [{"end_time": 5}]}}},
        {"huaweicloud": {"tasks": {"p": ["task"]}}},
        {"huaweicloud": []},
        [],
    ],
)
def test_a_seed_that_cannot_be_read_is_refused(client: FlaskClient, seed: object) -> None:
    """400 with a message, and nothing is added."""
    reply = client.post("/_emulator/seed", json=seed)
    assert (reply.status_code, "error" in reply.get_json()) == (400, True)


def test_the_clock_can_be_moved_over_http(emulator: Emulator, client: FlaskClient) -> None:
    """Set, advance, and a reset that undoes both."""
    assert client.post("/_emulator/clock", json={"now": "2026-01-01T00:00:00Z"}).status_code == 200
    moved = client.post("/_emulator/clock", json={"advance_seconds": 90}).get_json()
    assert moved == {"now": "2026-01-01T00:01:30+00:00", "frozen": True}
    for wrong in ({}, {"now": "soon"}, {"now": "2026-01-01T00:00:00"}, {"advance_seconds": 1e30}):
        assert client.post("/_emulator/clock", json=wrong).status_code == 400
    client.post("/_emulator/reset")
    assert client.get("/_emulator/clock").get_json()["now"] == "2025-01-02T03:04:05+00:00"


def test_coverage_admits_what_is_not_emulated(client: FlaskClient) -> None:
    """Each row links to a page, and no operation is listed twice."""
    rows = client.get("/_emulator/coverage").get_json()
    emulated = {(row["vendor"], row["operation"]): row["emulated"] for row in rows}
    assert len(emulated) == len(rows)
    assert emulated["huaweicloud", "CreatePullTask"] is True
    assert emulated["huaweicloud", "CreateStreamForbidden"] is False
    assert emulated["alicloud", "CreateLivePullToPush"] is True
    assert emulated["alicloud", "AddLiveDomain"] is False
    assert emulated["volcengine", "UpdateCallback"] is True
    assert emulated["byteplus", "CreateRelaySourceV4"] is True
    assert ("byteplus", "UpdatePullToPushGroup") not in emulated
    assert all(re.search("api-|docs/|/api/", row["page"]) for row in rows)


def test_health_answers(client: FlaskClient) -> None:
    """For scripts that wait for the emulator."""
    assert client.get("/_emulator/health").get_json() == {"ok": True, "vendors": list(NAMES)}


def test_a_card_is_headed_by_the_stream_that_people_look_for(
    emulator: Emulator, client: FlaskClient
) -> None:
    """By an id only if there is nothing better; a push address may contain a key."""
    task = {"source_type": "PullLivePushLive", "source_urls": ["rtmp://play.example.com/live/1"]}
    named = {"domain": "push.example.com", "app_name": "live", "stream_name": "channel"}
    by_address = {"destination_url": "rtmp://push.example.com/live/stream-key"}
    emulator.seed({"huaweicloud": {"tasks": {"0123456789abcdef" * 2: [task | named]}}})
    emulator.seed({"huaweicloud": {"tasks": {"0123456789abcdef" * 2: [task | by_address]}}})
    heads = re.findall(r"<p>\s*<code>(.*?)</code>", client.get("/").text)
    assert heads == ["rtmp://push.example.com/[hidden]", "push.example.com/live/channel"]
