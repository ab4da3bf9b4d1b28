"""The list of channels, which all stacks share."""

import csv
import sys
from collections import Counter
from pathlib import Path

LIST = Path(__file__).with_name("channels.csv")


def listed() -> list[dict[str, str]]:
    """Return the channels. Raises for duplicates, because two tasks would push to one stream."""
    with LIST.open(encoding="utf-8", newline="") as file:
        channels = list(csv.DictReader(file))
    counts = Counter(channel["channel"] for channel in channels)
    if twice := [name for name, count in counts.items() if count > 1]:
        sys.exit(f"channels.csv has these twice: {', '.join(twice)}\nLeave one of each.")
    return channels
