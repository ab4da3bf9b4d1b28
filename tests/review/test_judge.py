"""What each step of a plan does to what is on air, when, and why."""

from typing import Any

import pytest

from pulumi_livepull.core.resource import Resource
from pulumi_livepull.review.judge import judge
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.alicloud.record_notify_config import RecordNotifyConfig
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask
from tests.hosting import NOW
from tests.review.plans import (
    ALICLOUD,
    HUAWEI,
    LATER,
    OPEN,
    OVER,
    SECRET,
    VOLCENGINE,
    Json,
    only,
    plan,
    reviewed,
    step,
)

OTHER = {"sourceUrls": ["rtmp://play.example.com/live/two"]}
FILES = HUAWEI | {"sourceType": "PullVodPushLive"}
EXTENDED = {"endTime": "2030-01-01T16:00:00Z"}
anywhere = pytest.mark.parametrize("dynamic", [False, True], ids=["plugin", "dynamic"])


@anywhere
@pytest.mark.parametrize(
    ("kind", "op", "old", "new", "state", "effect", "how"),
    [
        (PullTask, "create", None, HUAWEI | OPEN, {}, "starts", "goes on air"),
        (
            *(PullTask, "create", None, HUAWEI | LATER, {}),
            *("is planned", "goes on air when its window opens"),
        ),
        (
            *(PullToPushTask, "create", None, VOLCENGINE | OPEN | {"running": False}, {}),
            *("nothing", "is stopped, so nothing happens on air"),
        ),
        (
            *(PullTask, "create", None, HUAWEI | OPEN | {"adopt": "cn-north-4/1"}, {}),
            *("nothing", "is taken into the stack"),
        ),
        (
            *(PullTask, "import", HUAWEI | OPEN, HUAWEI | OPEN, {}),
            *("nothing", "is taken into the stack"),
        ),
        (PullTask, "delete", HUAWEI | OPEN, None, {}, "goes off air", "goes off air for good"),
        (
            *(PullTask, "delete", HUAWEI | LATER, None, {}),
            *("is cancelled", "is cancelled before its window opens"),
        ),
        (
            *(PullTask, "delete", HUAWEI | OVER, None, {}),
            *("nothing", "has ended, so nothing happens on air"),
        ),
        (
            *(PullToPushTask, "delete", VOLCENGINE | OPEN, None, {"status": "stopped"}),
            *("nothing", "is stopped, so nothing happens on air"),
        ),
        (
            *(PullTask, "replace", HUAWEI | OPEN, HUAWEI | OPEN | OTHER, {}),
            *("goes off air", "goes off air while it is replaced"),
        ),
        (
            *(PullTask, "replace", HUAWEI | OPEN, HUAWEI | LATER, {}),
            *("goes off air", "goes off air until its new window opens"),
        ),
        (
            *(PullTask, "replace", HUAWEI | LATER, HUAWEI | LATER | OTHER, {}),
            *("nothing", "is not on air yet, so nothing happens on air"),
        ),
        (
            *(PullTask, "replace", HUAWEI | LATER, HUAWEI | OPEN, {}),
            *("starts", "goes on air"),
        ),
        (
            *(PullTask, "replace", HUAWEI | OVER, HUAWEI | LATER, {}),
            *("is planned", "goes on air when its window opens"),
        ),
        (
            *(LivePullToPush, "update", ALICLOUD | OPEN, ALICLOUD | OPEN | OTHER, {}),
            *("restarts", "is interrupted: stopped, changed and restarted"),
        ),
        (
            *(LivePullToPush, "update", ALICLOUD | OPEN, ALICLOUD | OPEN | {"running": False}, {}),
            *("stops", "is stopped and goes off air"),
        ),
        (
            *(PullTask, "update", FILES | OPEN, FILES | OPEN | EXTENDED, {}),
            *("moves", "ends later"),
        ),
        (
            *(PullToPushTask, "update", VOLCENGINE | OPEN, VOLCENGINE | OPEN | {"title": "x"}, {}),
            *("nothing", "changes without an interruption"),
        ),
    ],
)
def test_a_step_has_one_effect_on_air(
    kind: type[Resource],
    op: str,
    old: Json | None,
    new: Json | None,
    state: Json,
    effect: str,
    how: str,
    dynamic: bool,
) -> None:
    """In both hosts, although a dynamic provider's plan does not list what differs."""
    details = {} if dynamic or op not in {"update", "replace"} else _details(old or {}, new or {})
    change = only(step(op, "main", kind, old, new, dynamic=dynamic, state=state, **details))
    assert (change.effect, change.how) == (effect, how)


