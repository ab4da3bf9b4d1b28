"""The error of the demo, in two lines."""


class DemoError(Exception):
    """The demo cannot continue. The first line says what failed, the second what to do next."""

    def __init__(self, what: str, how_to_go_on: str) -> None:
        super().__init__(f"{what}\n{how_to_go_on}")
