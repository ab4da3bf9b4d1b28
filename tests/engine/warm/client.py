"""Stands for a Python process that the server forks: passes on its streams, signals and exit."""

import json
import os
import signal
import socket
import sys
from typing import Any


def main() -> int:
    """Let the server run this command, wait for its end, and return its exit code."""
    server = socket.socket(socket.AF_UNIX)
    server.connect(os.environ["WARM_SOCKET"])
    request = json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "env": dict(os.environ)})
    body = request.encode()
    socket.send_fds(server, [len(body).to_bytes(4, "big")], [0, 1, 2])
    server.sendall(body)

    def forward(number: int, _: Any) -> None:
        server.send(bytes([number]))

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, forward)
    ended = int.from_bytes(server.recv(4), "big", signed=True)
    if ended < 0:
        signal.signal(-ended, signal.SIG_DFL)
        os.kill(os.getpid(), -ended)
    return ended


if __name__ == "__main__":
    os._exit(main())
