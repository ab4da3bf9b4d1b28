"""Run one job: a relay, a conversion, or pictures; see the package."""

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from threading import Lock, Thread
from typing import Any

import av.logging

from pulumi_livepull.emulator.media.worker import convert
from pulumi_livepull.emulator.media.worker.relay import Orders, Relay

_LOCK = Lock()


def tell(event: str, **about: Any) -> None:
    """Write one line of JSON for the emulator."""
    with _LOCK:
        sys.stdout.write(json.dumps({"event": event, **about}) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Read and run the job, and end when standard input closes."""
    av.logging.set_level(None)
    if sys.argv[1:] == ["fork"]:
        _serve_forks()
    _bound_memory()
    _work()


def _work() -> None:
    job = json.loads(sys.stdin.buffer.readline())
    # FFmpeg uses this proxy for everything over HTTP.
    os.environ["http_proxy"] = job.get("proxy", "")
    if job["do"] == "relay":
        orders = Orders(job, job["faults"])
        Thread(target=_listen, args=(orders,), daemon=True).start()
        Relay(orders, tell).run()
    elif job["do"] == "pictures":
        convert.serve_pictures(sys.stdin.buffer, sys.stdout.buffer)
    else:
        Thread(target=_listen, args=(None,), daemon=True).start()
        tell("converted", **convert.convert(job))
    # A normal exit would wait for the reading thread.
    os._exit(0)


def _serve_forks() -> None:
    """Fork for each job. Returns in the new process, with its pipes in place.

    Each request comes with two pipe ends for standard input and output. The answer is the process
    id.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    line = socket.socket(fileno=os.dup(0))
    while True:
        said, descriptors, _, _ = socket.recv_fds(line, 1, 2)
        if not said:
            os._exit(0)
        number = os.fork()
        if number == 0:
            break
        for descriptor in descriptors:
            os.close(descriptor)
        line.sendall(number.to_bytes(4, "big"))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    line.close()
    for standard, descriptor in enumerate(descriptors):
        os.dup2(descriptor, standard)
        os.close(descriptor)


def _listen(orders: Orders | None) -> None:
    for line in sys.stdin.buffer:
        order: Mapping[str, Any] = json.loads(line)
        if orders:
            orders.take(order)
    # The emulator has ended. Do not wait for anything, because a demuxer may hang.
    os._exit(0)


def _bound_memory() -> None:
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = 2 * 1024**3
    if soft == resource.RLIM_INFINITY or soft > most:
        # macOS does not support this limit.
        try:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        except (OSError, ValueError):
            return


if __name__ == "__main__":
    main()
