"""byteplus.PullToPushTask: a relay task of BytePlus MediaLive."""

from pulumi_livepull.vendors.volcengine import pull_to_push_task as volcengine


class PullToPushTask(volcengine.PullToPushTask, token="livepull:byteplus:PullToPushTask"):
    """Pull a live stream, or video files one after another, and push it to an address or a domain.

    Its id is `group/task`.

    Source: https://docs.byteplus.com/en/docs/byteplus-media-live/docs-createpulltopushtask-2023
    """