def _details(old: Json, new: Json) -> Json:
    changed = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    return {"detailedDiff": {name: {"kind": "update"} for name in changed}}


def test_the_worst_comes_first() -> None:
    """The first row alone shows whether a stream goes off air."""
    review = reviewed(
        step("create", "new", new=HUAWEI | LATER | {"streamName": "new"}),
        step("update", "b", LivePullToPush, ALICLOUD | OPEN, ALICLOUD | OPEN | OTHER),
        step("delete", "gone", old=HUAWEI | LATER | {"streamName": "gone"}),
        step("same", "kept", old=HUAWEI | OPEN, new=HUAWEI | OPEN),
        step("delete", "dark", old=HUAWEI | OPEN | {"streamName": "dark"}),
    )
    assert [change.name for change in review.changes] == ["dark", "gone", "b", "new"]
    assert review.unchanged == 1


def test_what_is_retained_stays_on_air() -> None:
    """The vendor keeps it, although the stack no longer manages it."""
    gone = step("delete", "main", old=HUAWEI | OPEN)
    gone["oldState"]["retainOnDelete"] = True
    change = only(gone)
    assert (change.effect, change.how) == ("nothing", "leaves the stack and stays as it is")


@anywhere
def test_a_secret_is_named_and_never_shown(dynamic: bool) -> None:
    """Both hosts warn which secret input changed, and of which stream."""
    said = (
        "alicloud.LivePullToPush push.example.com/live (vendor/main) goes off air until it is made "
        f"again, because `{'dst_url' if dynamic else 'dstUrl'}` (secret) changed"
    )
    diagnostic = {
        "message": f"livepull: {said}\n\n" if dynamic else f"warning: {said}\n",
        "severity": "info#err" if dynamic else "warning",
    }
    inputs = ALICLOUD | OPEN
    details = {} if dynamic else {"detailedDiff": {"dstUrl": {"kind": "update-replace"}}}
    replaced = step("replace", "main", LivePullToPush, inputs, inputs, dynamic=dynamic, **details)
    change = only(replaced, diagnostics=[diagnostic])
    assert change.why == ["`dstUrl` (secret)"]
    assert change.stream == "push.example.com/live"
    assert change.warned == []


def test_without_a_word_of_it_every_secret_may_have_changed() -> None:
    """A dynamic provider's plan may show an update without any difference."""
    inputs = ALICLOUD | OPEN
    change = only(step("update", "main", LivePullToPush, inputs, inputs, dynamic=True))
    assert change.why == ["`dstUrl` (secret)"]


def test_an_encrypted_value_is_a_secret_too() -> None:
    """States hold encrypted values, and so do the plans of some versions."""
    sealed = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    inputs = ALICLOUD | OPEN | {"dstUrl": {**sealed, "ciphertext": "abc"}}
    change = only(step("delete", "main", LivePullToPush, inputs))
    assert (change.effect, change.title) == ("goes off air", "main")


def test_a_time_that_is_not_known_yet_is_not_a_window() -> None:
    """It may come from another resource."""
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    new = HUAWEI | OPEN | {"startTime": unknown, "endTime": unknown}
    review = reviewed(step("create", "main", new=new))
    assert review.airings == []
    (change,) = review.changes
    assert (change.effect, change.how, change.after) == (
        "is planned",
        "goes on air at a time that is not known yet",
        None,
    )
    old = HUAWEI | LATER
    moved = only(step("replace", "main", old=old, new=old | {"startTime": unknown}))
    assert (moved.effect, moved.how) == ("moves", "gets a window that is not known yet")


def test_a_relay_without_a_start_is_on_air_at_once() -> None:
    """A relay without an end never ends."""
    change = only(step("create", "main", new=HUAWEI))
    assert change.effect == "starts"
    assert change.after is not None
    assert change.after.start is change.after.end is None


def test_the_times_that_the_vendor_chose_stay_in_an_update() -> None:
    """Leaving an input out does not change it."""
    old = VOLCENGINE | {"title": "a"}
    change = only(
        step("update", "main", PullToPushTask, old, VOLCENGINE | {"title": "b"}, state=OPEN)
    )
    assert change.before == change.after


WARNED = [
    ("pushes to the same stream at the same time as x: they will interrupt one another", "fight"),
    ("pushArgs is signed only until 2030-01-01T13:00:00Z, before the task ends", "expiry"),
    ("sourceUrls[0] is a private address, which the cloud cannot reach", "unreachable"),
    ("sourceUrls[0] names a host only: the stream or file is missing", "other"),
]


