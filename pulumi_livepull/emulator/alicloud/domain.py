"""The account's domains. Page: DescribeLiveUserDomains."""

from pulumi_livepull.emulator.alicloud.call import Call
from pulumi_livepull.emulator.fields import Fields, text, whole, written
from pulumi_livepull.emulator.state import Thing, cut_page

LIST: Fields = {
    "DomainName": text(1, 255),
    "PageNumber": written(whole(1, 100000)),
    "PageSize": written(whole(1, 50)),
}


def list_(call: Call) -> Thing:
    """DescribeLiveUserDomains: those whose name contains what is asked for.

    Assumption A010: in the order of their names.
    """
    asked = {"PageNumber": 1, "PageSize": 20, **call.parameters(LIST)}
    found: list[Thing] = [
        {"DomainName": each, "LiveDomainStatus": "online"}
        for each in call.state.listed_domains()
        if asked.get("DomainName", "") in each
    ]
    page = cut_page(found, asked["PageNumber"], asked["PageSize"])
    return {
        "Domains": {"PageData": page},
        "PageNumber": asked["PageNumber"],
        "PageSize": asked["PageSize"],
        "TotalCount": len(found),
    }
