"""Tencent Cloud CSS: relay tasks, callback templates and callback rules."""

from pulumi_livepull.emulator.tencentcloud.cloud import TencentCloud

__all__ = ["TencentCloud"]
