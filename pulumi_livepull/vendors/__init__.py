"""The vendors, in the order of the documentation."""

from pulumi_livepull.vendors.huaweicloud import VENDOR as HUAWEICLOUD

VENDORS = (HUAWEICLOUD,)
