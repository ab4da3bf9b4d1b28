"""Huawei Cloud Live: pull tasks, recording callbacks, and the project lookup of IAM."""

from pulumi_livepull.emulator.huaweicloud.cloud import HuaweiCloud

__all__ = ["HuaweiCloud"]
