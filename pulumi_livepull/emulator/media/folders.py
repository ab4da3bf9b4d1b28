"""Folders for what the media write, which end with their emulator, or at the start of the next."""

import os
import re
import shutil
import tempfile
from pathlib import Path

OWNED = re.compile(r"livepull-(\d+)-")


def make_folder() -> Path:
    """Make a folder of this process."""
    return Path(tempfile.mkdtemp(prefix=f"livepull-{os.getpid()}-"))


def remove_folders() -> None:
    """Remove the folders of processes that were killed and could not do so."""
    for folder in Path(tempfile.gettempdir()).glob("livepull-*-*"):
        owner = OWNED.match(folder.name)
        if owner and not _runs(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(number: int) -> bool:
    if os.name != "posix":
        # Elsewhere this signal would end the process.
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
