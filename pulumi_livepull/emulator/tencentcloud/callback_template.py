"""Callback templates: which addresses hear of what.

Pages: CreateLiveCallbackTemplate, ModifyLiveCallbackTemplate, DescribeLiveCallbackTemplate,
DescribeLiveCallbackTemplates, DeleteLiveCallbackTemplate.
"""

from pulumi_livepull.emulator.fields import MAX_INT, Fields, list_of, matching, one_of, text, whole
from pulumi_livepull.emulator.state import Thing
from pulumi_livepull.emulator.tencentcloud.call import Call
from pulumi_livepull.emulator.tencentcloud.refusal import (
    invalid,
    no_template,
    template_in_use,
    too_many_templates,
)

MOST = 50
FIRST = 1000
"""The first template's number."""
URL = matching("(https?://.{1,1024})?", "an address, or empty")
# Assumption A079: the words are Python's; the models speak of Chinese, letters, digits, _ and -.
NAME = matching(r"[\w-]{1,255}", "letters, digits, _ and -")
URLS: Fields = dict.fromkeys(
    (
        *("StreamBeginNotifyUrl", "StreamEndNotifyUrl", "RecordNotifyUrl", "SnapshotNotifyUrl"),
        *("RecordStatusNotifyUrl", "PornCensorshipNotifyUrl", "PushExceptionNotifyUrl"),
        *("AudioAuditNotifyUrl", "RecordExceptionNotifyUrl"),
    ),
    URL,
)
LEVELS = ("error", "warning", "info")
TEMPLATE: Fields = {
    **URLS,
    "TemplateName": NAME,
    "Description": matching(r"[\w-]{0,1024}", "letters, digits, _ and -"),
    "CallbackKey": text(0, 255),
    # A read's model speaks of error and alarm; assumption A080: it shows what was set.
    "RecordExceptionLevels": list_of(one_of(*LEVELS), 0, len(LEVELS)),
}
NUMBER = whole(1, MAX_INT)
WHICH: Fields = {"TemplateId": NUMBER}
HIDDEN = ("RecordStatusNotifyUrl",)
"""What no read shows. Source: models.CallBackTemplateInfo does not have it."""

DEFAULTS: Thing = {
    **dict.fromkeys(TEMPLATE, ""),
    # Assumption A081: what no page says.
    "RecordExceptionLevels": [],
}


def create(call: Call) -> Thing:
    """CreateLiveCallbackTemplate."""
    given = call.body(TEMPLATE, ("TemplateName",))
    if len(list(call.state.templates)) >= MOST:
        raise too_many_templates()
    template = make(given, call.state.new_number("template", FIRST))
    _check(template)
    key = str(template["TemplateId"])
    call.state.templates.put(key, template, hidden_reads=call.hidden_reads)
    return {"TemplateId": template["TemplateId"]}


def modify(call: Call) -> None:
    """ModifyLiveCallbackTemplate.

    Assumption A082: what is left out stays as it is, and an empty text clears.
    """
    given = call.body({**TEMPLATE, **WHICH}, ("TemplateId",))
    template = {**_get(call, given), **given}
    _check(template)
    call.state.templates.put(str(template["TemplateId"]), template)


def describe(call: Call) -> Thing:
    """DescribeLiveCallbackTemplate."""
    given = call.body(WHICH, ("TemplateId",))
    found = call.state.templates.read().get(str(given["TemplateId"]))
    if found is None:
        raise no_template()
    return {"Template": view(found)}


def list_(call: Call) -> Thing:
    """DescribeLiveCallbackTemplates: all, without pages."""
    call.body({})
    return {"Templates": [view(template) for template in call.state.templates.read().values()]}


def delete(call: Call) -> None:
    """DeleteLiveCallbackTemplate: one that no rule binds."""
    template = _get(call, call.body(WHICH, ("TemplateId",)))
    if any(rule["TemplateId"] == template["TemplateId"] for rule in call.state.rules):
        raise template_in_use()
    call.state.templates.remove(str(template["TemplateId"]))


def make(given: Thing, template_id: int) -> Thing:
    """A template with every field."""
    return {**DEFAULTS, "TemplateId": template_id, **given}


def view(template: Thing) -> Thing:
    """The template as a read shows it."""
    return {name: value for name, value in template.items() if name not in HIDDEN}


def _get(call: Call, given: Thing) -> Thing:
    template = call.state.templates.find(str(given["TemplateId"]))
    if template is None:
        raise no_template()
    return template


def _check(template: Thing) -> None:
    if not any(template[name] for name in URLS):
        raise invalid("at least one address is needed")
