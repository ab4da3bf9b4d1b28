"""The stream that an address names, and warnings about addresses."""

from itertools import combinations

import pytest

from pulumi_livepull.core import rules
from pulumi_livepull.core.address import is_private_host, stream_of
from pulumi_livepull.core.resource import Caution

SRT = "srt://push.example.com:10080?streamid=#!::h=push.example.com,r=live/{},txSecret={},m=publish"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rtmp://push.example.com/live/1", "rtmp://PUSH.example.com:1935/live/1/"),
        ("rtmp://push.example.com/live/1", "rtmp://push.example.com/live/%31"),
        ("rtmp://push.example.com/live/1", "rtmps://push.example.com:443/live/1"),
        ("rtmp://a.example/live/1?auth_key=1-0-0-a", "rtmp://a.example/live/1?auth_key=2-0-0-b"),
        ("rtmp://a.example/live/1?txSecret=a&txTime=1", "rtmp://a.example/live/1?volcSecret=b"),
        ("rtmp://a.example/live/?streamname=1&key=a", "rtmp://a.example/live/?key=b&StreamName=1"),
        (SRT.format("1", "a"), SRT.format("1", "b")),
    ],
)
def test_two_spellings_of_a_stream_are_one(one: str, other: str) -> None:
    """A default port, upper case or a signature does not make a different stream."""
    assert stream_of(one) == stream_of(other)


DIFFERENT = [
    "rtmp://push.example.com/live/1",
    "rtmp://push.example.com/live/2",
    "rtmp://push.example.com:1936/live/1",
    "rtmp://push.example.com/live/1?vhost=other.example.com",
    "rtmp://push.example.com/live/?streamname=1&key=a",
    "rtmp://push.example.com/live/?streamname=2&key=a",
    "srt://push.example.com:10080?streamid=one",
    "srt://push.example.com:10080?streamid=two",
    SRT.format("1", "a"),
    SRT.format("2", "a"),
]


@pytest.mark.parametrize(("one", "other"), [*combinations(DIFFERENT, 2)])
def test_the_stream_may_be_in_the_query_or_behind_another_port(one: str, other: str) -> None:
    """Otherwise, every run would warn about a conflict that does not exist."""
    assert stream_of(one) != stream_of(other)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("rtmp://push.example.com/live", "names no stream"),
        ("rtmp://push.example.com", "names no stream"),
        ("rtmp://push.example.com/live?auth_key=1", "names no stream"),
        ("rtmp://push.example.com/live//x", "has two slashes in a row"),
        ("rtmp://push.example.com/live/x", ""),
        ("rtmp://push.example.com/live?streamname=x", ""),
        ("srt://push.example.com:1?streamid=x", ""),
    ],
)
def test_a_push_address_that_names_no_stream_is_doubtful(url: str, words: str) -> None:
    """It is legal, but probably incomplete."""
    found = list(rules.destination(("dst_url",), url, ("rtmp", "srt")))
    assert [caution.reason[: len(words)] for caution in found] == ([words] if words else [])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("rtmp://play.example.com", "names a host only"),
        ("rtmp://play.example.com/", "names a host only"),
        ("rtmp://play.example.com/live//x", "has two slashes in a row"),
        ("srt://play.example.com:1?streamid=x", ""),
        ("http://play.example.com/a.flv?next=//b", ""),
    ],
)
def test_a_source_that_names_nothing_is_doubtful(url: str, words: str) -> None:
    """A host alone is not a source."""
    found = list(rules.address(("src",), url, ("rtmp", "srt", "http")))
    assert [caution.reason[: len(words)] for caution in found] == ([words] if words else [])
    assert all(isinstance(caution, Caution) for caution in found)


@pytest.mark.parametrize(
    "host",
    [
        *("0x7f000001", "2130706433", "127.1", "0177.0.0.1", "0x7f.1", "100.64.0.1", "100.64.1"),
        *("1681915905", "::ffff:127.0.0.1", "::ffff:6440:1", "fd00::1", "localhost.", "10.1"),
    ],
)
def test_a_private_host_is_known_in_every_spelling(host: str) -> None:
    """Resolvers accept all these spellings."""
    assert is_private_host(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "134744072", "0x08080808", "256.1.1.1", "1.example"])
def test_a_public_host_is_not_private(host: str) -> None:
    """Neither is an invalid address."""
    assert not is_private_host(host)
