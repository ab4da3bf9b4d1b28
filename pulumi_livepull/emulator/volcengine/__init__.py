"""Volcengine Live: relay sources, pull-to-push tasks with their groups, and callbacks."""

from pulumi_livepull.emulator.volcengine.cloud import Volcengine

__all__ = ["Volcengine"]
