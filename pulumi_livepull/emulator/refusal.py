"""Error answers, independent of the vendor."""


class Refusal(Exception):
    """An error answer: HTTP status, the vendor's code and message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class Invalid(ValueError):
    """A field is unknown, missing or out of range. Each vendor has its own code for this."""


class WrongType(Invalid):
    """A field has the wrong type, for which some vendors have a separate code."""


def not_emulated(what: str) -> Refusal:
    """An error of the emulator itself: it does not support this."""
    return Refusal(501, "EMULATOR.NotEmulated", f"The emulator has no {what}")
