"""The `livepull` command."""

import argparse
import errno
import io
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

NOT_THIS_MACHINE = {errno.EADDRNOTAVAIL, socket.EAI_NONAME}
"""Errors for a host that is not an address of this machine."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="livepull", description=__doc__)
    own_version = f"livepull {version('pulumi-livepull')}"
    made.add_argument("--version", action="version", version=own_version)
    commands = made.add_subparsers(dest="command", required=True)
    emulator = commands.add_parser("emulator", help="serve the vendors' APIs on this machine")
    emulator.add_argument("--host", default="127.0.0.1", help="address to listen on")
    emulator.add_argument(
        "--port", type=int, default=4510, help="port to listen on; 0 picks a free one"
    )
    _add_relay(emulator)
    migrate = commands.add_parser("migrate", help="move a stack to the other host")
    migrate.add_argument("--to", choices=["dynamic", "plugin"], required=True, help="the host")
    migrate.add_argument("--stack", help="name of the stack (default: the selected one)")
    migrate.add_argument("--dry-run", action="store_true", help="only print what would move")
    migrate.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="instead of a stack: a file that `pulumi stack export` wrote, and the file to create",
    )
    export = commands.add_parser(
        "export", help="write what is on an account for `pulumi import --file`"
    )
    export.add_argument(
        "--vendor", action="append", default=[], help="only this vendor; may be repeated"
    )
    export.add_argument(
        "--type",
        action="append",
        default=[],
        help="only this type, such as PullTask; may be repeated",
    )
    export.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="[TYPE.]NAME=VALUE",
        help="only those with this output; may be repeated",
    )
    export.add_argument("--ended", action="store_true", help="include tasks that have ended")
    export.add_argument(
        "--stack", help="use the keys of this stack, and leave out what it already manages"
    )
    export.add_argument(
        "--out", type=Path, metavar="FILE", help="the file to write (default: standard output)"
    )
    _add_review(commands)
    _add_timeline(commands)
    _add_doctor(commands)
    plugin = commands.add_parser("plugin", help="install the plugin that Pulumi's engine starts")
    actions = plugin.add_subparsers(dest="action", required=True)
    install = actions.add_parser("install", help="put the plugin where the engine looks for it")
    install.add_argument("--check", action="store_true", help="only report what is wrong with it")
    serve = actions.add_parser("serve", help="run as the plugin; Pulumi's engine does this")
    serve.add_argument(
        "--version", dest="tell", action="store_true", help="print the version and exit"
    )
    return made


def _add_relay(emulator: argparse.ArgumentParser) -> None:
    emulator.add_argument(
        "--relay", action="store_true", help="really pull and push what is on air; see the docs"
    )
    emulator.add_argument(
        "--relay-port",
        type=int,
        default=1935,
        metavar="PORT",
        help="port of the ingest, for RTMP and HTTP-FLV; 0 picks a free one",
    )
    emulator.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="HOST/PATH=FILE-OR-URL",
        help="pull this file or address in place of HOST/PATH; may be repeated",
    )
    emulator.add_argument(
        "--pull-from",
        action="append",
        default=[],
        metavar="HOST",
        help="allow relays to pull from this remote host; may be repeated",
    )


def _add_review(commands: Any) -> None:
    review = commands.add_parser(
        "review", help="show what a preview does on air, for a pull request"
    )
    review.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="output of `pulumi preview --json`, one for each stack; - is standard input",
    )
    review.add_argument(
        "--stack", action="append", default=[], help="preview this stack; may be repeated"
    )
    review.add_argument(
        "--format",
        choices=["text", "markdown", "html", "json"],
        default="text",
        help="format of standard output (default: text)",
    )
    review.add_argument(
        "--out",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="also write a file, in the format of its extension: .md, .html, .json or .txt",
    )
    review.add_argument("--time-zone", default="UTC", metavar="ZONE", help="such as Europe/Berlin")
    review.add_argument("--at", metavar="TIME", help="when you will deploy (default: now)")
    review.add_argument(
        "--fail-on",
        action="append",
        default=[],
        metavar="WHAT",
        help="exit with 2 for any of off-air,restart,cancel,fight,gap,expiry",
    )
    review.add_argument(
        "--protect",
        action="append",
        default=[],
        metavar="TIMES",
        help='exit with 2 if something is interrupted within "19:00-23:00 Europe/Berlin"',
    )


def _add_timeline(commands: Any) -> None:
    timeline = commands.add_parser(
        "timeline", help="show the existing relays and when they are on air"
    )
    timeline.add_argument("--stack", help="relays in this stack; with --account, use its keys")
    timeline.add_argument("--account", action="store_true", help="relays that the vendors list")
    timeline.add_argument("--vendor", action="append", default=[], help="only this vendor")
    timeline.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="[TYPE.]NAME=VALUE",
        help="only those with this output; may be repeated",
    )
    timeline.add_argument("--ended", action="store_true", help="include relays that are over")
    timeline.add_argument(
        "--time-zone", default="UTC", metavar="ZONE", help="such as Europe/Berlin"
    )
    timeline.add_argument(
        "--format",
        choices=["text", "html", "json"],
        default="text",
        help="format of standard output (default: text)",
    )
    timeline.add_argument(
        "--out",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="also write a file, in the format of its extension: .html, .json or .txt",
    )
    timeline.add_argument(
        "--watch",
        type=float,
        nargs="?",
        const=10.0,
        default=0.0,
        metavar="SECONDS",
        help="repeat every SECONDS (default: 10)",
    )


def _add_doctor(commands: Any) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="look whether this machine and your accounts are ready; changes nothing",
        epilog="It ends with 0 if all is ready, 2 if something must be mended, 1 if it failed.",
    )
    doctor.add_argument("--stack", help="use the keys of this stack, and look at what it holds")
    doctor.add_argument(
        "--vendor", action="append", default=[], help="only this vendor; may be repeated"
    )
    doctor.add_argument(
        "--format",
        choices=["text", "json"],
        default="text",
        help="format of standard output (default: text)",
    )
    doctor.add_argument("--json", action="store_true", help="the same as --format json")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    made = parser()
    chosen, rest = made.parse_known_args(arguments)
    if chosen.command == "plugin" and chosen.action == "serve":
        return _serve(chosen, rest)
    if rest:
        made.error(f"unrecognized arguments: {' '.join(rest)}")
    commands = {
        "emulator": _emulator,
        "doctor": _doctor,
        "migrate": _migrate,
        "export": _export,
        "plugin": _install,
        "review": _review,
        "timeline": _timeline,
    }
    return commands[chosen.command](chosen)


def _emulator(chosen: argparse.Namespace) -> int:
    try:
        from pulumi_livepull.emulator import Emulator  # noqa: PLC0415  an extra brings Flask
        from pulumi_livepull.emulator.server import serve  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        print(f"the emulator needs {missing.name}", file=sys.stderr)
        print("Run: pip install 'pulumi-livepull[emulator]'", file=sys.stderr)
        return 1
    emulator = Emulator()
    try:
        with _relaying(emulator, chosen):
            serve(emulator, chosen.host, chosen.port)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, OverflowError) as error:
        print(f"cannot listen on {chosen.host} port {chosen.port}: {error}", file=sys.stderr)
        elsewhere = isinstance(error, OSError) and error.errno in NOT_THIS_MACHINE
        print(
            "Give an address of this machine as --host, such as 127.0.0.1."
            if elsewhere
            else "Give another --port; 0 picks a free one.",
            file=sys.stderr,
        )
        return 1
    return 0


@contextmanager
def _relaying(emulator: Any, chosen: argparse.Namespace) -> Iterator[None]:
    """Relay in this block if requested. Raises ValueError for wrong options."""
    if not chosen.relay:
        if chosen.source or chosen.pull_from:
            raise ValueError("--source and --pull-from need --relay")
        yield
        return
    if sys.platform.startswith("win"):
        raise ValueError("--relay does not run on Windows\nRun it in WSL, or on Linux or macOS.")
    from pulumi_livepull.emulator.media.addresses import read_sources  # noqa: PLC0415
    from pulumi_livepull.emulator.media.media import Media, Settings  # noqa: PLC0415

    settings = Settings(
        port=chosen.relay_port,
        sources=read_sources(chosen.source),
        pull_from=frozenset(chosen.pull_from),
    )
    with ExitStack() as stack:
        try:
            media = stack.enter_context(Media(emulator, settings).running())
        except (OSError, OverflowError) as error:
            raise ValueError(
                f"cannot listen on 127.0.0.1 port {chosen.relay_port}: {error}\n"
                "Give another --relay-port; 0 picks a free one."
            ) from None
        # When a service manager ends it, it must still end its processes and remove its recordings.
        stack.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, _interrupt))
        print(f"push to rtmp://127.0.0.1:{media.port}/<domain>/<app>/<stream>", flush=True)
        yield


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _migrate(chosen: argparse.Namespace) -> int:
    from pulumi_livepull.errors import StateError  # noqa: PLC0415
    from pulumi_livepull.hosts import stack  # noqa: PLC0415  it imports Pulumi

    match chosen.files:
        case []:
            lines = stack.move_stack(chosen.stack, chosen.to, dry_run=chosen.dry_run)
        case [before, after] if not chosen.stack:
            lines = stack.move_file(before, after, chosen.to, dry_run=chosen.dry_run)
        case _:
            parser().error("migrate takes two files, or none and perhaps --stack")
    try:
        for line in lines:
            print(line)
    except StateError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _export(chosen: argparse.Namespace) -> int:
    """Return 0, 3 if not everything could be listed, or 1 if it failed and wrote nothing."""
    from pulumi_livepull.errors import LivePullError  # noqa: PLC0415
    from pulumi_livepull.hosts import export  # noqa: PLC0415

    selection = export.Selection(chosen.vendor, chosen.type, chosen.where, chosen.ended)
    try:
        stack = export.read_stack(chosen.stack) if chosen.stack else export.Stack()
        made = export.export(selection, stack)
        if chosen.out:
            export.write(made.document, chosen.out)
        else:
            _print_utf8(made.document)
    except LivePullError as error:
        print(error, file=sys.stderr)
        if not chosen.stack and "pulumi config set" in error.hint:
            print("Also give --stack: without it, no config is read.", file=sys.stderr)
        return 1
    for note in made.notes:
        print(note, file=sys.stderr)
    print(f"exported: {len(made.found)}", file=sys.stderr)
    return 0 if made.complete else 3


def _print_utf8(document: str) -> None:
    """Print what a program will read: on Windows a pipe would have another encoding."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(document, end="")


