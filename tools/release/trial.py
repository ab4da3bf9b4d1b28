"""Try a release as somebody does who has Pulumi, the package and nothing else of the project.

`python tools/release/trial.py VERSION` takes the plugin from an archive, from where it is
published, or from the installed package. A stack in YAML comes up on the emulator, stays as it is,
imports what is there already, and goes away. It needs `pulumi` on PATH and the installed package
with its extra `emulator`, and no checkout.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

REGION, PROJECT = "cn-north-4", "0123456789abcdef0123456789abcdef"

CALLBACK = {
    "id": "7864b3dc",
    "publish_domain": "push.example.com",
    "app": "live",
    "notify_callback_url": "https://hooks.example.org/recordings",
}

LIVEPULL = (sys.executable, "-P", "-m", "pulumi_livepull")
"""The installed package, and none that lies in the current folder."""

KICK_OFF = "2030-01-05T15:20:00+01:00"

START_SECONDS = 60

LIMIT_SECONDS = 600


def program() -> str:
    """Return a stack in YAML: a relay that starts tomorrow, and the windows of a calendar."""
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    calendar = "\\r\\n".join([
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "UID:match",
        "DTSTART;TZID=Europe/Berlin:20300105T152000",
        "DURATION:PT2H",
        "END:VEVENT",
        "END:VCALENDAR",
    ])  # fmt: skip
    return f"""\
name: trial
runtime: yaml
variables:
  calendar:
    fn::invoke:
      function: livepull:windows:fromCalendar
      arguments:
        calendar: "{calendar}"
        now: "2030-01-01T00:00:00Z"
resources:
  channel:
    type: livepull:huaweicloud:PullTask
    properties:
      sourceType: PullLivePushLive
      sourceUrls: [https://play.example.org/live/channel.flv]
      domain: push.example.com
      appName: live
      streamName: channel
      startTime: "{tomorrow.isoformat()}"
      endTime: "{(tomorrow + timedelta(hours=2)).isoformat()}"
outputs:
  kickOff: ${{calendar.windows[0].startTime}}
"""


@contextmanager
def emulator() -> Iterator[str]:
    """Run the emulator of the installed package, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [*LIVEPULL, "emulator", "--port", url.rpartition(":")[2]]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _seed(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _seed(url: str) -> None:
    """Let the emulator have an account with a callback, once it answers."""
    account = {"projects": {REGION: PROJECT}, "callbacks": {PROJECT: [CALLBACK]}}
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            _ask(f"{url}/_emulator/seed", {"huaweicloud": account})
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def _ask(url: str, body: object = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=5) as answer:
        return str(answer.read().decode())


def _held(url: str) -> list[object]:
    """Return the tasks and callbacks that the emulator has."""
    state = json.loads(_ask(f"{url}/_emulator/state"))["huaweicloud"]
    shelves = [*state["tasks"].values(), *state["callbacks"].values()]
    return [each for shelf in shelves for each in shelf]


def _expect(found: object, expected: object) -> None:
    if found != expected:
        sys.exit(f"there is {found}, not {expected}")


class Trial:
    """A stack in a folder of its own, with a home that is empty."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self._pulumi = shutil.which("pulumi") or sys.exit("pulumi is not on PATH")
        path = [str(Path(self._pulumi).parent)]
        if root := os.environ.get("SYSTEMROOT"):
            path.append(rf"{root}\System32")
        # Windows runs nothing without its own, and GitHub tells little to who is nobody.
        system = ("SYSTEMROOT", "TEMP", "TMP", "GITHUB_TOKEN")
        self._env = {
            **{name: os.environ[name] for name in system if name in os.environ},
            "HOME": str(folder),
            "USERPROFILE": str(folder),
            "PATH": os.pathsep.join(path),
            "PULUMI_BACKEND_URL": f"file://{folder.as_posix()}",
            "PULUMI_CONFIG_PASSPHRASE": "trial",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "HUAWEICLOUD_SDK_AK": "livepull-emulator",
            "HUAWEICLOUD_SDK_SK": "livepull-emulator-secret",
        }
        (folder / "Pulumi.yaml").write_text(program(), encoding="utf-8")
        self._url = url

    def run(self, *arguments: str) -> str:
        """Run one of Pulumi's commands, which must work, and return what it printed."""
        print(f"pulumi {' '.join(arguments)}", flush=True)
        ran = subprocess.run(
            [self._pulumi, *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT_SECONDS,
            check=False,
        )
        # An import tells of the key that no vendor returns.
        warned = "warning" in ran.stdout + ran.stderr and arguments[0] != "import"
        if ran.returncode or warned:
            sys.exit(ran.stdout + ran.stderr)
        return ran.stdout

    def live(self, version: str, *source: str) -> None:
        """Go through the life of a stack."""
        if source:
            self.run("plugin", "install", "resource", "livepull", version, *source)
        else:
            subprocess.run([*LIVEPULL, "plugin", "install"], env=self._env, check=True)
        self.run("stack", "init", "dev")
        self.run("config", "set", "livepull:huaweicloudRegion", REGION)
        self.run("config", "set", "livepull:huaweicloudEndpoint", self._url)
        self.run("up", "--yes", "--skip-preview")
        _expect(self.run("stack", "output", "kickOff").strip(), KICK_OFF)
        self.run("preview", "--expect-no-changes")
        existing = (
            "livepull:huaweicloud:RecordCallback",
            "recordings",
            f"{REGION}/{CALLBACK['id']}",
        )
        self.run("import", "--yes", "--skip-preview", "--protect=false", *existing)
        _expect(len(_held(self._url)), 2)
        self.run("destroy", "--yes", "--skip-preview")
        _expect(_held(self._url), [])


def main(arguments: list[str] | None = None) -> None:
    """Try a release, and end with what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--file", type=Path, help="an archive of the plugin")
    source.add_argument("--server", help="where Pulumi looks for the plugin, such as github://...")
    source.add_argument(
        "--installed", action="store_true", help="the plugin of the installed package"
    )
    given = parser.parse_args(arguments)
    options: list[str] = []
    if given.file:
        options = ["--file", str(given.file.absolute())]
    elif given.server:
        options = ["--server", given.server]
    with tempfile.TemporaryDirectory(prefix="livepull-trial-") as folder, emulator() as url:
        Trial(Path(folder), url).live(given.version, *options)


if __name__ == "__main__":
    main()
