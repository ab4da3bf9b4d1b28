"""Errors: two lines that say what failed and what to do next, without secrets."""

from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.errors import (
    ApiError,
    ConfigError,
    Conflict,
    Denied,
    LivePullError,
    NotFound,
    QuotaExceeded,
    Throttled,
    TransportError,
    redact,
)


def placed(error: LivePullError) -> LivePullError:
    """Return an error that happened in an operation."""
    error.where = "huaweicloud.PullTask create failed"
    return error


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (LivePullError("it failed"), "it failed"),
        (ConfigError("no region", "Set `region`."), "no region\nSet `region`."),
        (
            ApiError("X.1", "no such domain", status=404, request_id="8f0c", hint="Add it."),
            'X.1 "no such domain" (HTTP 404, request id 8f0c)\nAdd it.',
        ),
        (ApiError("X.1", "no", status=400), 'X.1 "no" (HTTP 400)'),
        (
            placed(ApiError("X.1", "no", status=400, hint="Add it.")),
            'huaweicloud.PullTask create failed: X.1 "no" (HTTP 400)\nAdd it.',
        ),
        (
            placed(TransportError("cannot reach h: no route", "Check.", sent=False)),
            "huaweicloud.PullTask create failed: cannot reach h: no route\nCheck.",
        ),
    ],
)
def test_a_message_says_what_where_and_what_to_do_next(error: LivePullError, message: str) -> None:
    """One line says what failed and where, the other what to do next."""
    assert str(error) == message


@pytest.mark.parametrize("kind", [NotFound, Conflict, Denied, QuotaExceeded, Throttled])
def test_every_kind_of_refusal_can_be_caught_as_one(kind: type[ApiError]) -> None:
    """With the vendor's code and status at hand."""
    error = kind("X.1", "no", status=400, request_id="r", hint="h")
    assert isinstance(error, ApiError)
    assert isinstance(error, LivePullError)
    assert (error.code, error.status, error.request_id, error.hint) == ("X.1", 400, "r", "h")


def test_a_throttling_knows_when_to_return_only_if_the_vendor_said() -> None:
    """By default, it has no pause."""
    assert Throttled("X", "busy", status=429).retry_after is None


def test_messages_of_vendors_are_redacted() -> None:
    """They may quote the request."""
    sent = "rtmp://u:p@push.example.com/live/one?txSecret=1"
    assert "txSecret" not in str(ApiError("X", f"bad {sent}", status=400))
    assert "u:p" not in str(TransportError(f"bad {sent}", sent=True))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text? yes", "plain text? yes"),
        ("see https://h/x for more", "see https://h/x for more"),
        ("https://h/x?a=1&b=2 next", "https://h/x?*** next"),
        ("RTMP://h/x?a=1", "RTMP://h/x?***"),
        ("https://user@h/x", "https://***@h/x"),
        ("https://user:pw@h/x?a=1", "https://***@h/x?***"),
        ("https://:pw@h/x", "https://***@h/x"),
        ('two: "https://h/?a=1", "srt://h/?b=2"', 'two: "https://h/?***", "srt://h/?***"'),
        ("url=<https://h/?a=1>", "url=<https://h/?***>"),
        (
            "Authorization: SDK-HMAC-SHA256 Access=AK1, SignedHeaders=host;x-sdk-date, "
            "Signature=0f0f",
            "Authorization: SDK-HMAC-SHA256 Access=***, SignedHeaders=host;x-sdk-date, "
            "Signature=***",
        ),
        ("X-Security-Token: abc", "X-Security-Token: ***"),
        ("x-auth-token=abc;", "x-auth-token=***;"),
        ('{"X-Security-Token": "abc"}', '{"X-Security-Token": "***"}'),
        ("{'X-Auth-Token': 'abc'}", "{'X-Auth-Token': '***'}"),
    ],
)
def test_queries_user_info_signatures_and_tokens_are_hidden(text: str, shown: str) -> None:
    """And nothing else."""
    assert redact(text) == shown


def test_given_secrets_are_hidden_wherever_they_are() -> None:
    """The longest first, so that no tail of it is left; an empty one hides nothing."""
    assert redact("a key-and-more and key", ["key", "", "key-and-more"]) == "a *** and ***"


MARK = "5ecret"
# What RFC 3986 allows unencoded in user info and in a query.
COMMON = ascii_letters + digits + "-._~!$&'()*+,;=:%"
user_infos = st.text(COMMON, max_size=8)
queries = st.text(COMMON + "@/?", max_size=8)
paths = st.text(ascii_letters + digits + "-._~!$&'()*+,;=:@%/", max_size=8)
schemes = st.sampled_from(["rtmp", "https", "HTTP", "srt+x"])
around = st.text(ascii_letters + " \n,:;()", max_size=5)


@given(schemes, user_infos, user_infos, paths, around, around)
def test_a_secret_in_user_info_never_survives(
    scheme: str, before: str, after: str, path: str, left: str, right: str
) -> None:
    """Whatever else the user info holds."""
    text = f"{left} {scheme}://{before}{MARK}{after}@host/{path} {right}"
    assert MARK not in redact(text)


@given(schemes, paths, queries, queries, around, around)
def test_a_secret_in_a_query_never_survives(
    scheme: str, path: str, before: str, after: str, left: str, right: str
) -> None:
    """Whatever else the query holds."""
    text = f"{left} {scheme}://host/{path}?{before}{MARK}{after} {right}"
    assert MARK not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "rtmp://user:p@5ecret@host/live",
        "rtmp://user:it's-5ecret@host/live",
        "https://host/x?a='5ecret'",
        "https://host/it's?a=5ecret",
    ],
)
def test_odd_but_legal_characters_open_no_gap(text: str) -> None:
    """Python's own parser takes all of these."""
    assert MARK not in redact(text)


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=5), max_size=3))
def test_redacting_twice_is_as_good_as_once(text: str, secrets: list[str]) -> None:
    """Errors are redacted when they are created and again when they are shown."""
    assert redact(redact(text)) == redact(text)
    for secret in secrets:
        if not set(secret) & set("*"):
            assert secret not in redact(f"{text} {secret}", [secret])
