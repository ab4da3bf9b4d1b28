"""Scheduled pulls: a stream of a domain is pulled from another server within a window.

Pages: AddLivePullStreamInfoConfig, UpdateLivePullStreamInfoConfig, DeleteLivePullStreamInfoConfig,
DescribeLivePullStreamConfig.
"""

from datetime import timedelta

from pulumi_livepull.emulator.alicloud.call import Call
from pulumi_livepull.emulator.alicloud.refusal import (
    malformed_end,
    malformed_start,
    no_such_pull,
    pull_exists,
    wrong_end,
)
from pulumi_livepull.emulator.fields import Fields, from_wire, matching, moment, text
from pulumi_livepull.emulator.refusal import Invalid
from pulumi_livepull.emulator.state import Thing

LONGEST = timedelta(days=7)
DOMAIN: Fields = {"DomainName": text(1, 255)}
# Assumption A016: the lengths of names and addresses, and that a name has no slash.
NAME = matching("[^/\\s]{1,255}", "1 to 255 characters without a slash")
KEY: Fields = {**DOMAIN, "AppName": NAME, "StreamName": NAME}
PULL: Fields = {
    **KEY,
    "SourceUrl": matching(
        "[^;\\s]+(;[^;\\s]+)*", "addresses with a semicolon between one and the next"
    ),
    "StartTime": moment,
    "EndTime": moment,
}
# A malformed time has its own code here, so read the times as texts first.
QUERY: Fields = {**PULL, "StartTime": text(1, 40), "EndTime": text(1, 40)}


def add(call: Call) -> Thing:
    """AddLivePullStreamInfoConfig: one for each stream.

    The page says "one active configuration". Assumption A017: a pull that is over does not count.
    """
    pull = _read(call)
    call.state.need_domain(pull["DomainName"])
    other = call.state.pulls.find(key(pull))
    if other and other["EndTime"] > call.now:
        raise pull_exists(key(pull))
    if other:
        call.state.pulls.remove(key(pull))
    call.state.pulls.put(key(pull), pull, hidden_reads=call.hidden_reads)
    return {}


def update(call: Call) -> Thing:
    """UpdateLivePullStreamInfoConfig: every parameter is required."""
    pull = _read(call)
    _need(call, pull)
    call.state.pulls.put(key(pull), pull)
    return {}


def delete(call: Call) -> Thing:
    """DeleteLivePullStreamInfoConfig."""
    given = call.parameters(KEY, required=KEY)
    _need(call, given)
    call.state.pulls.remove(key(given))
    return {}


def describe(call: Call) -> Thing:
    """DescribeLivePullStreamConfig: all of one domain.

    Assumptions A018: newest first; a pull is still listed when it is over.
    """
    domain = call.parameters(DOMAIN, required=DOMAIN)["DomainName"]
    call.state.need_domain(domain)
    found = [pull for pull in call.state.pulls.read().values() if pull["DomainName"] == domain]
    return {"LiveAppRecordList": {"LiveAppRecord": [_view(pull, call.now) for pull in found]}}


def key(pull: Thing) -> str:
    """The key that identifies it."""
    return "/".join(pull[name] for name in KEY)


def _view(pull: Thing, now: str) -> Thing:
    # Assumption A019: the first source always works, and is in use only within the window.
    is_on = pull["StartTime"] <= now < pull["EndTime"]
    return {**pull, "SourceUsing": pull["SourceUrl"].split(";")[0] if is_on else ""}


def _read(call: Call) -> Thing:
    pull = call.parameters(QUERY, required=PULL)
    for name, malformed in (("StartTime", malformed_start), ("EndTime", malformed_end)):
        try:
            moment(name, pull[name])
        except Invalid:
            raise malformed() from None
    start, end = from_wire(pull["StartTime"]), from_wire(pull["EndTime"])
    if not timedelta() < end - start <= LONGEST or pull["EndTime"] <= call.now:
        raise wrong_end()
    return pull


def _need(call: Call, pull: Thing) -> None:
    call.state.need_domain(pull["DomainName"])
    if call.state.pulls.find(key(pull)) is None:
        raise no_such_pull(key(pull))