def _review(chosen: argparse.Namespace) -> int:
    """Return 0, 1 if it or its preview failed, or 2 if the gate refuses the changes."""
    from pulumi_livepull.review import command  # noqa: PLC0415  it imports Pulumi

    return command.run(chosen)


def _timeline(chosen: argparse.Namespace) -> int:
    """Return 0, or 1 if it failed."""
    from pulumi_livepull.review import command  # noqa: PLC0415

    return command.run_timeline(chosen)


def _doctor(chosen: argparse.Namespace) -> int:
    """Return 0 if all is ready, 2 if something must be mended, or 1 if it failed."""
    from pulumi_livepull.doctor import command  # noqa: PLC0415  it imports all vendors

    return command.run(chosen)


def _install(chosen: argparse.Namespace) -> int:
    from pulumi_livepull.errors import LivePullError  # noqa: PLC0415
    from pulumi_livepull.hosts import installation, registry  # noqa: PLC0415

    try:
        folder = installation.folder() if chosen.check else installation.install()
        problems = installation.problems() if chosen.check else list(installation.overrides())
    except LivePullError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"cannot use {installation.folder()}: {error.strerror}", file=sys.stderr)
        print("Set PULUMI_HOME to a folder that you own; Pulumi uses it, too.", file=sys.stderr)
        return 1
    for problem in problems:
        print(problem, file=sys.stderr)
    if not shutil.which("pulumi"):
        print("note: pulumi is not on PATH", file=sys.stderr)
    if chosen.check and problems:
        return 1
    print(f"plugin {registry.VERSION} is installed in {folder}")
    return 0


def _schema() -> str:
    """Return schema.json, which is inside an installed package, or beside it in a checkout."""
    inside = Path(__file__).with_name("schema.json")
    beside = inside.parent.with_name("schema.json")
    return (inside if inside.exists() else beside).read_text("utf-8")


def _serve(chosen: argparse.Namespace, rest: list[str]) -> int:
    """Serve Pulumi's engine, which passes its own options and, last, its address."""
    from pulumi_livepull.hosts import process, registry  # noqa: PLC0415

    if chosen.tell:
        print(registry.VERSION)
        return 0
    last = rest[-1] if rest else ""
    process.serve("" if last.startswith("-") else last, _schema)
    return 0


if __name__ == "__main__":
    sys.exit(main())