@pytest.mark.parametrize(("text", "kind"), WARNED)
def test_a_warning_of_a_provider_belongs_to_its_resource(text: str, kind: str) -> None:
    """Even if the resource itself does not change."""
    inputs = HUAWEI | OPEN
    urn = step("same", "main")["urn"]
    said = [{"urn": urn, "severity": "warning", "message": f"warning: main: {text}\n"}]
    change = only(step("create", "main", new=inputs), diagnostics=said)
    assert change.warned == [(kind, text)]
    review = reviewed(step("same", "main", old=inputs, new=inputs), diagnostics=said)
    assert review.warnings == [(kind, f"push.example.com/live/main: {text}")]


def test_relays_of_two_stacks_that_push_to_one_stream_fight() -> None:
    """No single provider sees both of them."""
    one = plan(step("create", "main", new=HUAWEI | LATER))
    other = plan(step("same", "old", old=HUAWEI | LATER, new=HUAWEI | LATER, stack="west"))
    review = judge([one, other], NOW)
    assert [warned.kind for warned in review.warned] == ["fight"]
    assert '"old" of stack tv/west' in review.changes[0].warned[0].text
    elsewhere = plan(step("create", "new", new=HUAWEI | OPEN, stack="west"))
    assert judge([one, elsewhere], NOW).warned == []


def windows(*hours: tuple[int, int]) -> list[Json]:
    """Windows of one stream on one day, each from an hour to an hour."""
    return [
        HUAWEI | {"startTime": f"2030-01-02T{a:02}:00:00Z", "endTime": f"2030-01-02T{b:02}:00:00Z"}
        for a, b in hours
    ]


def test_a_window_that_is_taken_out_leaves_a_gap() -> None:
    """The deletion causes a warning; the time after the last window is not a gap."""
    first, middle, last = windows((8, 10), (10, 12), (12, 14))
    review = reviewed(
        step("same", "first", old=first, new=first),
        step("delete", "middle", old=middle),
        step("same", "last", old=last, new=last),
    )
    assert review.changes[0].warned == [("gap", 'leaves a gap of 2 h between "first" and "last"')]
    end = reviewed(
        step("same", "first", old=first, new=first), step("delete", "middle", old=middle)
    )
    assert end.warned == []


def test_windows_that_nearly_touch_are_meant_to() -> None:
    """Ten minutes between two new windows count as a gap, three hours do not."""
    first, last = windows((8, 10), (13, 14))
    near = HUAWEI | {"startTime": "2030-01-02T10:10:00Z", "endTime": "2030-01-02T12:00:00Z"}
    far = reviewed(step("create", "a", new=first), step("create", "b", new=last))
    assert far.warned == []
    close = reviewed(step("create", "a", new=first), step("create", "b", new=near))
    assert [(each.kind, each.text) for each in close.warned] == [
        ("gap", 'leaves a gap of 10 min between "a" and "b"')
    ]


def test_windows_of_a_schedule_with_a_secret_address_are_one_stream() -> None:
    """The plan does not contain the address."""
    times = [
        {"startTime": f"2030-01-02T{a:02}:00:00Z", "endTime": f"2030-01-02T{a + 1:02}:00:00Z"}
        for a in (8, 9, 10)
    ]
    inputs = [HUAWEI | {"domain": None, "destinationUrl": SECRET} | each for each in times]
    schedule = "livepull:huaweicloud:PullTaskSchedule"
    steps = [
        step(op, f"day-{at}", old=old, new=old if op == "same" else None, parents=schedule)
        for at, (op, old) in enumerate(zip(("same", "delete", "same"), inputs, strict=True))
    ]
    assert [warned.kind for warned in reviewed(*steps).warned] == ["gap"]


