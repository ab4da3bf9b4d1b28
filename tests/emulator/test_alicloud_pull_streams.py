"""Scheduled pulls of Alibaba Cloud behave as the vendor's pages say, and are as strict."""

from datetime import timedelta
from typing import Any

import pytest

KEY = {"DomainName": "live.example.com", "AppName": "live", "StreamName": "s1"}
PULL = {
    **KEY,
    "SourceUrl": "rtmp://src.example.com/live/s1;https://src.example.com/live/s1.flv",
    "StartTime": "2025-01-02T03:00:00Z",
    "EndTime": "2025-01-03T03:00:00Z",
}
ADD, UPDATE = "AddLivePullStreamInfoConfig", "UpdateLivePullStreamInfoConfig"
DELETE, DESCRIBE = "DeleteLivePullStreamInfoConfig", "DescribeLivePullStreamConfig"


def pulls(ali, domain: str = KEY["DomainName"]) -> list[dict[str, Any]]:
    reply = ali(DESCRIBE, DomainName=domain)
    assert reply.status_code == 200, reply.text
    return reply.json()["LiveAppRecordList"]["LiveAppRecord"]


def code(reply) -> tuple[int, str]:
    return reply.status_code, reply.json()["Code"]


def test_a_new_pull_reads_as_it_was_created(ali) -> None:
    """Within its window, it shows the source in use. Add returns only a request id."""
    assert set(ali(ADD, **PULL).json()) == {"RequestId"}
    assert pulls(ali) == [{**PULL, "SourceUsing": "rtmp://src.example.com/live/s1"}]
    ali(ADD, **{**PULL, "StreamName": "s2", "StartTime": "2025-01-02T04:00:00Z"})
    assert [pull["SourceUsing"] for pull in pulls(ali)] == ["", "rtmp://src.example.com/live/s1"]


def test_a_stream_has_one_pull_until_its_end(ali, emulator) -> None:
    """A second one is 400 ConfigAlreadyExists, unless the first has ended."""
    ali(ADD, **PULL)
    again = {**PULL, "StartTime": "2025-01-04T03:00:00Z", "EndTime": "2025-01-05T03:00:00Z"}
    assert code(ali(ADD, **again)) == (400, "ConfigAlreadyExists")
    emulator.clock.advance(timedelta(days=1))
    assert [(pull["EndTime"], pull["SourceUsing"]) for pull in pulls(ali)] == [
        ("2025-01-03T03:00:00Z", "")
    ]
    assert ali(ADD, **again).status_code == 200
    assert [pull["EndTime"] for pull in pulls(ali)] == ["2025-01-05T03:00:00Z"]


def test_an_update_replaces_all_of_it(ali) -> None:
    """It takes the same parameters as an add, and requires all of them."""
    ali(ADD, **PULL)
    changed = {**PULL, "SourceUrl": "srt://b.example.com:9000", "EndTime": "2025-01-04T03:00:00Z"}
    assert ali(UPDATE, **changed).status_code == 200
    assert pulls(ali) == [{**changed, "SourceUsing": "srt://b.example.com:9000"}]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"Colour": "red"}, "InvalidParameter"),
        ({"DomainName": ""}, "InvalidParameter"),
        ({"StreamName": "a/b"}, "InvalidParameter"),
        ({"SourceUrl": ""}, "InvalidParameter"),
        ({"SourceUrl": "rtmp://a/1;"}, "InvalidParameter"),
        ({"StartTime": "2025-01-02"}, "InvalidStartTime.Malformed"),
        ({"EndTime": "1735787045"}, "InvalidEndTime.Malformed"),
        ({"EndTime": PULL["StartTime"]}, "InvalidEndTime.Missmatch"),
        ({"EndTime": "2025-01-09T03:00:01Z"}, "InvalidEndTime.Missmatch"),
        (
            {"StartTime": "2025-01-01T03:00:00Z", "EndTime": "2025-01-02T03:00:00Z"},
            "InvalidEndTime.Missmatch",
        ),
    ],
)
@pytest.mark.parametrize("action", [ADD, UPDATE])
def test_a_wrong_parameter_is_refused(ali, action: str, change, expected: str) -> None:
    """Nothing is created or changed."""
    assert code(ali(action, **{**PULL, **change})) == (400, expected)
    assert pulls(ali) == []


@pytest.mark.parametrize("missing", PULL)
def test_every_parameter_is_requested(ali, missing: str) -> None:
    """By an update, too."""
    given = {name: value for name, value in PULL.items() if name != missing}
    for action in (ADD, UPDATE):
        reply = ali(action, **given)
        assert code(reply) == (400, "InvalidParameter")
        assert f"{missing} is required" in reply.text


def test_a_missing_pull_is_not_found(ali) -> None:
    """For an update and for a second delete."""
    missing = (404, "InvalidConfig.NotFound")
    assert code(ali(UPDATE, **PULL)) == missing
    ali(ADD, **PULL)
    assert ali(DELETE, **KEY).status_code == 200
    assert code(ali(DELETE, **KEY)) == missing


def test_the_list_is_of_one_domain(ali) -> None:
    """The domain is required, and there is no other filter."""
    ali(ADD, **PULL)
    ali(ADD, **{**PULL, "DomainName": "other.example.com"})
    assert [pull["DomainName"] for pull in pulls(ali)] == ["live.example.com"]
    assert code(ali(DESCRIBE)) == (400, "InvalidParameter")
    assert code(ali(DESCRIBE, **KEY)) == (400, "InvalidParameter")


def test_an_unknown_domain_is_refused_once_domains_are_seeded(ali, emulator) -> None:
    """404 InvalidDomain.NotFound, for every operation."""
    ali(ADD, **PULL)
    emulator.seed({"alicloud": {"domains": ["other.example.com"]}})
    domain = {"DomainName": KEY["DomainName"]}
    for action, given in ((ADD, PULL), (UPDATE, PULL), (DESCRIBE, domain), (DELETE, KEY)):
        assert code(ali(action, **given)) == (404, "InvalidDomain.NotFound"), action


@pytest.mark.parametrize(("action", "rate"), [(ADD, 15), (UPDATE, 16), (DELETE, 30)])
def test_each_operation_has_the_rate_of_its_page(ali, emulator, action: str, rate: int) -> None:
    """1000 updates a minute are 16 a second."""
    emulator.rates = True
    codes = [code(ali(action))[1] for _ in range(rate + 1)]
    assert codes == ["InvalidParameter"] * rate + ["Throttling.User"]


def test_a_pull_can_be_seeded_and_is_shown_without_keys(ali, emulator) -> None:
    """All fields are required; a source is shown up to the part that may be a key."""
    keyed = {**PULL, "SourceUrl": "rtmp://src.example.com/live/s1?key=S3CRET;rtmp://b?k=S3CRET"}
    emulator.seed({"alicloud": {"pulls": [keyed]}})
    assert pulls(ali)[0]["SourceUrl"] == keyed["SourceUrl"]
    ali(UPDATE, **keyed)
    assert ali(UPDATE, **{**keyed, "EndTime": "x"}).status_code == 400
    html = emulator.app.test_client().get("/").text
    assert "live.example.com/live/s1" in html
    assert "S3CRET" not in html + repr(list(emulator.journal)) + repr(emulator.state())
    with pytest.raises(ValueError, match="a pull must have DomainName"):
        emulator.seed({"alicloud": {"pulls": [KEY]}})
