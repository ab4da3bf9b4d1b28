"""A review as text, Markdown, JSON and HTML: what a reader sees, and what he never sees."""

import json
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pulumi_livepull.core.on_air import Span
from pulumi_livepull.review.document import Document, document
from pulumi_livepull.review.judge import judge
from pulumi_livepull.review.markdown import MOST_CHARACTERS, markdown
from pulumi_livepull.review.page import page
from pulumi_livepull.review.text import text
from pulumi_livepull.review.wording import Times, sentence
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.hosting import NOW
from tests.review.plans import ALICLOUD, HUAWEI, LATER, OPEN, OVER, Json, plan, reviewed, step

BERLIN = ZoneInfo("Europe/Berlin")
OTHER = {"sourceUrls": ["rtmp://play.example.com/live/two"]}
NEXT_DAY = {"startTime": "2030-01-02T19:00:00Z", "endTime": "2030-01-02T23:30:00Z"}


def of(name: str, *parts: Json) -> Json:
    """Inputs of a relay to a stream of its own."""
    merged = HUAWEI | {"streamName": name}
    for part in parts:
        merged |= part
    return merged


STEPS = [
    step("replace", "sports", old=of("sports", OPEN), new=of("sports", OPEN, OTHER)),
    step("delete", "arena", old=of("arena", OPEN)),
    step("update", "news", LivePullToPush, ALICLOUD | OPEN, ALICLOUD | OPEN | OTHER),
    *(
        step("replace", name, old=of(name, LATER), new=of(name, NEXT_DAY))
        for name in ("late-1", "late-2", "late-3")
    ),
    step(
        "create",
        "recordings",
        RecordCallback,
        new={
            "publishDomain": "push.example.com",
            "app": "live",
            "notifyCallbackUrl": "https://hooks.example.org/1",
        },
    ),
    step("same", "kept", old=of("kept", OPEN), new=of("kept", OPEN)),
]


def test_the_first_sentence_says_what_matters() -> None:
    """In the words of an editor on duty."""
    assert sentence(reviewed(*STEPS)) == (
        "2 channels go off air, 1 is or may be interrupted, 3 move later and 1 recording "
        "callback changes."
    )
    assert sentence(reviewed(STEPS[1])) == "1 channel goes off air."
    assert sentence(reviewed(STEPS[-1])) == "Nothing changes on air."
    assert sentence(reviewed()) == "Nothing changes on air."
    over = step("delete", "old", old=of("old", OVER))
    assert sentence(reviewed(over)) == "Nothing changes on air."
    failed = [{"severity": "error", "message": "error: no key"}]
    assert sentence(reviewed(*STEPS, diagnostics=failed)).startswith("The preview failed")


def test_text_is_for_a_terminal() -> None:
    """The expected output, line by line."""
    shown = text(reviewed(STEPS[0], STEPS[3], STEPS[6], STEPS[7]), BERLIN)
    assert shown == (
        "1 channel goes off air, 1 moves later and 1 recording callback changes.\n"
        "\n"
        "push.example.com/live/sports goes off air while it is replaced\n"
        "  Tue 1 Jan 12:00 to 16:00\n"
        "  because `sourceUrls` changes\n"
        '  huaweicloud.PullTask "sports"\n'
        "\n"
        "push.example.com/live/late-1 starts later and ends later\n"
        "  Tue 1 Jan 20:00 to 22:00 becomes Wed 2 Jan 20:00 to Thu 3 Jan 00:30\n"
        "  because `endTime` and `startTime` change\n"
        '  huaweicloud.PullTask "late-1"\n'
        "\n"
        "Recordings of push.example.com/live will be reported to https://hooks.example.org/1\n"
        '  huaweicloud.RecordCallback "recordings"\n'
        "\n"
        "Judged for Tue 1 Jan 13:00 Europe/Berlin, stack tv/live. 1 relay unchanged.\n"
    )


