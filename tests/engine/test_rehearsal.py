"""The example of a rehearsal does what it says."""

import os
import subprocess
import sys
from pathlib import Path

from tests.engine.sdks import EXAMPLES
from tests.engine.stacks import PACKAGE, WARM, find_engine


def test_an_event_is_rehearsed(tmp_path: Path) -> None:
    """Deployed by the real engine, with the picture on air decoded."""
    path = os.pathsep.join([str(WARM), find_engine(), os.environ["PATH"]])
    environment = {
        **os.environ,
        "PATH": path,
        "PYTHONPATH": PACKAGE,
        "WARM_PYTHON": sys.executable,
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    ran = subprocess.run(
        [
            *command,
            "--rootdir",
            str(tmp_path),
            "--basetemp",
            str(tmp_path / "own"),
            str(EXAMPLES / "rehearsal"),
        ],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
