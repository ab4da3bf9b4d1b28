"""A Python that has imported Pulumi and this package, and forks a process for each command.

Every operation of the engine starts two Pythons, for the program and for its provider, and most of
their time goes into the same imports. A fork has them already. It has the command's own arguments,
environment, folder and streams, runs it as `__main__`, and ends as an interpreter ends.
"""

import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

IMPORTS = (
    *("asyncio", "configparser", "encodings.idna", "httpcore", "httpx", "stringprep", "tenacity"),
    *("grpc._channel", "grpc._interceptor", "grpc._server", "grpc.experimental"),
    *("pulumi.dynamic", "pulumi_livepull.provider"),
)
PACKAGES = ("core", "hosts", "vendors")


def warm_up() -> None:
    """Import what most commands import sooner or later."""
    for name in IMPORTS:
        importlib.import_module(name)
    for name in PACKAGES:
        package = importlib.import_module(f"pulumi_livepull.{name}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    gc.collect()
    gc.freeze()


def serve(address: str) -> dict[str, Any]:
    """Fork a process for each command, and return the command in that process."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        client, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return _supervised(client)
        client.close()


def _supervised(client: socket.socket) -> dict[str, Any]:
    """Fork once more: the parent passes on signals and the exit, the child returns."""
    size, streams, *_ = socket.recv_fds(client, 4, 3)
    body = b""
    while len(body) < int.from_bytes(size, "big"):
        body += client.recv(1 << 20)
    if pid := os.fork():
        for stream in (0, 1, 2, *streams):
            os.close(stream)
        _watch(client, pid)
    client.close()
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    request: dict[str, Any] = json.loads(body)
    return request


def _watch(client: socket.socket, pid: int) -> None:
    """Wait for the end of a process, which dies with its client."""
    ended = os.pidfd_open(pid)
    while True:
        ready, _, _ = select.select([ended, client.fileno()], [], [])
        if ended in ready:
            _, status = os.waitpid(pid, 0)
            code = os.waitstatus_to_exitcode(status)
            client.send(code.to_bytes(4, "big", signed=True))
            os._exit(0)
        for number in client.recv(16) or [signal.SIGKILL]:
            signal.pidfd_send_signal(ended, number)


def run(argv: list[str], cwd: str, env: dict[str, str]) -> None:
    """Do what `python3` does with these arguments, of which only a few options are known."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for name, stream in (("stdout", 1), ("stderr", 2)):
        raw = io.FileIO(stream, "w", closefd=False)
        setattr(sys, name, io.TextIOWrapper(raw, encoding="utf-8", write_through=True))
    options = {argv.pop(0) for _ in range(2) if argv[0] in {"-u", "-P"}}
    if argv[0] == "-m":
        if "-P" not in options:
            sys.path.insert(0, cwd)
        sys.argv = argv[1:]
        runpy._run_module_as_main(argv[1])  # type: ignore[attr-defined]
    else:
        sys.argv = argv
        sys.path.insert(0, str(Path(argv[0]).parent))
        program = Path(argv[0]).read_bytes()
        space = sys.modules["__main__"].__dict__
        space |= {"__file__": argv[0], "__cached__": None, "__doc__": None}
        exec(compile(program, argv[0], "exec"), space)


if __name__ == "__main__":
    sys.path.pop(0)
    warm_up()
    run(**serve(sys.argv[1]))
