"""The vendors, in the order of the documentation."""

from pulumi_livepull.vendors.alicloud import VENDOR as ALICLOUD
from pulumi_livepull.vendors.huaweicloud import VENDOR as HUAWEICLOUD
from pulumi_livepull.vendors.volcengine import VENDOR as VOLCENGINE

VENDORS = (HUAWEICLOUD, ALICLOUD, VOLCENGINE)
