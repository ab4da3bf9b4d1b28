"""Callback rules: which template a domain and app have.

Pages: CreateLiveCallbackRule, DescribeLiveCallbackRules, DeleteLiveCallbackRule. There is no action
that changes one.
"""

from datetime import datetime, timedelta, timezone

from pulumi_livepull.emulator.fields import Fields, text
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.tencentcloud.call import Call
from pulumi_livepull.emulator.tencentcloud.callback_template import NUMBER
from pulumi_livepull.emulator.tencentcloud.refusal import no_rule, no_template, rule_exists

PLACE: Fields = {"DomainName": text(1, 255), "AppName": text(1, 255)}
RULE: Fields = {**PLACE, "TemplateId": NUMBER}


def create(call: Call) -> None:
    """CreateLiveCallbackRule. Until the account has templates, every number is one of them."""
    given = call.body(RULE, tuple(RULE))
    call.state.need_domain(given["DomainName"])
    known = {template["TemplateId"] for template in call.state.templates}
    if known and given["TemplateId"] not in known:
        raise no_template()
    if call.state.rules.find(key(given)):
        raise rule_exists()
    call.state.rules.put(key(given), make(given, call.moment), hidden_reads=call.hidden_reads)


def list_(call: Call) -> Thing:
    """DescribeLiveCallbackRules: all, without pages."""
    call.body({})
    return {"Rules": list(call.state.rules.read().values())}


def delete(call: Call) -> None:
    """DeleteLiveCallbackRule."""
    given = call.body(PLACE, tuple(PLACE))
    if call.state.rules.find(key(given)) is None:
        raise no_rule()
    call.state.rules.remove(key(given))


def make(given: Thing, now: datetime) -> Thing:
    """A rule with every field. Its times are Beijing's (models.CallBackRuleInfo).

    Assumption A078: the form of these times, which no page shows.
    """
    shown = f"{now.astimezone(timezone(timedelta(hours=8))):%Y-%m-%d %H:%M:%S}"
    return {"CreateTime": shown, "UpdateTime": shown, **given}


def key(rule: Thing) -> str:
    """What makes it this one."""
    return f"{rule['DomainName']}/{rule['AppName']}"
