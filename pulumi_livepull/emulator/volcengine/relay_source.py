"""Relay sources: a domain's stream is pulled from another server, within a window or permanently.

Pages: CreateRelaySourceV4, UpdateRelaySourceV4, DeleteRelaySourceV4, ListRelaySourceV4.
"""

from typing import Any

from pulumi_livepull.emulator.fields import MAX_INT, Fields, list_of, matching, text, whole
from pulumi_livepull.emulator.refusal import Invalid
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.volcengine.call import Call
from pulumi_livepull.emulator.volcengine.paging import PAGE, page_of
from pulumi_livepull.emulator.volcengine.refusal import exists_already, not_found

# Assumption A123: a create silently replaces a source with the same key. No page says whether it
# does or is refused.
CREATE_OVERWRITES = True
LONGEST_SECONDS = 7 * 24 * 3600
APP = matching("[A-Za-z0-9_.-]{1,30}", "1 to 30 letters, digits, _, - and .")
STREAM = matching("[A-Za-z0-9_.-]{1,100}", "1 to 100 letters, digits, _, - and .")
KEY: Fields = {"Domain": text(1, 255), "App": APP, "Stream": STREAM}
SOURCE: Fields = {
    **KEY,
    # Assumption A124: addresses have the same limit as for a pull-to-push task; the page has none.
    "SrcAddrS": list_of(text(1, 1000), 1, 10),
    # Assumption A125: 0 means unset. Times in the past are accepted, because the page does not say.
    "StartTime": whole(0, MAX_INT),
    "EndTime": whole(0, MAX_INT),
}
REQUIRED = (*KEY, "SrcAddrS")
LIST: Fields = {"Domain": KEY["Domain"], **PAGE}
# Assumption A126: a permanent source shows 0 for both times.
PERMANENT: Thing = {"StartTime": 0, "EndTime": 0}


def create(call: Call) -> Thing:
    """CreateRelaySourceV4. No other operation uses the task id."""
    source = _read(call)
    call.state.need_domain(source["Domain"])
    if call.state.relay_sources.find(key(source)) and not CREATE_OVERWRITES:
        raise exists_already(f"{key(source)} has a relay source already")
    call.state.relay_sources.put(key(source), source, hidden_reads=call.hidden_reads)
    return {"TaskId": call.state.new_task_id()}


def update(call: Call) -> None:
    """UpdateRelaySourceV4: without times, the source becomes permanent."""
    source = _read(call)
    _need(call, source)
    call.state.relay_sources.put(key(source), source)


def delete(call: Call) -> None:
    """DeleteRelaySourceV4."""
    given = call.body(KEY, required=KEY)
    _need(call, given)
    call.state.relay_sources.remove(key(given))


def list_(call: Call) -> Thing:
    """ListRelaySourceV4: all of one domain, newest first (assumption A127)."""
    asked = call.body(LIST, required=("Domain",))
    call.state.need_domain(asked["Domain"])
    found = [
        source
        for source in call.state.relay_sources.read().values()
        if source["Domain"] == asked["Domain"]
    ]
    return page_of(found, asked)


def make(given: Thing) -> Thing:
    """A relay source with every field."""
    return {**PERMANENT, **given}


def key(source: Thing) -> str:
    """The key that identifies it."""
    return "/".join(source[name] for name in KEY)


def _read(call: Call) -> dict[str, Any]:
    source = make(call.body(SOURCE, REQUIRED))
    start, end = source["StartTime"], source["EndTime"]
    # Assumption A128: a single time is refused; the page mentions both or none.
    if bool(start) is not bool(end):
        raise Invalid("StartTime and EndTime come together or not at all")
    check_window(start, end)
    return source


def check_window(start: int, end: int) -> None:
    """Raise Invalid unless the end is later than the start, by at most seven days."""
    if start and end <= start:
        raise Invalid("EndTime must be later than StartTime")
    if end - start > LONGEST_SECONDS:
        raise Invalid("EndTime must be at most 7 days after StartTime")


def _need(call: Call, source: Thing) -> None:
    call.state.need_domain(source["Domain"])
    if call.state.relay_sources.find(key(source)) is None:
        raise not_found(f"relay source {key(source)}")
