"""Types: what counts as an address, as carrying a key, and as out of a cloud's reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.core.types import carries_key, is_private, split_url
from tests.core.samples import json_values


@pytest.mark.parametrize(
    ("value", "carries"),
    [
        ("rtmp://h/x", False),
        ("rtmp://h/x?key=1", True),
        ("rtmp://user@h/x", True),
        ("rtmp://user:pw@h/x", True),
        ("rtmp://:pw@h/x", True),
        ("rtmp://h/x@y", False),
        ("h/x", False),
        ("h/x?key=1", True),
        ("https://user:pw@h:port/x", True),
        ("https://user:pw@h name/x", True),
        (["rtmp://h/x", "rtmp://h/x?key=1"], True),
        (["rtmp://h/x"], False),
        ([], False),
        (None, False),
        (5, False),
    ],
)
def test_a_query_or_user_info_may_be_a_key(value: object, carries: bool) -> None:
    """Also in what is no address, because that is shown in messages too."""
    assert carries_key(value) is carries


@pytest.mark.parametrize(
    ("value", "private"),
    [
        ("rtmp://play.example.com/x", False),
        ("rtmp://8.8.8.8/x", False),
        ("rtmp://10.0.0.1/x", True),
        ("rtmp://192.168.1.1:1935/x", True),
        ("rtmp://127.0.0.1/x", True),
        ("rtmp://169.254.1.1/x", True),
        ("rtmp://[::1]/x", True),
        ("rtmp://[fd00::1]/x", True),
        ("rtmp://[2606:4700::1]/x", False),
        ("rtmp://localhost/x", True),
        ("rtmp://LOCALHOST/x", True),
        ("rtmp://camera.local/x", True),
        ("rtmp://nas.lan/x", True),
        ("rtmp://localhost.example.com/x", False),
        ("localhost/x", False),
        ("", False),
    ],
)
def test_a_cloud_cannot_reach_a_private_address(value: str, private: bool) -> None:
    """By address and by the names that are reserved for it."""
    assert is_private(value) is private


@pytest.mark.parametrize(
    "value",
    ["", "h", "h/x", "//h/x", "rtmp:", "rtmp:///x", "rtmp://h:x/", "http://[", "rtmp://h /"],
)
def test_an_address_needs_a_scheme_and_a_host(value: str) -> None:
    """Anything less is none."""
    assert split_url(value) is None


@given(json_values)
def test_anything_can_be_asked(value: object) -> None:
    """Bad inputs are never exceptions."""
    assert carries_key(value) in {True, False}


@given(st.text())
def test_any_text_can_be_asked(value: str) -> None:
    """Bad inputs are never exceptions."""
    split_url(value)
    assert is_private(value) in {True, False}
