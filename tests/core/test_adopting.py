"""adopt in a preview: what adopting will change, or why it cannot work."""

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.core.resource import Caution, Failure, Finding
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.core.samples import CALLBACK, FILES, KEY, LIVE, Inputs, callbacks, checked

SECRET = "https://hooks.example.com/recordings?token=hush-hush"


def preview(api: Client, kind: type[PullTask] | type[RecordCallback], given: Inputs) -> Finding:
    """Return the one finding of a preview that adopts."""
    (finding,) = lifecycle.preview_adoption(kind, api, checked(kind, given))
    return finding


def test_a_preview_of_adopt_says_what_it_will_change(api: Client, emulator: Emulator) -> None:
    """Pulumi shows `+ create`, which would hide a change of a production callback."""
    made = lifecycle.create(RecordCallback, api, checked(RecordCallback, CALLBACK))
    before = [dict(one) for one in callbacks(emulator)]
    wanted = CALLBACK | {
        "adopt": made.id,
        "notifyCallbackUrl": "https://other.example.com/",
        "key": KEY,
    }
    found = preview(api, RecordCallback, wanted)
    assert isinstance(found, Caution)
    assert found.property == "adopt"
    assert found.reason == (
        f"takes over {made.id} and changes `notifyCallbackUrl` from "
        '"https://hooks.example.com/recordings" to "https://other.example.com/", `key` (secret)'
    )
    assert callbacks(emulator) == before


def test_a_preview_of_adopt_shows_no_secret(api: Client) -> None:
    """Neither the existing values nor the inputs."""
    made = lifecycle.create(PullTask, api, checked(PullTask, FILES))
    urls = ["https://files.example.com/a.mp4?token=hush-hush"]
    found = preview(api, PullTask, FILES | {"adopt": made.id, "sourceUrls": urls})
    assert "changes `sourceUrls` (secret)" in found.reason
    assert "hush" not in found.reason


def test_a_preview_of_adopt_says_that_nothing_changes(api: Client) -> None:
    """Pulumi's word "create" would suggest a second task."""
    made = lifecycle.create(PullTask, api, checked(PullTask, LIVE))
    found = preview(api, PullTask, LIVE | {"adopt": made.id})
    assert found.reason == f"takes over {made.id} as it is"


def test_a_preview_of_adopt_fails_where_the_operation_would(api: Client) -> None:
    """An immutable input differs, or the resource does not exist."""
    made = lifecycle.create(PullTask, api, checked(PullTask, LIVE))
    other = LIVE | {"adopt": made.id, "sourceUrls": ["rtmp://play.example.com/live/two"]}
    found = preview(api, PullTask, other)
    assert isinstance(found, Failure)
    assert "differs in what cannot change: sourceUrls" in found.reason
    missing = preview(api, PullTask, LIVE | {"adopt": "cn-north-4/none"})
    assert isinstance(missing, Failure)
    assert 'there is no "cn-north-4/none" to adopt' in missing.reason


def test_a_vendor_that_does_not_answer_is_only_a_doubt(api: Client, emulator: Emulator) -> None:
    """The preview continues without it."""
    made = lifecycle.create(PullTask, api, checked(PullTask, LIVE))
    emulator.arm("deny", operation="ListPullTasks")
    found = preview(api, PullTask, LIVE | {"adopt": made.id})
    assert isinstance(found, Caution)
    assert found.reason.startswith("could not be read: ")
