"""The page at `/`: what the emulator holds and what it was asked last, for people."""

from itertools import islice
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, make_response, render_template

from pulumi_livepull.emulator.control import refuse_strangers

if TYPE_CHECKING:
    from pulumi_livepull.emulator.app import Emulator

LAST_REQUESTS = 50
# All that the page needs is in it; nothing else may run or load, even if an escape were missed.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; frame-ancestors 'none'"
)


def page(emulator: "Emulator") -> Blueprint:
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
            tasks=_things(state, "tasks"),
            callbacks=_things(state, "callbacks"),
            requests=list(islice(reversed(list(emulator.journal)), LAST_REQUESTS)),
        )
        response = make_response(html)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return routes


def _things(state: dict[str, Any], kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Vendor, project and fields of every thing of this kind, newest first."""
    return [
        (vendor, project, {name: value for name, value in thing.items() if value not in ("", [])})
        for vendor, parts in state.items()
        for project, things in parts[kind].items()
        for thing in reversed(things)
    ]
