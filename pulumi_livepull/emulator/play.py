"""The routes under /play: pictures and players of the streams on air."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from pulumi_livepull.emulator.clouds import Clouds
from pulumi_livepull.emulator.control import refuse_strangers

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src 'self' data:; media-src 'self' blob:; frame-ancestors 'none'"
)


def play(emulator: Clouds) -> Blueprint:
    """The players of one emulator. Without relays, these paths go to the vendors like all
    others."""
    routes = Blueprint("play", __name__, url_prefix="/play")

    @routes.before_request
    def _check() -> Any:
        return refuse_strangers() if emulator.media else emulator.serve(request)

    @routes.get("/<domain>/<path:app>/<stream>.jpg")
    def _show_picture(domain: str, app: str, stream: str) -> AnyResponse:
        still = _media(emulator).take_picture(domain, app, stream)
        return _fresh(still.jpeg, "image/jpeg") if still else _missing()

    @routes.get("/<domain>/<path:app>/<stream>.flv")
    def _send_to_ingest(domain: str, app: str, stream: str) -> AnyResponse:
        path = quote(f"{domain}/{app}/{stream}")
        return redirect(f"http://127.0.0.1:{_media(emulator).port}/play/{path}.flv")

    @routes.get("/<domain>/<path:app>/<stream>.m3u8")
    def _show_playlist(domain: str, app: str, stream: str) -> AnyResponse:
        data = _media(emulator).find_part(domain, app, stream, "index.m3u8")
        if data is None:
            return _missing()
        return _fresh(_with_folder(data, f"{quote(stream)}.hls/"), "application/vnd.apple.mpegurl")

    @routes.get("/<domain>/<path:app>/<stream>.hls/<file>")
    def _show_part(domain: str, app: str, stream: str, file: str) -> AnyResponse:
        data = _media(emulator).find_part(domain, app, stream, file)
        return _fresh(data, "video/mp4") if data else _missing()

    @routes.get("/<domain>/<path:app>/<stream>")
    def _show_player(domain: str, app: str, stream: str) -> AnyResponse:
        base = quote(f"/play/{domain}/{app}/{stream}")
        html = render_template("play.html", name=f"{domain}/{app}/{stream}", base=base)
        response = make_response(html)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return routes


def _media(emulator: Clouds) -> Any:
    return emulator.media


def _with_folder(playlist: bytes, folder: str) -> bytes:
    """The playlist with its segments in a folder beside it."""
    lines = playlist.decode().replace('URI="', f'URI="{folder}').splitlines()
    lines = [line if not line or line.startswith("#") else folder + line for line in lines]
    return "\n".join([*lines, ""]).encode()


def _fresh(data: bytes, mimetype: str) -> Response:
    return Response(data, mimetype=mimetype, headers={"Cache-Control": "no-store"})


def _missing() -> Response:
    return Response("not on air\n", 404, mimetype="text/plain")