def test_markdown_has_a_row_for_each_change_the_worst_first() -> None:
    """The diagram follows in a collapsed section."""
    shown = markdown(reviewed(*STEPS), BERLIN)
    assert shown.startswith("<!-- livepull review -->\n**2 channels go off air, 1 is or may")
    rows = [line for line in shown.splitlines() if line.startswith("| ") and "Stream" not in line]
    assert [row.split("|")[1].strip() for row in rows] == ["---", *"🔴🔴🟠🟡🟡🟡📼"]
    assert "~~Tue&nbsp;1&nbsp;Jan&nbsp;20:00<br>to&nbsp;22:00~~<br>Wed" in shown
    picture = shown.partition("```mermaid\n")[2].partition("```")[0]
    assert "section push.example.com/live/sports" in picture
    assert "before sports :crit, done, 2030-01-01T12:00, 2030-01-01T16:00" in picture
    assert "kept" not in picture
    assert "<details><summary>Timeline</summary>" in shown


@pytest.mark.parametrize("count", [1, 60, 500])
def test_a_comment_fits_and_keeps_whole_rows(count: int) -> None:
    """However many changes there are; it says how many were left out."""
    steps = [step("delete", f"n{at}", old=of(f"stream-{at}", OPEN)) for at in range(count)]
    shown = markdown(reviewed(*steps), BERLIN)
    assert len(shown) < MOST_CHARACTERS < 65_536
    rows = [line for line in shown.splitlines() if line.startswith("| 🔴")]
    assert all(line.endswith(" |") for line in rows)
    left = count - len(rows)
    assert (f"{left} more rows do not fit into a comment" in shown) is (left > 0)
    assert shown.count("```") == 2
    assert (left > 0) is (count == 500)


ODD = [
    "a|b",
    "`code`",
    "@everyone",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "a\nb",
    "x:y;z#1",
    "https://evil.example.com",
    "www.evil.example.com #12 &copy;",
    "**bold** ~~gone~~ _it_",
]


@pytest.mark.parametrize("name", ODD)
def test_no_name_breaks_out_of_its_cell(name: str) -> None:
    """A stack's name may be anything, and must not act as markup."""
    shown = markdown(reviewed(step("delete", name, old=of("main", OPEN))), BERLIN)
    (row,) = [line for line in shown.splitlines() if line.startswith("| 🔴")]
    cells = row.replace("\\|", "").strip("|").split("|")
    assert len(cells) == 5
    for live in ("<script", "](java", "@every", "://", "`code`", "**bold**", "www.", " #1"):
        assert live not in re.sub(r"\\.", "", cells[1])
    picture = shown.partition("```mermaid\n")[2].partition("```")[0]
    (bar,) = [line for line in picture.splitlines() if line.startswith("  before")]
    assert bar.count(":") == 3  # one before the times, and one in each time
    html = page(reviewed(step("delete", name, old=of("main", OPEN))), BERLIN)
    assert "<script>alert" not in html


def test_json_is_as_its_schema_says() -> None:
    """A program can read it back."""
    review = reviewed(*STEPS)
    found = Document.model_validate_json(document(review, ["2 channels go off air"]))
    assert found.sentence == sentence(review)
    assert [change.effect for change in found.changes][:3] == ["goes off air"] * 2 + ["restarts"]
    assert found.changes[1].because == ["`sourceUrls`"]
    assert found.refused == ["2 channels go off air"]
    assert found.unchanged == 1
    raw: Any = json.loads(document(review, []))
    assert raw["changes"][3]["after"] == {
        "start": "2030-01-02T19:00:00Z",
        "end": "2030-01-02T23:30:00Z",
    }


MARK = "mark-hush-0123456789"


