"""The table of emulated operations. The others are listed in not_emulated.txt.

Source: byteplus-sdk-golang 1.0.66, `service/live/v20230101/config.go`, and for the operations on
relay sources, which it lacks, their pages.
"""

from dataclasses import replace

from pulumi_livepull.emulator.volcengine import operations as volcengine

PAGES = "docs.byteplus.com/en/docs/byteplus-media-live "
NOT_HERE = {"UpdatePullToPushGroup"}


def _per_second(name: str) -> int:
    """Calls per second. Assumption A047: one, if no page was available."""
    if "RelaySource" in name:
        return 10
    return 15 if name.startswith("ListPullToPushTask") else 1


OPERATIONS = {
    name: replace(operation, page=PAGES + name, per_second=_per_second(name))
    for name, operation in volcengine.OPERATIONS.items()
    if name not in NOT_HERE
}
