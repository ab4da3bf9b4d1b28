"""Recording callbacks: where Live reports finished recordings.

Pages: api-live/CreateRecordCallbackConfig, ShowRecordCallbackConfig, ListRecordCallbackConfigs,
UpdateRecordCallbackConfig, DeleteRecordCallbackConfig.
"""

from pulumi_livepull.emulator.fields import (
    Fields,
    digits,
    list_of,
    matching,
    one_of,
    text,
)
from pulumi_livepull.emulator.huaweicloud.call import Answer, Call
from pulumi_livepull.emulator.huaweicloud.refusal import exists_already, invalid
from pulumi_livepull.emulator.state import Thing

EVENTS = ("RECORD_NEW_FILE_START", "RECORD_FILE_COMPLETE", "RECORD_OVER", "RECORD_FAILED")
REQUIRED = ("publish_domain", "app")
BODY: Fields = {
    "publish_domain": text(1, 255),
    "app": text(1, 128),
    # The format of the address and the key comes from the console's guide, not from the API page.
    "notify_callback_url": matching("https?://.+", "an address that starts http:// or https://"),
    "notify_event_subscription": list_of(one_of(*EVENTS), 0, len(EVENTS)),
    "sign_type": one_of("HMACSHA256", "MD5"),
    "key": matching("[A-Za-z0-9]{32,}", "at least 32 letters and digits"),
}
LIST: Fields = {
    "publish_domain": text(1, 255),
    "app": text(1, 128),
    "offset": digits(0, 4096),
    "limit": digits(1, 100),
}
DEFAULTS: Thing = {
    **dict.fromkeys(REQUIRED, ""),
    "notify_callback_url": "",
    "notify_event_subscription": ["RECORD_FILE_COMPLETE"],
    "sign_type": "HMACSHA256",
    "key": "",
}


def create(call: Call) -> Answer:
    """POST: api-live/CreateRecordCallbackConfig."""
    given = call.body(BODY, REQUIRED)
    callback_id = str(call.state.new_id("callback"))
    return 201, _put(call, make(given, callback_id, call.now))


def show(call: Call) -> Answer:
    """GET one: api-live/ShowRecordCallbackConfig."""
    call.query({})
    callback = call.project.callbacks.read().get(call.path["id"])
    if callback is None:
        raise _unknown()
    return 200, view(callback)


def list_(call: Call) -> Answer:
    """GET: api-live/ListRecordCallbackConfigs, which gives the defaults of offset and limit."""
    query = {"offset": 0, "limit": 10, **call.query(LIST)}
    wanted = {name: query[name] for name in REQUIRED if name in query}
    found = [
        view(callback)
        for callback in call.project.callbacks.read().values()
        if all(callback[name] == value for name, value in wanted.items())
    ]
    page = found[query["offset"] :][: query["limit"]]
    return 200, {"total": len(found), "callback_config": page}


def update(call: Call) -> Answer:
    """PUT: api-live/UpdateRecordCallbackConfig.

    Assumption A067: omitted fields return to their defaults, and an omitted key is cleared.
    """
    given = call.body(BODY, REQUIRED)
    before = _get(call)
    after = make(given, before["id"], call.now)
    return 200, _put(call, {**after, "create_time": before["create_time"]})


def delete(call: Call) -> Answer:
    """DELETE: api-live/DeleteRecordCallbackConfig."""
    call.query({})
    call.project.callbacks.remove(_get(call)["id"])
    return 204, None


def make(given: Thing, callback_id: str, now: str) -> Thing:
    """A callback with every field."""
    return {"id": callback_id, **DEFAULTS, "create_time": now, "update_time": now, **given}


def view(callback: Thing) -> Thing:
    """The callback as a read shows it: without its key."""
    return {name: value for name, value in callback.items() if name != "key"}


def _put(call: Call, callback: Thing) -> Thing:
    call.state.need_domain(callback["publish_domain"])
    _check_unique(call, callback)
    call.project.callbacks.put(callback["id"], callback, hidden_reads=call.hidden_reads)
    return view(callback)


def _check_unique(call: Call, callback: Thing) -> None:
    # Assumption A068: one per domain and app. The page defines the precedence of "*" and an exact
    # app, but another guide mentions one callback per domain.
    for other in call.project.callbacks:
        if other["id"] != callback["id"] and all(other[n] == callback[n] for n in REQUIRED):
            raise exists_already("This domain and app have a recording callback already")


def _get(call: Call) -> Thing:
    callback = call.project.callbacks.find(call.path["id"])
    if callback is None:
        raise _unknown()
    return callback


def _unknown() -> Exception:
    # Assumption A069: 404; the pages list only 400, but the vendor's own tools wait for a 404.
    return invalid("the callback id does not exist", status=404)
