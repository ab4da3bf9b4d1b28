"""A tap on the line to an emulator: what it is asked, and something to do at one of the calls."""

import itertools
from collections.abc import Callable

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.journal import Entry, Journal


class Tap(Journal):
    """The journal of an emulator from now on."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        emulator.journal = self
        self.at(0, lambda: None)

    def at(self, call: int | str, do: Callable[[], object]) -> None:
        """Do something at one call from now, by its number or operation, before it is answered."""
        self._call, self._do = call, do
        self._numbers = itertools.count(1)

    def add(self, entry: Entry) -> None:
        """Keep one entry, and do what is to be done then."""
        super().add(entry)
        if self._call in (next(self._numbers), entry.operation):
            self._call = 0
            self._do()

    @property
    def calls(self) -> list[str]:
        """The operations so far that change something or mean to, oldest first."""
        reads = ("List", "Describe", "Show", "Keystone")
        return [
            str(entry.operation) for entry in self if not str(entry.operation).startswith(reads)
        ]