def test_no_secret_is_in_any_format() -> None:
    """Not even of a preview with --show-secrets, which contains them in plain text."""
    signed = f"rtmp://user:{MARK}@push.example.com/live/{MARK}?auth_key={MARK}"
    source = [f"rtmp://play.example.com/live/one?token={MARK}"]
    inputs = ALICLOUD | OPEN | {"dstUrl": signed, "sourceUrls": source}
    files = HUAWEI | OPEN | {"pushArgs": f"sign={MARK}"}
    full = OPEN | {
        "sourceType": "PullLivePushLive",
        "sourceUrls": source,
        "destinationUrl": signed,
        "callbackUrl": f"https://hooks.example.org/?key={MARK}",
    }
    callback = {
        "publishDomain": "push.example.com",
        "app": "live",
        "notifyCallbackUrl": f"https://{MARK}@hooks.example.org/1?{MARK}",
        "key": MARK,
    }
    steps = [
        step("replace", "a", LivePullToPush, inputs, inputs | {"dstUrl": f"{signed}2"}),
        step("update", "b", LivePullToPush, inputs, inputs | OTHER, dynamic=True),
        step("delete", "c", old=files),
        step("create", "d", new=full),
        step("update", "e", RecordCallback, callback, callback | {"key": f"{MARK}2"}),
        step("same", "f", old=full, new=full, stack="west"),
    ]
    review = reviewed(*steps)
    for shown in (
        text(review, BERLIN),
        markdown(review, BERLIN),
        page(review, BERLIN),
        document(review, []),
    ):
        assert MARK not in shown
        assert "push.example.com/live" in shown


def test_a_time_far_away_has_its_year() -> None:
    """A window may also have no start or no end."""
    times = Times(BERLIN, NOW)
    assert times.window(Span(NOW, NOW + timedelta(days=400))) == (
        "Tue 1 Jan 13:00 to Wed 5 Feb 2031 13:00"
    )
    assert times.window(Span(NOW, None)) == "from Tue 1 Jan 13:00"
    assert times.window(Span(None, NOW)) == "until Tue 1 Jan 13:00"
    assert times.window(Span(None, None)) == "no time limits"


def test_a_long_error_or_warning_leaves_room_for_the_rows() -> None:
    """A comment's length is limited; the pipeline's log has the full text."""
    long = [{"severity": "error", "message": f"error: {at} {'x' * 2000}"} for at in range(60)]
    urn = STEPS[1]["urn"]
    long += [{"urn": urn, "severity": "warning", "message": "warning: " + "y" * 70_000}]
    shown = markdown(reviewed(*STEPS, diagnostics=long), BERLIN)
    assert len(shown.encode("utf-16-le")) // 2 < 65_536
    assert shown.count("| 🔴") == 2
    many = [step("delete", "🔴" * 20 + str(at), old=of(f"s{at}", OPEN)) for at in range(800)]
    assert len(markdown(reviewed(*many), BERLIN).encode("utf-16-le")) // 2 < 65_536


@pytest.mark.parametrize(
    "times",
    [
        {"endTime": "9999-12-31T23:59:59Z"},
        {"startTime": "0001-01-01T00:00:00Z"},
        {"startTime": "0001-01-01T00:00:00+14:00", "endTime": "9999-12-31T23:59:59-12:00"},
        {"startTime": 5, "endTime": ["x"]},
        {"startTime": "2030-01-01T23:00:00Z", "endTime": "2030-01-01T22:00:00Z"},
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_no_time_breaks_a_review(times: Json, zone: str) -> None:
    """ "For ever" is often written as the last second of the year 9999."""
    old, new = of("main", OPEN), of("main", OPEN, times)
    review = reviewed(step("replace", "main", old=old, new=new), step("create", "b", new=new))
    for write in (text, markdown, page):
        assert "main" in write(review, ZoneInfo(zone))
    assert "main" in document(review, [])


def test_thousands_of_windows_that_overlap_are_still_one_page() -> None:
    """Each is compared only with the one that ends last, instead of with all others."""
    windows = [
        of("main", {"startTime": f"2030-01-{at // 24 + 2:02}T{at % 24:02}:00:00Z", "endTime": None})
        for at in range(500)
    ]
    steps = [step("create", f"w{at}", new=new) for at, new in enumerate(windows)]
    other = [step("create", f"w{at}", new=new, stack="west") for at, new in enumerate(windows)]
    review = judge([plan(*steps), plan(*other)], NOW)
    assert len(review.warned) <= 2 * len(steps)
    assert len(page(review, BERLIN)) < 2_000_000
