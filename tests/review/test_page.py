"""The page in a real browser: on a desk and on a phone, in light and dark, by keyboard."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pulumi_livepull.review.markdown import markdown
from pulumi_livepull.review.page import page
from tests.review.plans import HUAWEI, reviewed, step
from tests.review.test_writing import STEPS
from tools import browser
from tools.browser import Look

ZONE = ZoneInfo("Europe/Berlin")
TICKS = "[...document.querySelectorAll('#axis text')].map((each) => each.textContent)"
ANSWERS = {
    "title": "document.querySelector('h1').textContent",
    "overflow": "document.documentElement.scrollWidth - innerWidth",
    "ticks": TICKS,
    "rows": "document.querySelectorAll('.rows li').length",
    "spoken": "document.querySelector('.lane').getAttribute('aria-label')",
    "wide": "wide.clientWidth / scroll.clientWidth",
    "now": "now.getBoundingClientRect().left",
    "focus": "document.activeElement.id",
    "ground": "getComputedStyle(document.body).backgroundColor",
    "small": "[...document.querySelectorAll('button')].filter((b) => b.offsetHeight < 24).length",
    "unnamed": "[...document.querySelectorAll('.lane')].filter((e) => !e.ariaLabel).length",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a plan with every effect."""
    file = tmp_path_factory.mktemp("page") / "review.html"
    file.write_text(page(reviewed(*STEPS), ZONE), encoding="utf-8")
    return file


def test_the_page_works_at_every_size_in_light_and_dark_and_by_keyboard(written: Path) -> None:
    """The browser starts once for all of these checks."""
    desk, phone, zoomed, back, tabbed = browser.look(
        written,
        Look(answers=ANSWERS),
        Look(width=390, height=844, colours="dark", answers=ANSWERS),
        Look(keys=("+", "+", "n"), answers=ANSWERS),
        Look(keys=("+", "+", "-", "0"), answers=ANSWERS),
        Look(keys=("Tab", "Enter", "Enter"), answers=ANSWERS),
    )
    for each in (desk, phone, zoomed, back, tabbed):
        assert each["errors"] == []
        assert each["overflow"] <= 0
        assert each["small"] == each["unnamed"] == 0
        assert each["rows"] == 7
    assert desk["title"].startswith("2 channels go off air")
    assert desk["spoken"].startswith("push.example.com/live/arena: arena before Tue 1 Jan 12:00")
    assert desk["ground"] != phone["ground"]
    assert desk["wide"] == back["wide"] == pytest.approx(1, abs=0.01)
    assert zoomed["wide"] == pytest.approx(4, abs=0.05)
    assert len(zoomed["ticks"]) > 2 * len(desk["ticks"]) > 4
    assert 0 < zoomed["now"] < 1280
    # The first control by Tab makes it smaller, which it cannot be: the second was never reached.
    assert tabbed["focus"] == "out"
    assert tabbed["wide"] == pytest.approx(1, abs=0.01)


def test_ticks_stand_at_full_hours_of_the_zone_across_daylight_saving(tmp_path: Path) -> None:
    """On 31 March 2030, Berlin has no 2:30."""

    times = {"startTime": "2030-03-30T20:00:00Z", "endTime": "2030-03-31T06:00:00Z"}
    review = reviewed(
        step("create", "night", new=HUAWEI | times), at=datetime(2030, 3, 30, 21, tzinfo=UTC)
    )
    file = tmp_path / "night.html"
    file.write_text(page(review, ZONE), encoding="utf-8")
    (found,) = browser.look(file, Look(answers={"ticks": TICKS}))
    assert "31 Mar" in found["ticks"]
    assert "01:00" in found["ticks"]
    assert "02:00" not in found["ticks"]
    assert "03:00" in found["ticks"]


def test_mermaid_draws_the_picture_of_a_comment(tmp_path: Path) -> None:
    """As GitHub and GitLab do: they render the Markdown, then the diagram in it."""
    modules = browser.modules()
    marked = (modules / "marked/lib/marked.umd.js").read_text(encoding="utf-8")
    mermaid = (modules / "mermaid/dist/mermaid.min.js").read_text(encoding="utf-8")
    file = tmp_path / "comment.html"
    comment = markdown(reviewed(*STEPS), ZONE)
    file.write_text(
        f"<!doctype html><meta charset=utf-8><body></body><script>{marked}</script>"
        f"<script>{mermaid}</script><script type='text/plain' id='md'>{comment}</script>",
        encoding="utf-8",
    )
    draw = """
    (async () => {
      document.body.innerHTML = marked.parse(document.getElementById("md").textContent);
      const code = document.querySelector("code.language-mermaid").textContent;
      mermaid.initialize({ startOnLoad: false });
      const { svg } = await mermaid.render("picture", code);
      const drawn = new DOMParser().parseFromString(svg, "text/html");
      return {
        bars: drawn.querySelectorAll("rect.task").length,
        sections: drawn.querySelectorAll("text.sectionTitle").length,
        rows: document.querySelectorAll("tbody tr").length,
        links: document.querySelectorAll("a").length,
      };
    })()
    """
    (found,) = browser.look(file, Look(answers={"drawn": draw}))
    assert found["errors"] == []
    # Of six relays that change, one has no window afterwards.
    assert found["drawn"] == {"bars": 11, "sections": 6, "rows": 7, "links": 0}
