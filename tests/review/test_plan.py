"""What is read of a plan, and what is refused."""

import json
from pathlib import Path

import pytest

from pulumi_livepull.errors import StateError
from pulumi_livepull.review.plan import read_file
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from tests.review.plans import ALICLOUD, HUAWEI, OPEN, digest, plan, step


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "plan.json is not JSON"),
        ("Previewing update (dev)", "plan.json is not JSON"),
        ("[]", "plan.json is not what a preview prints as JSON"),
        ("{}", "plan.json has no steps of a preview"),
        ('{"steps": {}}', "plan.json is not what a preview prints as JSON"),
        ('{"steps": [{"op": "create"}]}', "plan.json has a step that cannot be read"),
        ('{"steps": [{"op": "create", "urn": "x"}]}', "plan.json has a step that cannot be read"),
        ('{"steps": [7]}', "plan.json has a step that cannot be read"),
        ('{"version": 3, "deployment": {}}', "plan.json has no steps of a preview"),
    ],
)
def test_what_is_not_a_plan_is_refused(text: str, what: str) -> None:
    """The message names the command that creates one."""
    with pytest.raises(StateError) as refused:
        read_file(Path("plan.json"), text.encode())
    assert str(refused.value).startswith(what)
    assert str(refused.value).endswith("Run: pulumi preview --json --show-sames > plan.json")


def test_other_resources_are_counted_and_not_judged() -> None:
    """This package's providers and the stack itself are not counted."""
    urn = "urn:pulumi:dev::tv::"
    found = plan(
        {"op": "create", "urn": f"{urn}pulumi:pulumi:Stack::tv-dev"},
        {"op": "create", "urn": f"{urn}pulumi:providers:livepull::default"},
        {"op": "create", "urn": f"{urn}aws:s3/bucket:Bucket::videos"},
        {"op": "same", "urn": f"{urn}aws:s3/bucket:Bucket::old"},
        {"op": "delete", "urn": f"{urn}livepull:huaweicloud:PullTaskSchedule::week"},
        step("create", "main", new=HUAWEI | OPEN),
        step("read", "seen", old=HUAWEI | OPEN, new=HUAWEI | OPEN),
    )
    assert [each.name for each in found.steps] == ["main"]
    assert found.others == 2


def test_names_and_parents_are_read_from_the_urn() -> None:
    """A name may contain the separator of a URN's parts."""
    (found,) = plan(
        step("create", "a::b", new=HUAWEI, parents="tv:index:Channel", stack="west")
    ).steps
    assert (found.name, found.stack, found.schedule) == ("a::b", "tv/west", "")


def test_a_replacement_in_several_steps_is_one() -> None:
    """As this version of the engine plans it, and as others do."""
    old, new = HUAWEI | OPEN, HUAWEI | OPEN | {"streamName": "other"}
    (found,) = plan(
        step("delete-replaced", "main", old=old),
        step("replace", "main", old=old, new=new),
        step("create-replacement", "main", new=new),
    ).steps
    assert (found.state["streamName"], found.news["streamName"]) == ("main", "other")


def test_a_secret_anywhere_in_a_value_hides_all_of_it() -> None:
    """For example, one file of a playlist may be secret."""
    old = ALICLOUD | OPEN | {"sourceUrls": ["rtmp://a.example.com/1", "[secret]"]}
    (found,) = plan(step("delete", "main", LivePullToPush, old)).steps
    assert found.secret == {"dstUrl", "sourceUrls"}
    assert "secret" not in json.dumps({k: str(v) for k, v in found.state.items()})


def test_what_a_plan_leaves_out_is_counted() -> None:
    """Plans list unchanged resources only with --show-sames."""
    same = step("same", "main", old=HUAWEI | OPEN, new=HUAWEI | OPEN)
    text = json.dumps({"steps": [same], "changeSummary": {"same": 3}})
    assert read_file(Path("plan.json"), text.encode()).unseen == 2
    assert plan(same).unseen == 0


def test_why_a_preview_failed_is_read() -> None:
    """The plan of a failed preview is incomplete."""
    said = [
        {"severity": "error", "message": "error: no\n  such thing\n"},
        {"severity": "info", "message": "Duration: 1s"},
        {"severity": "info#err", "message": "hello"},
        {"severity": "warning", "message": "warning: config livepull:x is not a setting"},
    ]
    found = plan(diagnostics=said)
    assert found.errors == ["no such thing"]
    assert found.warnings == ["config livepull:x is not a setting"]
    assert read_file(Path("plan.json"), digest().encode()).steps == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_plan_may_be_written_by_powershell(encoding: str) -> None:
    """Its `>` writes UTF-16."""
    text = digest(step("create", "main", new=HUAWEI | OPEN))
    assert len(read_file(Path("plan.json"), text.encode(encoding)).steps) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"steps": [{"op": "create", "urn": "urn:pulumi:a::b::livepull:huaweicloud:PullTask"}]}',
        b"\xff\xfe\xfd",
    ],
)
def test_no_content_is_more_than_a_refusal(content: bytes) -> None:
    """Any input causes a message at most, never a traceback."""
    with pytest.raises(StateError):
        read_file(Path("plan.json"), content)


@pytest.mark.parametrize("same", ["x", None, float("inf"), [], -1])
def test_a_summary_may_be_odd(same: object) -> None:
    """It is only used for counts."""
    text = json.dumps({"steps": [], "changeSummary": {"same": same}})
    assert read_file(Path("plan.json"), text.encode()).unseen == 0


def test_what_is_said_is_one_line_without_secrets() -> None:
    """A program's error may contain anything."""
    url = "rtmp://user:hush@h.example.com/live?auth_key=hush"
    said = [
        {"severity": "error", "message": f"error: cannot push to {url}\x1b[31m\u202e\n\nbad"},
        {"severity": "error"},
        {"severity": "warning", "message": None},
    ]
    found = plan(diagnostics=said)
    assert len(found.errors) == 1
    assert "hush" not in found.errors[0]
    assert found.errors[0].isprintable()


def test_a_name_is_printable() -> None:
    """A name with line breaks could inject a command into a pipeline's log."""
    (found,) = plan(step("create", "x\n::error::\u202e", new=HUAWEI)).steps
    assert found.name.isprintable()
