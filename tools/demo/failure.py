"""How the demo fails: in two lines."""


class DemoError(Exception):
    """The demo cannot go on; the first line tells what failed, the second how to go on."""

    def __init__(self, what: str, how_to_go_on: str) -> None:
        super().__init__(f"{what}\n{how_to_go_on}")
