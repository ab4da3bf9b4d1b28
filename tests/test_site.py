"""The documentation site, built once: every link leads somewhere, and a browser shows it well."""

import functools
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from pulumi_livepull.generate.about import About
from pulumi_livepull.vendors import VENDORS
from tools import browser
from tools.browser import Look

ROOT = Path(__file__).parents[1]
ABOUT = About.of(ROOT)
SITE = "https://site.example/"

SHOWN = {
    "overflow": "document.documentElement.scrollWidth - innerWidth",
    "ground": "getComputedStyle(document.body).backgroundColor",
    "title": "document.querySelector('h1').firstChild.textContent",
}
WHEN = """new Promise((done) => {{
  const look = () => {} ? done({}) : requestAnimationFrame(look);
  look();
}})"""
HITS = "document.querySelectorAll('.md-search-result__link')"
DRAWN = "document.querySelector('div.mermaid')?.offsetHeight"


class Page(HTMLParser):
    """What a page links to and loads, and where in it a link may point."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loads: set[str] = set()
        self.anchors: set[str] = {""}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag of the page."""
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found.get("id", ""), found.get("name", "")}
        if tag in {"script", "img", "link"} and found.get("rel") != "canonical":
            self.loads |= {found.get("src", ""), found.get("href", "")} - {""}
        elif tag == "a" and "href" in found:
            self.links.add(found["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Every page by its address."""
    return {
        SITE + path.relative_to(site).as_posix().removesuffix("index.html"): Page(
            path.read_text(encoding="utf-8")
        )
        for path in site.rglob("*.html")
        if path.name != "404.html"
    }


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Where the site is served: a browser searches only what it got from a server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_link_leads_to_a_page_a_heading_or_a_file_of_the_repository(
    site: Path, pages: dict[str, Page]
) -> None:
    """Pages are written for GitHub; where a link leaves them, it leads to the repository."""
    broken = []
    for own, page in pages.items():
        for link in page.links | page.loads:
            target, _, anchor = urljoin(own, link).partition("#")
            path = unquote(urlsplit(target).path)
            if target in pages:
                there = unquote(anchor) in pages[target].anchors
            elif target.startswith(SITE):
                there = (site / path.lstrip("/")).is_file()
            elif target.startswith(files := (f"{ABOUT.repository}/blob/main/")):
                there = (ROOT / target.removeprefix(files)).is_file()
            elif target.startswith(files := (f"{ABOUT.repository}/tree/main/")):
                there = (ROOT / target.removeprefix(files)).is_dir()
            else:
                there = urlsplit(target).scheme in {"http", "https"}
            if not there:
                broken.append(f"{own}: {link}")
    assert broken == []


def test_a_page_loads_nothing_from_elsewhere(pages: dict[str, Page]) -> None:
    """It works without a network, and tells nobody who reads."""
    assert {load for page in pages.values() for load in page.loads if "://" in load} == set()


def test_the_site_has_a_page_for_all_that_a_program_uses(pages: dict[str, Page]) -> None:
    """Resources, functions and modules; but not the pages that only the Registry reads."""
    for vendor in VENDORS:
        kinds = [f"resources/{vendor.name}/{kind.__name__}" for kind in vendor.resources]
        for path in (*kinds, f"functions/{vendor.name}", f"api/{vendor.name}"):
            assert f"{SITE}{path}/" in pages
        names = {f"pulumi_livepull.{vendor.name}.{kind.__name__}" for kind in vendor.resources}
        assert names <= pages[f"{SITE}api/{vendor.name}/"].anchors
    documented = {
        "callbacks": "callbacks.volcengine.verify",
        "errors": "errors.ApiError",
        "policy": "policy.policies",
        "provider": "provider.Provider",
        "testing": "testing.rehearsing",
        "windows": "core.windows.recurring",
    }
    for module, name in documented.items():
        assert f"pulumi_livepull.{name}" in pages[f"{SITE}api/{module}/"].anchors
    assert not {path for path in pages if "_index" in path or "installation-conf" in path}


def test_a_browser_shows_pages_at_every_size_draws_and_finds(address: str) -> None:
    """The browser starts once for all of these checks."""
    task = "resources/huaweicloud/PullTask/"
    hits = WHEN.format(f"{HITS}.length", f"{HITS}[0].pathname")
    phone = functools.partial(Look, width=390, height=844, colours="dark")
    desk, found, start, reference, module, drawn = browser.look(
        address,
        Look(at=task, answers=SHOWN),
        Look(keys=("/", *"source_urls"), answers=SHOWN | {"first": hits}),
        phone(answers=SHOWN),
        phone(at=task, answers=SHOWN),
        phone(at="api/windows/", answers=SHOWN),
        phone(at="architecture/", answers=SHOWN | {"drawn": WHEN.format(DRAWN, DRAWN)}),
    )
    for each in (desk, found, start, reference, module, drawn):
        assert each["errors"] == []
        assert each["overflow"] == 0
    assert desk["title"] == reference["title"] == "huaweicloud.PullTask"
    assert desk["ground"] != reference["ground"]
    assert found["first"].startswith("/resources/")
    assert drawn["drawn"] > 100
