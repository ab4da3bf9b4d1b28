"""The demo's stack: the example's program, with settings and state in the demo's own folder."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tools.demo.failure import DemoError

NAME = "demo"
REGION = "cn-north-4"
PROJECT_ID = "0123456789abcdef0123456789abcdef"
ACCESS_KEY = "livepull-emulator"
SECRET_KEY = "livepull-emulator-secret"


class Stack:
    """The stack `demo` of an example, driven through the engine's own command."""

    def __init__(self, folder: Path, example: Path, engine: Path) -> None:
        self.example = example
        self.state = folder / "state"
        self.settings = folder / "settings" / f"Pulumi.{NAME}.yaml"
        # The engine runs the first `python3` on PATH, which must be the one with the package.
        path = [str(Path(sys.prefix) / "bin"), str(engine), os.environ.get("PATH", os.defpath)]
        self.env = os.environ | {
            "PATH": os.pathsep.join(path),
            "PULUMI_HOME": str(folder / "pulumi-home"),
            "PULUMI_BACKEND_URL": f"file://{self.state}",
            "PULUMI_CONFIG_PASSPHRASE": "livepull-demo",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # The engine takes our package, by its name, for one with a plugin to download.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def exists(self) -> bool:
        """Whether an `up` got as far as making the stack."""
        if not self.state.exists():
            return False
        listed = json.loads(self._ask("stack", "ls", "--json"))
        return any(stack["name"].rpartition("/")[2] == NAME for stack in listed)

    def up(self, url: str) -> bool:
        """Create and deploy it on the emulator at `url`. Returns whether anything changed."""
        if not self.exists():
            self._init()
        self._configure(url)
        self._show("up", "--yes", "--refresh", *self._where())
        history = self._ask("stack", "history", "--json", "--page-size", "1", "--stack", NAME)
        return set(json.loads(history)[0]["resourceChanges"]) != {"same"}

    def show_outputs(self) -> None:
        """Print what the program exports."""
        self._show("stack", "output", "--stack", NAME)

    def destroy(self) -> None:
        """Destroy its resources."""
        # In the folder of the settings: beside the example, --remove takes what a user keeps there.
        folder = str(self.settings.parent)
        self._show("destroy", "--yes", "--remove", "--stack", NAME, "--cwd", folder)

    def forget(self) -> None:
        """Drop the state and settings, for when all that the stack held is gone already.

        A refresh could not find that out: it asks where the last `up` did, and a new emulator may
        be elsewhere.
        """
        shutil.rmtree(self.state)
        shutil.rmtree(self.settings.parent, ignore_errors=True)

    def _init(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        self.settings.parent.mkdir(exist_ok=True)
        # A new stack's settings are written beside Pulumi.yaml: a copy keeps the example clean.
        shutil.copy(self.example / "Pulumi.yaml", self.settings.parent)
        folder = str(self.settings.parent)
        self._ask("stack", "init", NAME, "--no-select", "--cwd", folder)

    def _configure(self, url: str) -> None:
        plain = {
            "livepull:huaweicloudEndpoint": url,
            "livepull:huaweicloudRegion": REGION,
            "livepull:huaweicloudProjectId": PROJECT_ID,
            "livepull:huaweicloudAccessKey": ACCESS_KEY,
        }
        if end_time := next_end_time(self._setting("endTime"), datetime.now(UTC)):
            plain["endTime"] = end_time
        arguments = [f"--plaintext={name}={value}" for name, value in plain.items()]
        arguments.append(f"--secret=livepull:huaweicloudSecretKey={SECRET_KEY}")
        if self._setting("callbackKey") is None:
            arguments.append(f"--secret=callbackKey={secrets.token_hex(16)}")
        self._ask("config", "set-all", *self._where(), *arguments)

    def _setting(self, name: str) -> str | None:
        """One of the example's own settings, if it is set; a secret one reads as empty."""
        settings = json.loads(self._ask("config", "--json", *self._where()))
        ours = (found for key, found in settings.items() if key.rpartition(":")[2] == name)
        return next((str(found.get("value", "")) for found in ours), None)

    def _where(self) -> list[str]:
        return ["--stack", NAME, "--config-file", str(self.settings)]

    def _ask(self, *arguments: str) -> str:
        """Return the output of an engine command."""
        ran = self._run(arguments, capture=True)
        if ran.returncode:
            last_words = (ran.stderr or ran.stdout or "it said nothing").strip()
            raise DemoError(f"{_named(arguments)} failed: {last_words}", HOW_TO_GO_ON)
        return ran.stdout

    def _show(self, *arguments: str) -> None:
        """Run an engine command and show its output."""
        sys.stdout.flush()
        ran = self._run(arguments, capture=False)
        if ran.returncode:
            raise DemoError(
                f"{_named(arguments)} failed with exit code {ran.returncode}; its words are above",
                HOW_TO_GO_ON,
            )

    def _run(self, arguments: tuple[str, ...], capture: bool) -> subprocess.CompletedProcess[str]:
        # Found here and not by Popen, which looks in this process's PATH.
        pulumi = shutil.which("pulumi", path=self.env["PATH"]) or "pulumi"
        try:
            return subprocess.run(
                [pulumi, *arguments],
                cwd=self.example,
                env=self.env,
                stdin=subprocess.DEVNULL,
                capture_output=capture,
                text=True,
                check=False,
            )
        except OSError as error:
            raise DemoError(
                f"{_named(arguments)} does not start in {self.example}: {error.strerror}",
                HOW_TO_GO_ON,
            ) from None


HOW_TO_GO_ON = (
    "The emulator's log is .livepull/emulator.log. Run the same again, or drop the demo as it is: "
    "python3 tools/demo down --forget"
)


def next_end_time(current: str | None, now: datetime) -> str | None:
    """A time one day ahead when `current` is missing, malformed or past; else None, to keep it."""
    try:
        if current is not None and datetime.fromisoformat(current) > now:
            return None
    except (ValueError, TypeError):
        pass
    return (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _named(arguments: tuple[str, ...]) -> str:
    """A command by its verb alone: its settings hold a key."""
    verb = [argument for argument in arguments[:2] if not argument.startswith("-")]
    return f"`pulumi {' '.join(verb)}`"
