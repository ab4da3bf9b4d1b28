"""The page at `/`: the emulator's contents and its latest requests."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template

from pulumi_livepull.emulator.clouds import Clouds
from pulumi_livepull.emulator.control import refuse_strangers
from pulumi_livepull.emulator.vendor import Kind

LAST_REQUESTS = 50
# The page is self-contained. Nothing else may run or load, even if an escape were missing.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'"
)
STATUSES = ("status", "TaskStatus", "Status")


class Card(NamedTuple):
    """A task, callback or the like on the page."""

    vendor: str
    place: str
    """Its project or region at the vendor, if any."""

    name: str
    status: Any
    tone: str
    fields: dict[str, Any]


def page(emulator: Clouds) -> Blueprint:
    """The page of one emulator."""
    routes = Blueprint("page", __name__)
    routes.before_request(refuse_strangers)

    @routes.get("/")
    def _show() -> Response:
        state = emulator.state()
        html = render_template(
            "page.html",
            now=emulator.clock.now(),
            moved=emulator.clock.moved,
            tasks=list(_cards(emulator, state, relays=True)),
            streams=list(_streams(emulator)),
            relays=emulator.media is not None,
            callbacks=list(_cards(emulator, state, relays=False)),
            requests=list(islice(reversed(list(emulator.journal)), LAST_REQUESTS)),
        )
        response = make_response(html)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return routes


def _cards(emulator: Clouds, state: dict[str, Any], *, relays: bool) -> Iterator[Card]:
    """Every thing that relays, or every other one, newest first."""
    for vendor in emulator.vendors.values():
        for kind in (kind for kind in vendor.kinds if kind.relays is relays):
            things = state[vendor.name][kind.key]
            by_place = things if isinstance(things, dict) else {"": things}
            for place, in_place in by_place.items():
                yield from (_card(vendor.name, kind, place, thing) for thing in reversed(in_place))


def _streams(emulator: Clouds) -> Iterator[dict[str, Any]]:
    """Every stream that is or should be on air, with links to players."""
    for stream in emulator.streams():
        name = "/".join(stream[part] for part in ("domain", "app", "stream"))
        yield {**stream, "name": name, "base": quote(f"/play/{name}")}


def _card(vendor: str, kind: Kind, place: str, thing: dict[str, Any]) -> Card:
    fields = {name: value for name, value in thing.items() if value not in ("", [])}
    names = next(names for names in kind.names if fields.keys() >= set(names))
    name = "/".join(str(fields.pop(each)) for each in names)
    status = next((fields.pop(name) for name in STATUSES if name in fields), None)
    return Card(vendor, place, name, status, kind.tones.get(status, ""), fields)
