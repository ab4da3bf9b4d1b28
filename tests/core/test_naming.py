"""Names, and names inside text."""

import pytest

from pulumi_livepull.core.naming import camel, pascal, path_text, respell


@pytest.mark.parametrize(
    ("name", "camel_case", "pascal_case"),
    [
        ("region", "region", "Region"),
        ("source_urls", "sourceUrls", "SourceUrls"),
        ("vod_start_video_index", "vodStartVideoIndex", "VodStartVideoIndex"),
    ],
)
def test_a_name_is_spelled_for_its_readers(name: str, camel_case: str, pascal_case: str) -> None:
    """snake_case in Python, camelCase in Pulumi, PascalCase after a prefix."""
    assert (camel(name), pascal(name)) == (camel_case, pascal_case)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("end_time",), "endTime"),
        (("source_urls", 3), "sourceUrls[3]"),
        (("some_map", "a_key", 0), "someMap.a_key[0]"),
    ],
)
def test_a_path_is_spelled_as_pulumi_prints_it(path: tuple[str | int, ...], text: str) -> None:
    """Only the property is ours to respell; a key in a map is the user's."""
    assert path_text(path) == text


def test_only_known_names_in_back_quotes_are_respelled() -> None:
    """`-1` and `http_proxy` are values, and names without quotes are words."""
    text = "set `source_urls` or `http_proxy`, not source_urls, `-1` or `region`"
    expected = "set `sourceUrls` or `http_proxy`, not source_urls, `-1` or `region`"
    assert respell(text, ["source_urls", "region"]) == expected
