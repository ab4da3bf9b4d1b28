"""The colour of a test picture: a word in its address, or derived from the address."""

import colorsys
import zlib

NAMED = {
    "red": (200, 30, 30),
    "green": (30, 160, 60),
    "blue": (30, 60, 200),
    "yellow": (220, 200, 40),
    "magenta": (200, 40, 200),
    "cyan": (40, 190, 200),
    "orange": (230, 130, 30),
    "grey": (128, 128, 128),
}

Colour = tuple[int, int, int]
"""Red, green and blue, from 0 to 255."""


def colour_of(address: str) -> Colour:
    """Return the colour of the test picture for this address."""
    last = address.partition("?")[0].rpartition("/")[2].lower()
    for name, colour in NAMED.items():
        if name in last:
            return colour
    hue = zlib.crc32(address.partition("?")[0].encode()) % 360 / 360
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.75, 0.75)
    return round(red * 255), round(green * 255), round(blue * 255)


def to_yuv(colour: Colour) -> tuple[int, tuple[int, int]]:
    """Convert to luma and the colour differences of BT.601, for video."""
    red, green, blue = (part / 255 for part in colour)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    differences = (blue - luma) / 1.772, (red - luma) / 1.402
    return round(16 + 219 * luma), (
        round(128 + 224 * differences[0]),
        round(128 + 224 * differences[1]),
    )


def nearest(colour: Colour) -> str:
    """Return the name of the nearest named colour."""
    return min(
        NAMED,
        key=lambda name: sum((a - b) ** 2 for a, b in zip(NAMED[name], colour, strict=True)),
    )
