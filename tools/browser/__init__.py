"""A real browser, Chromium, for looking at pages: from npm, into the user's cache folder."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools import npm
from tools.engine.progress import run

PINNED = Path(__file__).parent

LIMIT_SECONDS = 120


@dataclass(frozen=True)
class Look:
    """One visit to a page: window size, colour scheme, and what to evaluate.

    `at` is the address of another page, seen from the one that is looked at.
    `answers` are expressions of JavaScript by name, which may await, evaluated after `keys` were
    pressed one after another. `picture` is a file for a picture of the whole page, or of what is
    in sight if it is not to be `whole`.
    """

    width: int = 1280
    height: int = 900
    colours: str = "light"
    at: str = ""
    keys: Sequence[str] = ()
    answers: Mapping[str, str] | None = None
    picture: str = ""
    whole: bool = True


def look(page: Path | str, *looks: Look) -> list[dict[str, Any]]:
    """Visit a file or address. Return the answers of each visit, with failures under `errors`."""
    folder = npm.installed("browser", PINNED, ("chromium",), _unpack)
    address = page if isinstance(page, str) else page.absolute().as_uri()
    order = {"page": address, "looks": [asdict(each) for each in looks]}
    ran = subprocess.run(
        ["node", str(PINNED / "look.mjs"), str(folder)],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def modules() -> Path:
    """The npm packages besides the browser."""
    return npm.installed("browser", PINNED, ("chromium",), _unpack) / npm.MODULES


def _unpack(folder: Path) -> None:
    """Unpack the browser, which npm delivers compressed, into the folder."""
    run(
        ["node", str(PINNED / "unpack.mjs"), str(folder)],
        "Chromium",
        limit_seconds=LIMIT_SECONDS,
        env={**os.environ, "TMPDIR": str(folder)},
    )
