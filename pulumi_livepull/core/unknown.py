"""A placeholder for values that a preview cannot know yet."""

from typing import Final


class Unknown:
    """A value that a preview cannot know yet."""

    def __repr__(self) -> str:
        return "<unknown>"


UNKNOWN: Final = Unknown()
