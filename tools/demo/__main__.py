"""The command: `python tools/demo up` and `python tools/demo down`."""

import argparse
import shutil
import sys
from pathlib import Path

if not __package__:  # Run as a folder, which puts the folder itself on sys.path.
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tools.demo.emulator import Emulator
from tools.demo.failure import DemoError
from tools.demo.stack import Stack
from tools.engine.progress import WayError
from tools.engine.ways import WAYS, find

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / ".livepull"
EXAMPLE = REPOSITORY / "examples" / "huaweicloud-relay"


def up() -> None:
    """Start the emulator and bring up the example's stack. If both are up, only check for
    changes."""
    stack = Stack(FOLDER, EXAMPLE, find(WAYS))
    emulator = Emulator.find(FOLDER)
    if emulator is None:
        if stack.exists():
            print("The emulator has ended, and its tasks with it. Starting both afresh.\n")
            stack.forget()
        emulator = Emulator.start(FOLDER)
    if stack.up(emulator.url):
        print("\nIt is up.\n")
    else:
        print("\nNothing changed: it was up.\n")
    stack.show_outputs()
    print(f"\nThe emulator's page: {emulator.url}/")
    if "--relay" in emulator.command:
        print("It relays: the page shows what is on air.")
    print("Take it all away with: make down")


def down() -> None:
    """Destroy the stack, then stop the emulator and remove the folder."""
    if not FOLDER.exists():
        print("Nothing is up.")
        return
    if Emulator.find(FOLDER) is None:
        print("The emulator has ended, and its tasks with it: the stack has nothing to destroy.")
    else:
        stack = Stack(FOLDER, EXAMPLE, find(WAYS))
        if stack.exists():
            stack.destroy()
    forget()


def forget() -> None:
    """Stop the emulator, if it is ours, and remove the folder, whatever the stack contains."""
    if not FOLDER.exists():
        return
    if emulator := Emulator.find(FOLDER):
        emulator.stop()
    shutil.rmtree(FOLDER)
    print("It is down; .livepull is removed.")


def main(arguments: list[str] | None = None) -> int:
    """Run a command. If it fails, print what to do next and exit with 1."""
    parser = argparse.ArgumentParser(prog="python tools/demo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start the emulator and bring up the example's stack")
    down_parser = commands.add_parser("down", help="take away what `up` brought")
    down_parser.add_argument(
        "--forget", action="store_true", help="do not ask the engine to destroy the stack first"
    )
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "up":
            up()
        elif chosen.forget:
            forget()
        else:
            down()
    except (DemoError, WayError) as failure:
        print(f"\ndemo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ndemo: stopped. Run `make up` to go on, `make down` to undo.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
