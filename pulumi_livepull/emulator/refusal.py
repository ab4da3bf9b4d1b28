"""How a vendor says no: what every vendor's refusals have in common."""


class Refusal(Exception):
    """An error reply: HTTP status, vendor's code, words for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class Invalid(ValueError):
    """A field is unknown, missing or out of range; each vendor has its own code for this."""


class WrongType(Invalid):
    """A field has another type than its own, for which some vendors have a code of its own."""


def not_emulated(what: str) -> Refusal:
    """Not a vendor's: the emulator does not have this."""
    return Refusal(501, "EMULATOR.NotEmulated", f"The emulator has no {what}")
