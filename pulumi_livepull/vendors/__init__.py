"""The vendors, in the order of the documentation."""

from collections.abc import Sequence
from functools import cache
from pkgutil import resolve_name
from typing import Any

from pulumi_livepull.core.vendor import Vendor

NAMES = ("huaweicloud", "alicloud", "volcengine", "byteplus", "tencentcloud")


@cache
def named(name: str) -> Vendor:
    """Return the vendor of one of the `NAMES`."""
    vendor: Vendor = resolve_name(f"{__name__}.{name}:VENDOR")
    return vendor


class _Vendors(Sequence[Vendor]):
    """Loads each vendor when it is needed, so that a program loads only the vendors that it
    uses."""

    def __len__(self) -> int:
        return len(NAMES)

    def __getitem__(self, index: Any) -> Any:
        found = NAMES[index]
        return named(found) if isinstance(found, str) else tuple(map(named, found))


VENDORS = _Vendors()