@pytest.mark.parametrize(
    ("kind", "inputs", "sentence"),
    [
        (
            RecordCallback,
            {"publishDomain": "push.example.com", "app": "live"},
            ("notifyCallbackUrl", "push.example.com/live", "Recordings"),
        ),
        (
            RecordNotifyConfig,
            {"domainName": "live.example.com"},
            ("notifyUrl", "live.example.com", "Recordings"),
        ),
        (
            Callback,
            {"messageType": "record", "vhost": "main", "app": "live"},
            ("callbackUrls", "main/live/record", "record"),
        ),
    ],
)
def test_a_callback_says_what_goes_where_from_now_on(
    kind: type[Resource], inputs: Json, sentence: tuple[str, str, str]
) -> None:
    """Without the user and the query of an address, which may be keys."""
    field, source, events = sentence

    def at(path: str) -> Any:
        url = f"https://user:hush@hooks.example.org/{path}?token=hush"
        return [url] if field == "callbackUrls" else url

    old, new = inputs | {field: at("1")}, inputs | {field: at("2")}
    (found,) = reviewed(step("update", "callback", kind, old, new)).callbacks
    assert found.source == source
    assert found.reported == events
    assert found.how == (
        "will be reported to https://hooks.example.org/2 instead of https://hooks.example.org/1"
    )
    (made,) = reviewed(step("create", "callback", kind, new=new)).callbacks
    assert made.how == "will be reported to https://hooks.example.org/2"
    (gone,) = reviewed(step("delete", "callback", kind, old)).callbacks
    assert gone.how == "will no longer be reported to https://hooks.example.org/1"
    hidden = inputs | {field: SECRET}
    (same,) = reviewed(step("update", "callback", kind, hidden, hidden, dynamic=True)).callbacks
    assert same.how == "will be reported to another secret address"


def test_what_is_neither_relay_nor_callback_is_a_change_without_effect() -> None:
    """For example, a group of tasks."""
    change = only(step("create", "sports", PullToPushGroup, new={"name": "sports"}))
    assert (change.effect, change.how, change.title) == ("nothing", "is new", "sports")


# What a fuzz of plans and a careful reader found.


IDLE = {"status": "idle"}


def test_a_status_from_before_the_window_hides_nothing() -> None:
    """Until a refresh, a state may say `idle` although the relay has long been on air."""
    change = only(step("delete", "opera", LivePullToPush, ALICLOUD | OPEN, state=IDLE))
    assert change.effect == "goes off air"


@pytest.mark.parametrize("before", ["refresh", "update", "same"])
def test_what_is_done_counts_more_than_what_a_refresh_found(before: str) -> None:
    """With --refresh, a plan has two steps for one relay."""
    old = HUAWEI | OPEN
    found = step(before, "main", old=old, new=old)
    assert only(found, step("delete", "main", old=old)).effect == "goes off air"
    replaced = step("replace", "main", old=old, new=old | OTHER)
    assert only(found, replaced).effect == "goes off air"


def test_what_a_replacement_left_behind_is_a_relay_of_its_own() -> None:
    """It has the same name as the new one, but another id."""
    old = HUAWEI | OPEN
    left = step("delete", "main", old=old)
    left["oldState"]["id"] = "vendor/left"
    review = reviewed(step("same", "main", old=old, new=old), left)
    assert [change.effect for change in review.changes] == ["goes off air"]
    assert review.unchanged == 1


def test_a_relay_that_changes_its_stream_leaves_the_old_one_dark() -> None:
    """The old stream goes off air for good, and the new one gets its windows."""
    old = HUAWEI | OPEN
    change = only(step("replace", "main", old=old, new=old | {"streamName": "other"}))
    assert change.title == "push.example.com/live/main"
    assert change.how == "goes off air for good, and becomes push.example.com/live/other"
    first, middle, last = windows((8, 10), (10, 12), (12, 14))
    review = reviewed(
        step("same", "first", old=first, new=first),
        step("replace", "middle", old=middle, new=middle | {"streamName": "other"}),
        step("same", "last", old=last, new=last),
    )
    assert [warned.kind for warned in review.warned] == ["gap"]


def test_stacks_of_two_projects_are_two() -> None:
    """Even if both are named `live`."""
    one = plan(step("create", "main", new=HUAWEI | LATER))
    raw = step("create", "main", new=HUAWEI | LATER)
    raw["urn"] = raw["urn"].replace("::tv::", "::radio::")
    review = judge([one, plan(raw)], NOW)
    assert [warned.kind for warned in review.warned] == ["fight"]
    assert review.stacks == ["tv/live", "radio/live"]


def test_what_is_retained_fights_with_its_replacement() -> None:
    """The vendor keeps the old one."""
    kept = step("replace", "main", old=HUAWEI | OPEN, new=HUAWEI | OPEN | OTHER)
    kept["oldState"]["retainOnDelete"] = True
    assert [warned.kind for warned in only(kept).warned] == ["fight"]


def test_a_gap_that_gets_smaller_is_not_a_new_one() -> None:
    """It existed before."""
    first, last = windows((8, 10), (11, 12))
    near = first | {"endTime": "2030-01-02T10:50:00Z"}
    nearer = first | {"endTime": "2030-01-02T10:55:00Z"}
    kept = step("same", "last", old=last, new=last)
    assert reviewed(step("replace", "first", old=near, new=nearer), kept).warned == []
    assert reviewed(step("replace", "first", old=nearer, new=near), kept).warned != []


