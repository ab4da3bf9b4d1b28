"""PushUrl: what all vendors' signed push addresses share."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Annotated
from urllib.parse import urlsplit

from annotated_types import Len
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from pulumi_livepull.core import rules
from pulumi_livepull.core.calculation import Calculation
from pulumi_livepull.core.resource import Failure
from pulumi_livepull.core.traits import ReadOnly, Secret
from pulumi_livepull.core.types import Instant, Text, Url


def _alphanumeric(value: str) -> str:
    if not (value.isascii() and value.isalnum()):
        raise PydanticCustomError("rand", "must be letters and digits, without a hyphen")
    return value


Rand = Annotated[Text, AfterValidator(_alphanumeric)]
"""A random part of the signed text; nothing else depends on it."""


class PushUrl(Calculation):
    """A push address and its signature. A vendor implements `signature`, and `seconds` if
    needed."""

    push_url: Url
    """Address to push to, such as `rtmp://push.example.com/live/channel`, without a signature."""

    key: Secret[Annotated[Text, Len(1)]]
    """Key of the push domain's URL authentication. Secret."""

    expires: Instant
    """Time until which a push may begin, RFC 3339. A push that has begun continues."""

    url: ReadOnly[Secret[str | None]] = None
    """The signed address. Secret."""

    push_args: ReadOnly[Secret[str | None]] = None
    """What was added to the address. Secret."""

    def rules(self) -> Iterator[Failure]:
        """Yield what is wrong with the address or the time."""
        if len([step for step in self.path.split("/") if step]) < 2:
            yield Failure(("push_url",), "must name an app and a stream: rtmp://host/app/stream")
        if "#" in self.push_url:
            yield Failure(
                ("push_url",), "must end before the `#`: a server never sees what follows"
            )
        if rules.is_signed(self.push_url):
            yield Failure(("push_url",), "is signed already: give it without its signature")
        if self.seconds <= 0:
            yield Failure(("expires",), "is too early: the signed time would be before 1970")

    @property
    def path(self) -> str:
        """The path of the address: `/app/stream`."""
        return urlsplit(self.push_url).path

    @property
    def stream(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def seconds(self) -> int:
        """The expiry in the signature, in Unix seconds."""
        return int(self.expires.timestamp())

    @abstractmethod
    def signature(self) -> str:
        """Return the query arguments that sign the address."""

    def call(self) -> Mapping[str, str]:
        """Return the signed address. Arguments that it already has come first."""
        signature = self.signature()
        address = self.push_url.rstrip("?&")
        joint = "&" if "?" in address else "?"
        return {"url": f"{address}{joint}{signature}", "push_args": signature}
