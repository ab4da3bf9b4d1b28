"""Reads that show whether an account of BytePlus is ready: Volcengine's.

Source of the list of domains: byteplus-sdk-golang 1.0.66, `service/live/v20230101`.
"""

from pulumi_livepull.vendors.volcengine.reads import READS

__all__ = ["READS"]
