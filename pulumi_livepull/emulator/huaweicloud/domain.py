"""The account's ingest domains. Page: api-live/ShowDomain, which lists them."""

from pulumi_livepull.emulator.fields import text
from pulumi_livepull.emulator.huaweicloud.call import Answer, Call


def list_(call: Call) -> Answer:
    """GET: all domains, or the one that is named.

    Assumption A049: a name that the account does not have gives an empty list.
    """
    named = call.query({"domain": text(1, 255)}).get("domain")
    found = [each for each in call.state.listed_domains() if named in (None, each)]
    shown = [{"domain": each, "domain_type": "push", "status": "on"} for each in found]
    return 200, {"total": len(shown), "domain_info": shown}
