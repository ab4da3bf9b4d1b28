"""The emulator: the vendors' APIs, their control routes and a page, in one Flask app."""

from functools import cached_property

from flask import Flask, Response, request

from pulumi_livepull.emulator.clouds import Clouds
from pulumi_livepull.emulator.control import control
from pulumi_livepull.emulator.page import page
from pulumi_livepull.emulator.play import play

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Emulator(Clouds):
    """The vendors' live APIs in one WSGI app. See `Clouds` for what a test can do."""

    @cached_property
    def app(self) -> Flask:
        """The WSGI app."""
        app = Flask(__name__)
        app.url_map.merge_slashes = False
        app.register_blueprint(control(self))
        app.register_blueprint(page(self))
        app.register_blueprint(play(self))
        app.before_request(self._serve_root)
        app.add_url_rule(
            "/<path:path>",
            view_func=lambda path: self.serve(request),
            endpoint="vendors",
            methods=METHODS,
            provide_automatic_options=False,
        )
        return app

    def _serve_root(self) -> Response | None:
        # Some vendors have all operations at `/`, which is also the address of the page.
        asks_for_page = (
            request.method in ("GET", "HEAD")
            and "Authorization" not in request.headers
            and "Action" not in request.args
        )
        return self.serve(request) if request.path == "/" and not asks_for_page else None
