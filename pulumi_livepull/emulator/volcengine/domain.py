"""The account's domains. Page: ListDomainDetail (docs/6469/1126815)."""

from pulumi_livepull.emulator.fields import Fields, list_of, text, whole
from pulumi_livepull.emulator.state import Thing, cut_page
from pulumi_livepull.emulator.volcengine.call import Call

LIST: Fields = {
    "PageNum": whole(1, 1000),
    "PageSize": whole(1, 1000),
    "DomainNameList": list_of(text(1, 255), 0, 1000),
}


def list_(call: Call) -> Thing:
    """ListDomainDetail: all, or those that are named. Status 0 is that of one that works.

    Assumption A098: in the order of their names, each in a space of its own name.
    """
    asked = call.body(LIST, required=("PageNum", "PageSize"))
    named = asked.get("DomainNameList") or call.state.listed_domains()
    found: list[Thing] = [
        {"Domain": each, "Vhost": each, "Status": 0}
        for each in call.state.listed_domains()
        if each in named
    ]
    page = cut_page(found, asked["PageNum"], asked["PageSize"])
    return {"DomainList": page, "Total": len(found)}
