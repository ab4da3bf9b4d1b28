"""An emulator of the vendors' live-streaming APIs, for tests and experiments.

It is written from the vendors' documents alone and shares no code with the provider.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_livepull.emulator.app import Emulator

__all__ = ["Emulator"]


def __getattr__(name: str) -> Any:
    # The processes of `media` do not need Flask, which loads slowly.
    if name == "Emulator":
        from pulumi_livepull.emulator.app import Emulator  # noqa: PLC0415

        return Emulator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
