"""A bucket on this machine that keeps the state of stacks, and counts what is written to it."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server


class Bucket:
    """An S3 service with one bucket."""

    def __init__(self) -> None:
        self._service = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self.server = make_server("127.0.0.1", 0, self, threaded=True)
        self.requests = 0
        self.written = 0

    def __call__(self, environ: dict[str, Any], respond: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        with self._lock:
            self.requests += 1
            self.written += int(environ.get("CONTENT_LENGTH") or 0)
        answer: Iterable[bytes] = self._service(environ, respond)
        return answer

    def variables(self, folder: str) -> Mapping[str, str]:
        """Return what tells the engine to keep its state in a folder of the bucket."""
        place = f"endpoint=127.0.0.1:{self.server.port}&disableSSL=true&s3ForcePathStyle=true"
        return {
            "PULUMI_BACKEND_URL": f"s3://state/{folder}?{place}&region=us-east-1",
            "AWS_ACCESS_KEY_ID": "livepull",
            "AWS_SECRET_ACCESS_KEY": "livepull",
        }


@contextmanager
def bucket() -> Iterator[Bucket]:
    """Serve a bucket until the block is left."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    bucket = Bucket()
    serving = threading.Thread(target=bucket.server.serve_forever)
    serving.start()
    try:
        address = f"http://127.0.0.1:{bucket.server.port}/state"
        httpx.put(address, trust_env=False).raise_for_status()
        yield bucket
    finally:
        bucket.server.shutdown()
        serving.join()
        bucket.server.server_close()
