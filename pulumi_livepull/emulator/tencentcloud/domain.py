"""The account's domains. Page: DescribeLiveDomains."""

from pulumi_livepull.emulator.fields import Fields, text, whole
from pulumi_livepull.emulator.state import Thing, cut_page
from pulumi_livepull.emulator.tencentcloud.call import Call

LIST: Fields = {
    "PageNum": whole(1, 100000),
    "PageSize": whole(10, 100),
    "DomainPrefix": text(0, 255),
}


def list_(call: Call) -> Thing:
    """DescribeLiveDomains: those whose names begin as asked for. Type 0 is for pushing.

    Source: models.DescribeLiveDomainsRequest and DomainInfo of the SDK 3.1.195.
    """
    asked = {"PageNum": 1, "PageSize": 10, **call.body(LIST)}
    found: list[Thing] = [
        {"Name": each, "Type": 0, "Status": 1}
        for each in call.state.listed_domains()
        if each.startswith(asked.get("DomainPrefix", ""))
    ]
    return {
        "AllCount": len(found),
        "DomainList": cut_page(found, asked["PageNum"], asked["PageSize"]),
    }
