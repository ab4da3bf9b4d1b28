"""A credentials program for tests, which prints what it is told to."""

import json
import shlex
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from pulumi_livepull.emulator import Emulator
from tests.hosting import KEYS


class Printer:
    """A program that prints what a file says, and counts how often it was started."""

    def __init__(self, folder: Path) -> None:
        self._said, self._count = folder / "said", folder / "count"
        self._script = folder / "a program.py"
        self._script.write_text(
            "import sys, pathlib\n"
            f"said, count = pathlib.Path({str(self._said)!r}), pathlib.Path({str(self._count)!r})\n"
            "count.open('a').write('x')\n"
            "code, _, text = said.read_text().partition(' ')\n"
            "sys.stdout.write(text); sys.stderr.write(text); sys.exit(int(code))\n"
        )

    @property
    def line(self) -> str:
        """The command."""
        return f"{shlex.quote(sys.executable)} -S -E {shlex.quote(str(self._script))}"

    @property
    def starts(self) -> int:
        """How often it was started."""
        return len(self._count.read_text()) if self._count.exists() else 0

    def says(self, said: Any, code: int = 0) -> None:
        """Let it print this from now on."""
        text = said if isinstance(said, str) else json.dumps(said)
        self._said.write_text(f"{code} {text}")

    def gives(self, emulator: Emulator, vendor: str, lasts: timedelta) -> None:
        """Let it print new keys of an emulated vendor."""
        keys = emulator.issue(vendor, lasts)
        self.says(
            {
                "Version": 1,
                "AccessKeyId": keys.access_key_id,
                "SecretAccessKey": keys.secret_access_key,
                "SessionToken": keys.security_token,
                "Expiration": keys.expires.isoformat(),
            }
        )


def config(vendor: str, line: str) -> dict[str, str]:
    """Return a config with a program in place of keys."""
    own = (f"livepull:{vendor}AccessKey", f"livepull:{vendor}SecretKey")
    kept = {key: value for key, value in KEYS.items() if key not in own}
    return kept | {f"livepull:{vendor}CredentialsCommand": line}
