"""The streams on air: their publishers, players, and the data that a new player needs first."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from pulumi_livepull.emulator.media import flv
from pulumi_livepull.emulator.media.flv import Tag

WAITING = 1000
"""How many tags may be queued for one player; a player that is too slow is disconnected."""

REMEMBERED_BYTES = 4_000_000
"""How many bytes since the last key frame are kept for new players."""


class Name(NamedTuple):
    """The name of a stream."""

    domain: str
    app: str
    stream: str

    def __str__(self) -> str:
        return "/".join(self)


class Player:
    """A player of one stream."""

    def __init__(self) -> None:
        self._tags: list[Tag] = []
        self._ended = False
        self._changed = asyncio.Event()

    def give(self, tag: Tag) -> bool:
        """Queue a tag. Returns False if too many are waiting."""
        self._tags.append(tag)
        self._changed.set()
        return len(self._tags) < WAITING

    def end(self) -> None:
        """Signal the end of the stream."""
        self._ended = True
        self._changed.set()

    async def take(self) -> list[Tag]:
        """Wait for tags and return all of them, or none when the stream has ended."""
        while not (self._tags or self._ended):
            self._changed.clear()
            await self._changed.wait()
        tags, self._tags = self._tags, []
        return tags


@dataclass
class Stream:
    """One stream on air."""

    name: Name
    publisher: str
    """The publisher, for display."""

    since: datetime
    setup: dict[int, Tag] = field(default_factory=dict)
    """Decoder configuration and metadata, by kind of tag."""

    latest: list[Tag] = field(default_factory=list)
    """The tags since the last key frame."""

    players: set[Player] = field(default_factory=set)
    size: int = 0
    """Bytes so far."""

    _latest_bytes: int = 0

    def add(self, tag: Tag) -> None:
        """Add a tag from the publisher, and pass it to all players."""
        self.size += len(tag.body)
        if tag.kind == flv.DATA or tag.is_setup:
            self.setup[tag.kind] = tag
        else:
            self._remember(tag)
        for player in list(self.players):
            if not player.give(tag):
                self.leave(player)

    def join(self) -> Player:
        """Add a player, which immediately gets everything since the last key frame."""
        player = Player()
        for tag in (*self.setup.values(), *self.latest):
            player.give(tag)
        self.players.add(player)
        return player

    def leave(self, player: Player) -> None:
        """Remove a player."""
        self.players.discard(player)
        player.end()

    def picture(self) -> bytes | None:
        """Return the last frames as an FLV file, or None if there are none yet."""
        tags = [tag for tag in self.latest if tag.kind == flv.VIDEO]
        if flv.VIDEO not in self.setup or not tags:
            return None
        parts = [self.setup[flv.VIDEO], *tags]
        return flv.header(sound=False, pictures=True) + b"".join(tag.pack() for tag in parts)

    def header(self) -> bytes:
        """Return the header of an FLV file of this stream."""
        sound, pictures = flv.AUDIO in self.setup, flv.VIDEO in self.setup
        return flv.header(sound=sound or not pictures, pictures=pictures or not sound)

    def _remember(self, tag: Tag) -> None:
        if tag.is_key or flv.VIDEO not in self.setup:
            self.latest, self._latest_bytes = [], 0
        whole = self.latest and self.latest[0].is_key
        if (tag.is_key or whole) and self._latest_bytes < REMEMBERED_BYTES:
            self.latest.append(tag)
            self._latest_bytes += len(tag.body)


class Refused(Exception):
    """A publisher or a player is refused. The text says why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code
        """The RTMP status code."""


class Streams:
    """All streams on air. All methods run in the thread of the media's loop."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.on_air: dict[Name, Stream] = {}
        self.check: Callable[[Name, str], str | None] = lambda name, query: None
        """Returns why a push to this stream with this query is refused, or None."""

        self.began: Callable[[Stream], None] = lambda stream: None
        """Called with each new stream."""

        self._now = now

    def publish(self, name: Name, query: str, publisher: str) -> Stream:
        """Begin a stream. Raises Refused for a second publisher or one without permission."""
        if name in self.on_air:
            raise Refused("NetStream.Publish.BadName", f"{name} is being published already")
        if why := self.check(name, query):
            raise Refused("NetStream.Publish.Denied", why)
        stream = self.on_air[name] = Stream(name, publisher, self._now())
        self.began(stream)
        return stream

    def play(self, name: Name) -> Stream:
        """Return a stream to play. Raises Refused if it is not on air."""
        if name not in self.on_air:
            raise Refused("NetStream.Play.StreamNotFound", f"{name} is not on air")
        return self.on_air[name]

    def end(self, stream: Stream) -> None:
        """End a stream, also for its players."""
        if self.on_air.get(stream.name) is stream:
            del self.on_air[stream.name]
        for player in list(stream.players):
            stream.leave(player)
