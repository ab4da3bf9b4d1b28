"""The `livepull` command."""

import argparse
import sys
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="livepull", description=__doc__)
    commands = made.add_subparsers(dest="command", required=True)
    emulator = commands.add_parser("emulator", help="serve the vendors' APIs on this machine")
    emulator.add_argument("--host", default="127.0.0.1", help="address to listen on")
    emulator.add_argument(
        "--port", type=int, default=4510, help="port to listen on; 0 is any free one"
    )
    generate = commands.add_parser("generate", help="write what is derived from the resources")
    generate.add_argument("--check", action="store_true", help="only say what is not fresh")
    migrate = commands.add_parser("migrate", help="move a stack to the other host")
    migrate.add_argument("--to", choices=["dynamic", "plugin"], required=True, help="the host")
    migrate.add_argument("--stack", help="name of the stack; without it, the selected one")
    migrate.add_argument("--dry-run", action="store_true", help="only say what would move")
    migrate.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="not the stack, but what `pulumi stack export` wrote, and a file to make for `import`",
    )
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    chosen = parser().parse_args(arguments)
    commands = {"emulator": _emulator, "generate": _generate, "migrate": _migrate}
    return commands[chosen.command](chosen)


def _emulator(chosen: argparse.Namespace) -> int:
    try:
        from pulumi_livepull.emulator import Emulator  # noqa: PLC0415  an extra brings Flask
        from pulumi_livepull.emulator.server import serve  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        print(f"the emulator needs {missing.name}", file=sys.stderr)
        print("Run: pip install 'pulumi-livepull[emulator]'", file=sys.stderr)
        return 1
    try:
        serve(Emulator(), chosen.host, chosen.port)
    except (OSError, OverflowError) as error:
        print(f"cannot listen on {chosen.host} port {chosen.port}: {error}", file=sys.stderr)
        print("Give another --port; 0 takes any free one.", file=sys.stderr)
        return 1
    return 0


def _generate(chosen: argparse.Namespace) -> int:
    from pulumi_livepull import generate  # noqa: PLC0415  the emulator needs none of it
    from pulumi_livepull.emulator import Emulator  # noqa: PLC0415

    root = Path.cwd()
    if not (root / "pyproject.toml").exists():
        print(
            "this is not a checkout of pulumi-livepull: run it where pyproject.toml is",
            file=sys.stderr,
        )
        return 1
    stale = (generate.stale if chosen.check else generate.write)(root, Emulator().coverage())
    for path in stale:
        print(f"{'stale' if chosen.check else 'written'}: {path.relative_to(root)}")
    return 1 if chosen.check and stale else 0


def _migrate(chosen: argparse.Namespace) -> int:
    from pulumi_livepull.errors import StateError  # noqa: PLC0415
    from pulumi_livepull.hosts import stack  # noqa: PLC0415  it imports Pulumi

    match chosen.files:
        case []:
            told = stack.move_stack(chosen.stack, chosen.to, dry_run=chosen.dry_run)
        case [before, after] if not chosen.stack:
            told = stack.move_file(before, after, chosen.to, dry_run=chosen.dry_run)
        case _:
            parser().error("migrate takes two files, or none and perhaps --stack")
    try:
        for line in told:
            print(line)
    except StateError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def plugin() -> None:
    """Serve Pulumi's engine, whose address is the last argument. This is what the engine starts."""
    from pulumi_livepull.generate import schema  # noqa: PLC0415
    from pulumi_livepull.hosts import process  # noqa: PLC0415

    addresses = [given for given in sys.argv[1:] if not given.startswith("-")]
    process.serve(addresses[-1] if addresses else "", schema.package)


if __name__ == "__main__":
    sys.exit(main())
