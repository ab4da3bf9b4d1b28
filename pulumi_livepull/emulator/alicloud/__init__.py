"""Alibaba Cloud ApsaraVideo Live: pull-to-push tasks, scheduled pulls and recording callbacks."""

from pulumi_livepull.emulator.alicloud.cloud import AliCloud

__all__ = ["AliCloud"]
