"""The plan of examples/pull-request and the pictures of its review, by the real engine.

`python -m tests.engine.pictures` writes them anew, and the picture of the emulator's page. Nothing
in a plan is of the machine it is from.
"""

import json
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.media.media import Media
from pulumi_livepull.emulator.server import running
from tests.engine.sdks import EXAMPLES
from tests.engine.stacks import PROJECT, REGION, ROOT, Json, Stack, find_engine, in_plugin
from tools import browser
from tools.browser import Look

EXAMPLE = EXAMPLES / "pull-request"
PICTURES = ROOT / "docs" / "pictures"
ON_AIR = datetime(2030, 1, 5, 12, 30, tzinfo=UTC)
"""Saturday evening in Shanghai, when most of the channels are on air."""

REVIEW = ("--time-zone", "Asia/Shanghai", "--at", "2030-01-05T20:30:00+08:00")

_KEPT_OF_STEP = ("op", "urn", "detailedDiff", "diffReasons", "replaceReasons")
_KEPT_OF_STATE = ("urn", "custom", "id", "type", "parent", "inputs", "outputs")


def planned(stack: Stack, emulator: Emulator, url: str) -> Json:
    """Bring up the channels, and return the plan of those that are proposed."""
    emulator.clock.set(ON_AIR)
    in_plugin(stack, url)
    for name in ("__main__.py", "channels.csv"):
        (stack.folder / name).write_text((EXAMPLE / name).read_text(encoding="utf-8"))
    stack.command("config", "set", "--stack", "dev", "domain", "example.com")
    stack.up()
    proposed = (EXAMPLE / "proposed.csv").read_text(encoding="utf-8")
    (stack.folder / "channels.csv").write_text(proposed)
    said = stack.command("preview", "--json", "--show-sames", "--stack", "dev")
    return _portable(json.loads(said))


def _portable(plan: Json) -> Json:
    """Return a plan without what is of one machine and one run."""
    steps = [
        {
            **{name: step[name] for name in _KEPT_OF_STEP if step.get(name)},
            **{
                state: {name: step[state][name] for name in _KEPT_OF_STATE if name in step[state]}
                for state in ("oldState", "newState")
                if step.get(state)
            },
        }
        for step in plan["steps"]
        if "pulumi:providers:" not in step["urn"]
    ]
    steps.sort(key=lambda step: step["urn"])
    same = sum(step["op"] == "same" for step in steps)
    made = {
        "steps": steps,
        "diagnostics": plan.get("diagnostics", []),
        "changeSummary": {**plan["changeSummary"], "same": same},
    }
    text = json.dumps(made).replace("urn:pulumi:dev::relay::", "urn:pulumi:prod::tv::")
    found: Json = json.loads(re.sub(r"relay-dev", "tv-prod", text))
    return found


def drawn(folder: Path) -> None:
    """Write the pictures of the review of the plan into a folder."""
    from pulumi_livepull.__main__ import main

    page, comment = folder / "page.html", folder / "comment.md"
    files = [str(EXAMPLE / "plan.json"), f"--out={page}", f"--out={comment}"]
    main(["review", *files, *REVIEW])
    browser.look(page, Look(height=700, picture=str(folder / "review-page.png")))
    modules = browser.modules()
    scripts = [
        (modules / name).read_text(encoding="utf-8")
        for name in ("marked/lib/marked.umd.js", "mermaid/dist/mermaid.min.js")
    ]
    shown = folder / "comment.html"
    shown.write_text(
        "<!doctype html><meta charset=utf-8><style>"
        "body{font:14px/1.5 system-ui,sans-serif;color:#1f2328;margin:16px;max-width:980px}"
        "table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:6px 13px}"
        "code{background:#eff1f3;padding:.2em .4em;border-radius:6px}sub{color:#59636e}"
        f"</style><body></body>{''.join(f'<script>{script}</script>' for script in scripts)}"
        f"<script type=text/plain id=md>{comment.read_text(encoding='utf-8')}</script>",
        encoding="utf-8",
    )
    dots = {"🔴": "#d1242f", "🟠": "#bc4c00", "🟡": "#d4a72c", "🟢": "#1a7f37", "⚪": "#afb8c1"}
    for emoji, colour in dots.items():  # The browser here has no font with these.
        circle = f"<svg width=14 height=14><circle cx=7 cy=7 r=7 fill='{colour}'/></svg>"
        shown.write_text(shown.read_text(encoding="utf-8").replace(emoji, circle), encoding="utf-8")
    draw = """
    (async () => {
      document.body.innerHTML = marked.parse(document.getElementById("md").textContent);
      document.querySelector("details").open = true;
      const code = document.querySelector("code.language-mermaid");
      mermaid.initialize({ startOnLoad: false });
      const { svg } = await mermaid.render("picture", code.textContent);
      code.parentElement.outerHTML = svg;
    })()
    """
    picture = str(folder / "review-comment.png")
    browser.look(shown, Look(width=1012, height=700, answers={"drawn": draw}, picture=picture))
    for file in (page, comment, shown):
        file.unlink()


