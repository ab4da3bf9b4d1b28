"""Write docs/faults.md anew."""

import logging
from pathlib import Path

from tests.faults.page import text

logging.disable()  # A thousand warnings of faults that were made on purpose.
(Path(__file__).parents[2] / "docs" / "faults.md").write_text(text(), encoding="utf-8")
