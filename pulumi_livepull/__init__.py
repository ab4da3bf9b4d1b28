"""Live-stream relay tasks and recording callbacks on Chinese clouds, as Pulumi resources."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_livepull.provider import Provider

__all__ = ["Provider"]


def __getattr__(name: str) -> Any:
    # A callback receiver and the emulator do not need Pulumi, which the provider loads.
    if name == "Provider":
        from pulumi_livepull.provider import Provider  # noqa: PLC0415

        return Provider
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