MAIN = "https://live.example.org/red.flv"
CHANNEL = ("push.example.com", "live", "news")
FILMS = ("push.example.com", "films", "night")
STREAMS: Json = {
    "huaweicloud": {
        "tasks": {
            PROJECT: [
                {
                    "source_type": "PullLivePushLive",
                    "source_urls": [MAIN],
                    "backup_source_type": "PullLivePushLive",
                    "backup_source_urls": ["https://backup.example.org/green.flv"],
                    "destination_url": f"rtmp://{'/'.join(CHANNEL)}",
                },
                {
                    "source_type": "PullVodPushLive",
                    "source_urls": ["https://vod.example.com/404.mp4"],
                    "destination_url": "rtmp://push.example.com/live/sports",
                },
            ]
        }
    },
    "alicloud": {
        "tasks": {
            "cn-shanghai": [
                {
                    "TaskName": "films",
                    "SourceType": "vod",
                    "SourceUrls": ["https://vod.example.com/blue-60s.mp4"],
                    "DstUrl": f"rtmp://{'/'.join(FILMS)}",
                    "StartTime": "2030-01-05T12:00:00Z",
                    "EndTime": "2030-01-05T18:00:00Z",
                }
            ]
        }
    },
}
"""A channel whose main source fails, one whose file is missing, and one of files."""


def drawn_on_air(folder: Path) -> None:
    """Write the picture of the emulator's page while it relays into a folder."""
    emulator = Emulator(clock=Clock(frozen_at=ON_AIR))
    with Media(emulator).running() as media, running(emulator) as url:
        emulator.seed(STREAMS)
        media.wait_until(lambda: media.colour(*CHANNEL) == "red")
        emulator.arm("fail_source", source=MAIN)
        media.wait_until(lambda: media.colour(*CHANNEL) == "green")
        media.wait_until(lambda: media.colour(*FILMS) == "blue")
        loaded = {"loaded": "Promise.all([...document.images].map((each) => each.decode()))"}
        picture = str(folder / "emulator-page.png")
        browser.look(f"{url}/", Look(height=560, answers=loaded, picture=picture, whole=False))


def write() -> None:
    """Write the plan and the pictures."""
    emulator = Emulator()
    emulator.seed({"huaweicloud": {"projects": {REGION: PROJECT}}})
    with tempfile.TemporaryDirectory() as folder, running(emulator) as url:
        stack = Stack(Path(folder) / "stack", find_engine())
        stack.init()
        stack.configure("huaweicloudEndpoint", url)
        plan = planned(stack, emulator, url)
    (EXAMPLE / "plan.json").write_text(json.dumps(plan, indent=1) + "\n", encoding="utf-8")
    PICTURES.mkdir(exist_ok=True)
    drawn(PICTURES)
    drawn_on_air(PICTURES)


if __name__ == "__main__":
    write()
