"""The routes under /_emulator, for tests in another process and for the page.

They take JSON, need no signature, and answer only requests to this machine's own names.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request

from pulumi_livepull.emulator.clouds import Clouds
from pulumi_livepull.emulator.faults import KINDS

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
STREAM = ("vendor", "domain", "app", "stream")

Reply = Response | tuple[Response, int]


def refuse_strangers() -> Reply | None:
    """Refuse requests from other sites' pages in a browser on this machine.

    Such a request has the page's own host name (DNS rebinding), or our host with the page's
    `Origin`.
    """
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    if host not in LOOPBACK or (origin and urlsplit(origin).netloc != request.host):
        return _wrong("ask on 127.0.0.1 or localhost", 403)
    return None


def control(emulator: Clouds) -> Blueprint:
    """The control routes of one emulator."""
    routes = Blueprint("control", __name__, url_prefix="/_emulator")
    routes.before_request(refuse_strangers)

    @routes.errorhandler(ValueError)
    @routes.errorhandler(OverflowError)
    def _refuse(error: Exception) -> Reply:
        return _wrong(str(error), 400)

    _add_changes(routes, emulator)
    _add_keys(routes, emulator)
    _add_views(routes, emulator)
    return routes


def _add_changes(routes: Blueprint, emulator: Clouds) -> None:
    """Add the routes that change something."""

    @routes.post("/reset")
    def _reset() -> Response:
        emulator.reset()
        return jsonify(ok=True)

    @routes.post("/seed")
    def _seed() -> Response:
        emulator.seed(_body())
        return jsonify(emulator.state())

    @routes.post("/faults")
    def _arm() -> Response:
        body = _body()
        if "fault" not in body:
            raise ValueError(f'the field "fault" is missing; known faults: {", ".join(KINDS)}')
        emulator.arm(body.pop("fault"), **body)
        return jsonify(ok=True)

    @routes.post("/rates")
    def _switch_rates() -> Response:
        body = _body()
        if body.keys() != {"rates"} or not isinstance(body["rates"], bool):
            raise ValueError('send {"rates": true} or {"rates": false}')
        emulator.rates = body["rates"]
        return jsonify(rates=emulator.rates)

    @routes.post("/record")
    def _record() -> Response:
        body = _body()
        if not body.keys() - {"event", "vhost"} == set(STREAM) or not all(
            isinstance(value, str) for value in body.values()
        ):
            raise ValueError(f"send texts {', '.join(STREAM)} and perhaps event and vhost")
        return jsonify([asdict(each) for each in emulator.record(**body)])

    @routes.post("/clock")
    def _move_clock() -> Response:
        _move(emulator, _body())
        return _clock_of(emulator)


def _add_keys(routes: Blueprint, emulator: Clouds) -> None:
    """Add what stands for a token service: it answers as a credentials program prints."""

    @routes.post("/keys")
    def _issue() -> Response:
        match _body():
            case {"vendor": str(vendor), **others} if set(others) <= {"seconds"}:
                seconds = others.get("seconds", 3600)
                if not isinstance(seconds, int | float):
                    raise ValueError("seconds must be a number")
                keys = emulator.issue(vendor, timedelta(seconds=seconds))
            case _:
                raise ValueError('send {"vendor": "<name of a vendor>"} and perhaps seconds')
        return jsonify(
            Version=1,
            AccessKeyId=keys.access_key_id,
            SecretAccessKey=keys.secret_access_key,
            SessionToken=keys.security_token,
            Expiration=keys.expires.isoformat(),
        )


def _move(emulator: Clouds, body: dict[str, Any]) -> None:
    match body:
        case {"now": str(now), **others} if not others:
            emulator.clock.set(datetime.fromisoformat(now))
        case {"advance_seconds": int() | float() as seconds, **others} if not others:
            emulator.clock.advance(timedelta(seconds=seconds))
        case _:
            raise ValueError('send {"now": "2025-01-02T03:04:05Z"} or {"advance_seconds": 60}')


def _clock_of(emulator: Clouds) -> Response:
    return jsonify(now=emulator.clock.now().isoformat(), frozen=emulator.clock.frozen)


def _add_views(routes: Blueprint, emulator: Clouds) -> None:
    """Add the routes that show something."""

    @routes.get("/deliveries")
    def _show_deliveries() -> Response:
        return jsonify([asdict(each) for each in emulator.deliveries])

    @routes.get("/clock")
    def _show_clock() -> Response:
        return _clock_of(emulator)

    @routes.get("/journal")
    def _show_journal() -> Response:
        return jsonify([asdict(entry) for entry in emulator.journal])

    @routes.get("/state")
    def _show_state() -> Response:
        return jsonify(emulator.state())

    @routes.get("/coverage")
    def _show_coverage() -> Response:
        return jsonify([row._asdict() for row in emulator.coverage()])

    @routes.get("/streams")
    def _show_streams() -> Response:
        return jsonify(emulator.streams())

    @routes.get("/health")
    def _show_health() -> Response:
        return jsonify(ok=True, vendors=list(emulator.vendors))


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ValueError("send a JSON object, with Content-Type: application/json")
    return body


def _wrong(message: str, status: int) -> Reply:
    return jsonify(error=message), status
