"""Errors hide secrets, and those of their parts that a vendor may quote alone."""

import pytest

from pulumi_livepull.core.lifecycle.redaction import operation
from pulumi_livepull.errors import ApiError
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask

SECRET = "rtmp://user-name:pass-word@push.example.com/live/stream-key?sign=of%2Dthis&t=65a1b2c3"


@pytest.mark.parametrize(
    "part",
    [
        *(SECRET, SECRET.partition("?")[0], "user-name:pass-word", "user-name", "pass-word"),
        *("live/stream-key", "stream-key", "of%2Dthis", "of-this", "65a1b2c3"),
    ],
)
def test_a_part_of_a_secret_that_is_quoted_alone_is_hidden(part: str) -> None:
    """The user info, path, stream and query values of an address, in any encoding."""
    with (
        pytest.raises(ApiError) as failure,
        operation(PullTask, "create", {"destinationUrl": SECRET}),
    ):
        raise ApiError("LIVE.1", f"there is no <{part}> here", status=400)
    assert "there is no <***> here" in str(failure.value)


def test_what_any_message_may_hold_stays_readable() -> None:
    """A short part or a common word is not a secret by itself."""
    with (
        pytest.raises(ApiError) as failure,
        operation(PullTask, "create", {"destinationUrl": SECRET}),
    ):
        raise ApiError("LIVE.1", "no sign of live", status=400)
    assert "no sign of live" in str(failure.value)
