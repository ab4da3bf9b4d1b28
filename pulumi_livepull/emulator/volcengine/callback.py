"""Callbacks: where Live reports streams, snapshots and recordings.

Pages: UpdateCallback, DescribeCallback, DeleteCallback. There is no separate create action.
"""

from datetime import UTC, datetime

from pulumi_livepull.emulator.fields import (
    Fields,
    list_of,
    map_of,
    matching,
    one_of,
    text,
    to_wire,
    truth,
    whole,
)
from pulumi_livepull.emulator.refusal import Invalid
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.volcengine.call import Call
from pulumi_livepull.emulator.volcengine.pull_to_push import in_china
from pulumi_livepull.emulator.volcengine.refusal import not_found

# What a deletion with a space and a type, but without an app, deletes. Assumption A092: also those
# of the `apps`, as the page of 2023 says, but of no other type. The page of 2024-12 requires the
# scope given at creation, which would be only that `scope`, and the page of 2023 could also mean
# the whole `space`.
DELETE_REACHES = "apps"
DETAIL: Fields = {"CallbackType": one_of("HTTP"), "URL": matching("https?://.{1,93}", "an address")}
SCOPE: Fields = {
    "Vhost": text(1, 255),
    "Domain": text(1, 255),
    # Empty means all.
    "App": matching("[A-Za-z0-9_.-]{0,30}", "at most 30 letters, digits, _, - and ."),
    "MessageType": one_of("push", "push_end", "snapshot", "record", "audit_snapshot"),
}
CALLBACK: Fields = {
    **SCOPE,
    # Assumption A093: at least one, at most ten.
    "CallbackDetailList": list_of(map_of(DETAIL, required=DETAIL), 1, 10),
    "AuthEnable": truth,
    "AuthKeyPrimary": text(0, 255),
    "TranscodeCallback": whole(0, 1),
}
REQUIRED = ("MessageType", "CallbackDetailList")
DEFAULTS: Thing = {
    "Vhost": "",
    "Domain": "",
    "App": "",
    "AuthEnable": False,
    "AuthKeyPrimary": "",
    "TranscodeCallback": 0,
}


def update(call: Call) -> None:
    """UpdateCallback: creates a callback, or overwrites it completely."""
    given = call.body(CALLBACK, REQUIRED)
    _check_scope(given)
    if given.get("AuthEnable") and not given.get("AuthKeyPrimary"):
        raise Invalid("AuthKeyPrimary is required where AuthEnable is true")
    if "Domain" in given:
        call.state.need_domain(given["Domain"])
    callback = make(given, call.now)
    before = call.state.callbacks.find(key(callback))
    # Assumption A094: an overwritten callback keeps its creation time.
    times = {name: before[name] for name in ("CreateTime", "CreateTimeUTC")} if before else {}
    call.state.callbacks.put(key(callback), {**callback, **times}, hidden_reads=call.hidden_reads)


def describe(call: Call) -> Thing:
    """DescribeCallback: an item does not contain its domain.

    Assumption A095: a callback of a domain shows an empty Vhost.
    """
    wanted = _read_scope(call)
    found = [each for each in call.state.callbacks.read().values() if _matches(each, wanted)]
    return {
        "CallbackList": [
            {name: value for name, value in callback.items() if name != "Domain"}
            for callback in found
        ]
    }


def delete(call: Call) -> None:
    """DeleteCallback: without MessageType, all types; `DELETE_REACHES` applies without App."""
    wanted = _read_scope(call)
    if "Vhost" in wanted and "App" not in wanted and "MessageType" in wanted:
        if DELETE_REACHES == "scope":
            wanted["App"] = ""
        elif DELETE_REACHES == "space":
            del wanted["MessageType"]
    found = [each for each in call.state.callbacks if _matches(each, wanted)]
    if not found:
        raise not_found("callback")
    for callback in found:
        call.state.callbacks.remove(key(callback))


def make(given: Thing, now: int) -> Thing:
    """A callback with every field."""
    # Assumption A096: the format of CreateTime; the page defines only that of CreateTimeUTC.
    times = {
        "CreateTime": in_china(now),
        "CreateTimeUTC": to_wire(datetime.fromtimestamp(now, UTC)),
    }
    return {**DEFAULTS, **times, **given}


def key(callback: Thing) -> str:
    """The key that identifies it."""
    return "|".join(callback[name] for name in SCOPE)


def _read_scope(call: Call) -> Thing:
    given = call.body(SCOPE)
    _check_scope(given)
    return {name: value for name, value in given.items() if value}


def _check_scope(given: Thing) -> None:
    if ("Vhost" in given) is ("Domain" in given):
        raise Invalid("give Vhost or Domain, and not both")
    if "Domain" in given and given.get("App"):
        raise Invalid("App goes with Vhost, not with Domain")


def _matches(callback: Thing, wanted: Thing) -> bool:
    return all(callback[name] == value for name, value in wanted.items())
