"""Temporary folders for media, removed when the emulator ends or when the next one starts."""

import os
import re
import shutil
import tempfile
from pathlib import Path

OWNED = re.compile(r"livepull-(\d+)-")


def make_folder() -> Path:
    """Create a folder for this process."""
    return Path(tempfile.mkdtemp(prefix=f"livepull-{os.getpid()}-"))


def remove_folders() -> None:
    """Remove the folders of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob("livepull-*-*"):
        owner = OWNED.match(folder.name)
        if owner and not _runs(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(number: int) -> bool:
    if os.name != "posix":
        # On Windows this signal would end the process.
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
