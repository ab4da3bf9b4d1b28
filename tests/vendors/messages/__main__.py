"""Write what users read when a vendor refuses, for a reviewer to read."""

from pathlib import Path

from tests.vendors.messages import text
from tests.vendors.messages.scenes import SCENES

for name, scenes in SCENES.items():
    Path(__file__).with_name(f"{name}.txt").write_text(text(scenes), encoding="utf-8")
