"""The floors: dynamic resources whose provider does nothing, pickled by reference as ours is."""

from collections.abc import Mapping
from typing import Any

from pulumi import dynamic


class Provider(dynamic.ResourceProvider):
    """Makes nothing: what goes in comes out, and so do `outputs`."""

    serialize_as_secret_always = False

    def __init__(self, outputs: str) -> None:
        super().__init__()
        self.outputs = outputs

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Answer at once."""
        return dynamic.CreateResult("noop", {**props, **SETS_OF_OUTPUTS[self.outputs]})


class Noop(dynamic.Resource):
    """A resource with any inputs, and one of the sets of outputs."""

    def __init__(self, resource_name: str, inputs: Mapping[str, Any], outputs: str) -> None:
        declared = dict.fromkeys(SETS_OF_OUTPUTS[outputs])
        super().__init__(Provider(outputs), resource_name, {**declared, **inputs})


SETS_OF_OUTPUTS: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    # Those that a relay task has besides its inputs, with values as long.
    "many": {
        "backup_source_type": None,
        "backup_source_urls": None,
        "create_time": "2030-01-01T12:00:00Z",
        "destination_url": None,
        "project_id": "0123456789abcdef0123456789abcdef",
        "push_args": None,
        "region": "cn-north-4",
        "running": None,
        "start_time": "2030-01-01T12:00:00Z",
        "status": "running",
        "task_id": "7864b3dc-e92f-42db-a754-08e627b6d8dd",
        "vod_loop_time": -1,
        "vod_refresh_type": "immediate_new_source",
        "vod_start_video_index": 0,
        "vod_start_video_time": 0,
    },
}
