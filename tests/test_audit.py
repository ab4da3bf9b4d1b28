"""The audit of dependencies: what it asks, and what it makes of the answer or of none."""

import json
import re
import tomllib
from pathlib import Path

import httpx
import pytest

from tools import audit

ROOT = Path(__file__).parents[1]


def database(bad: str, asked: list[str]) -> httpx.MockTransport:
    """A database in which one package is bad in every version."""

    def answer(request: httpx.Request) -> httpx.Response:
        names = [query["package"]["name"] for query in json.loads(request.content)["queries"]]
        asked.extend(names)
        vulns = {bad: {"vulns": [{"id": "GHSA-1"}]}}
        return httpx.Response(200, json={"results": [vulns.get(name, {}) for name in names]})

    return httpx.MockTransport(answer)


def test_what_is_known_to_be_bad_fails_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    """With the advisory's page; it checks every installed package except our own."""
    asked: list[str] = []
    assert audit.main(database("httpx", asked)) == 1
    assert (
        f"httpx {httpx.__version__}: https://osv.dev/vulnerability/GHSA-1" in capsys.readouterr()[0]
    )
    assert {"httpx", "pydantic", "pulumi", "tenacity"} <= set(asked)
    assert "pulumi-livepull" not in asked


def test_nothing_known_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """It says how many packages were checked."""
    assert audit.main(database("nothing", [])) == 0
    assert "audit: 0 advisories for " in capsys.readouterr()[0]


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(503), httpx.Response(200, text="<html>"), httpx.Response(200, json={})],
)
def test_without_the_database_it_says_that_nothing_was_checked(
    answer: httpx.Response, capsys: pytest.CaptureFixture[str]
) -> None:
    """Offline it does not fail, but it does not claim that everything is fine either."""
    assert audit.main(httpx.MockTransport(lambda request: answer)) == 0
    assert "audit: not done" in capsys.readouterr()[0]


def test_every_dependency_that_users_get_has_a_lower_bound() -> None:
    """Without one, an old version with known vulnerabilities would be accepted."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["emulator"]]
    assert [each for each in needed if not re.search(r">=\d", each)] == []