def test_a_gap_is_between_those_that_touch_it() -> None:
    """A short window within a longer one does not touch it."""
    long, short, last = windows((10, 20), (11, 12), (20, 22))
    late = last | {"startTime": "2030-01-02T20:00:20Z"}
    review = reviewed(
        step("same", "long", old=long, new=long),
        step("same", "short", old=short, new=short),
        step("replace", "last", old=last, new=late),
    )
    gaps = [warned.text for warned in review.warned if warned.kind == "gap"]
    assert gaps == ['leaves a gap of 20 s between "long" and "last"']


def test_a_difference_of_outputs_only_is_none() -> None:
    """A plan of the plugin may list one."""
    inputs = FILES | OPEN
    changed = {"detailedDiff": {"status": {"kind": "update"}}}
    assert only(step("update", "main", old=inputs, new=inputs, **changed)).effect == "nothing"


def test_an_adoption_of_an_id_that_is_not_known_yet_is_one() -> None:
    """An empty id is not an adoption."""
    unknown = {"adopt": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}
    assert only(step("create", "main", new=HUAWEI | OPEN | unknown)).effect == "nothing"
    assert only(step("create", "main", new=HUAWEI | OPEN | {"adopt": ""})).effect == "starts"


def test_a_callback_names_what_is_no_longer_reported() -> None:
    """An event, or the domain it was for."""
    inputs = {
        "publishDomain": "push.example.com",
        "app": "live",
        "notifyCallbackUrl": "https://hooks.example.org/1",
        "notifyEventSubscription": ["RECORD_FAILED", "RECORD_OVER"],
    }
    fewer = inputs | {"notifyEventSubscription": ["RECORD_OVER"]}
    (found,) = reviewed(step("update", "c", RecordCallback, inputs, fewer)).callbacks
    assert found.reported == "RECORD_OVER (no longer RECORD_FAILED)"
    moved = inputs | {"publishDomain": "other.example.com"}
    (found,) = reviewed(step("replace", "c", RecordCallback, inputs, moved)).callbacks
    assert found.source == "other.example.com/live"
    assert "those of push.example.com/live no longer" in found.how
    kept = step("delete", "c", RecordCallback, inputs)
    kept["oldState"]["retainOnDelete"] = True
    (found,) = reviewed(kept).callbacks
    assert found.how == "will still be reported to https://hooks.example.org/1"


@pytest.mark.parametrize(
    ("kind", "inputs", "shown"),
    [
        (PullToPushTask, {"dstAddr": "rtmp://h.example.com/app/K3Y/"}, "h.example.com/app"),
        (PullToPushTask, {"dstAddr": "rtmp://h.example.com/app;K3Y/x"}, "h.example.com/app"),
        (LivePullToPush, {"dstUrl": "rtmp://h.example.com/app//K3Y//"}, "h.example.com/app"),
        (PullTask, {"streamName": "s?auth_key=K3Y"}, "push.example.com/live/s"),
    ],
)
def test_no_spelling_of_an_address_shows_its_key(
    kind: type[Resource], inputs: Json, shown: str
) -> None:
    """Neither in a review nor in a preview, which shares its messages."""
    base = {PullToPushTask: {"type": 0}, LivePullToPush: ALICLOUD, PullTask: HUAWEI}[kind]
    change = only(step("delete", "main", kind, base | OPEN | inputs))
    assert change.title == shown
    assert "K3Y" not in repr(change)


@pytest.mark.parametrize("blamed", ["kept", "twin"])
def test_a_fight_belongs_to_the_relay_that_changes(blamed: str) -> None:
    """Whichever of the two the provider checked last."""
    other = "twin" if blamed == "kept" else "kept"
    text = (
        f'pushes to the same stream at the same time as huaweicloud.PullTask "{other}": they will '
        "interrupt one another. Give one of them another stream or another time"
    )
    urn = step("same", blamed)["urn"]
    said = [{"urn": urn, "severity": "warning", "message": f"warning: {blamed}: {text}\n"}]
    review = reviewed(
        step("same", "kept", old=HUAWEI | OPEN, new=HUAWEI | OPEN),
        step("create", "twin", new=HUAWEI | OPEN),
        diagnostics=said,
    )
    assert review.warnings == []
    (warned,) = review.changes[0].warned
    assert warned.kind == "fight"
    assert 'huaweicloud.PullTask "kept": they will interrupt one another' in warned.text
