"""Recording callbacks: where Live reports recordings. A domain has at most one.

Pages: AddLiveRecordNotifyConfig, UpdateLiveRecordNotifyConfig, DescribeLiveRecordNotifyConfig,
DeleteLiveRecordNotifyConfig.
"""

from pulumi_livepull.emulator.alicloud.call import Call
from pulumi_livepull.emulator.alicloud.refusal import (
    callback_exists,
    malformed_notify_url,
    no_such_callback,
)
from pulumi_livepull.emulator.fields import Fields, matching, text, truth, written
from pulumi_livepull.emulator.refusal import Invalid
from pulumi_livepull.emulator.state import Thing

HTTP = "https?://.+"
DOMAIN: Fields = {"DomainName": text(1, 255)}
CALLBACK: Fields = {
    **DOMAIN,
    "NotifyUrl": text(1, 2048),
    # Assumption A028: empty means none.
    "OnDemandUrl": matching(f"({HTTP})?", "an address that starts http:// or https://"),
    "NeedStatusNotify": truth,
    "NotifyReqAuth": truth,
    "NotifyAuthKey": matching("([A-Za-z0-9]{16,32})?", "16 to 32 letters and digits"),
}
QUERY: Fields = {
    **CALLBACK,
    "NeedStatusNotify": written(truth),
    "NotifyReqAuth": written(truth),
}
DEFAULTS: Thing = {
    "OnDemandUrl": "",
    "NeedStatusNotify": False,
    "NotifyReqAuth": False,
    "NotifyAuthKey": "",
}


def add(call: Call) -> Thing:
    """AddLiveRecordNotifyConfig."""
    callback = _read(call)
    domain = callback["DomainName"]
    call.state.need_domain(domain)
    if call.state.callbacks.find(domain):
        raise callback_exists(domain)
    call.state.callbacks.put(domain, callback, hidden_reads=call.hidden_reads)
    return {}


def update(call: Call) -> Thing:
    """UpdateLiveRecordNotifyConfig.

    Assumption A029: omitted fields return to their defaults; the page does not say.
    """
    callback = _read(call)
    _get(call, callback["DomainName"])
    call.state.callbacks.put(callback["DomainName"], callback)
    return {}


def describe(call: Call) -> Thing:
    """DescribeLiveRecordNotifyConfig.

    Assumption A030: with the plain key, and with booleans; one page shows yes and no.
    """
    domain = _domain(call)
    callback = call.state.callbacks.read().get(domain)
    if callback is None:
        raise no_such_callback(domain)
    return {"LiveRecordNotifyConfig": callback}


def delete(call: Call) -> Thing:
    """DeleteLiveRecordNotifyConfig."""
    domain = _domain(call)
    _get(call, domain)
    call.state.callbacks.remove(domain)
    return {}


def make(given: Thing) -> Thing:
    """A callback with every field."""
    return {**DEFAULTS, **given}


def _read(call: Call) -> Thing:
    callback = make(call.parameters(QUERY, required=("DomainName", "NotifyUrl")))
    if not callback["NotifyUrl"].startswith(("http://", "https://")):
        raise malformed_notify_url()
    if callback["NotifyReqAuth"] and not callback["NotifyAuthKey"]:
        raise Invalid("NotifyAuthKey is required where NotifyReqAuth is true")
    return callback


def _domain(call: Call) -> str:
    return str(call.parameters(DOMAIN, required=DOMAIN)["DomainName"])


def _get(call: Call, domain: str) -> Thing:
    callback = call.state.callbacks.find(domain)
    if callback is None:
        raise no_such_callback(domain)
    return callback
