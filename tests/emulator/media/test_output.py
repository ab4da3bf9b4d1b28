"""What goes out of a relay leaves nothing behind in its process."""

import subprocess
import sys

GROWTH_KIB = 8 * 1024
CODE = """
from pathlib import Path
from pulumi_livepull.emulator.media.worker.output import mux
from pulumi_livepull.emulator.media.worker.picture import Picture

for number in range(41):
    for _ in mux(Picture("https://vod.example.com/red.mp4", length=0.4)):
        pass
    if number in (5, 40):
        lines = Path("/proc/self/status").read_text().splitlines()
        print(*(line.split()[1] for line in lines if line.startswith("VmRSS")))
"""


def test_many_files_take_no_more_memory_than_a_few() -> None:
    """The encoder of each goes with it."""
    command = [sys.executable, "-c", CODE]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    few, many = map(int, said.split())
    assert many < few + GROWTH_KIB
