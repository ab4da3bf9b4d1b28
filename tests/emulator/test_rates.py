"""The vendors' documented rates hold when asked for: off at first, by the emulator's clock."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from pulumi_livepull.emulator import Emulator

LIST = "DescribeLivePullToPushList"


@pytest.fixture
def client(emulator: Emulator) -> FlaskClient:
    return emulator.app.test_client()


def statuses(ali, calls: int) -> list[int]:
    return [ali(LIST, Region="cn-shanghai").status_code for _ in range(calls)]


def test_rates_are_off_at_first(ali) -> None:
    """Tests must turn them on."""
    assert set(statuses(ali, 60)) == {200}


def test_the_eleventh_call_in_a_second_is_throttled(ali, emulator: Emulator) -> None:
    """With the vendor's own message; a second later, calls pass again."""
    emulator.rates = True
    assert statuses(ali, 11) == [200] * 10 + [400]
    assert ali(LIST, Region="cn-shanghai").json()["Code"] == "Throttling.User"
    emulator.clock.advance(timedelta(milliseconds=999))
    assert statuses(ali, 1) == [400]
    emulator.clock.advance(timedelta(milliseconds=1))
    assert statuses(ali, 11) == [200] * 10 + [400]


def test_each_operation_has_its_own_rate(ali, volc, call, emulator: Emulator) -> None:
    """Operations do not share a limit; one without a documented rate has none."""
    emulator.rates = True
    statuses(ali, 11)
    found = [ali("DescribeLiveRecordNotifyConfig", DomainName="d").status_code for _ in range(51)]
    assert found == [404] * 50 + [400]
    lists = [volc("ListPullToPushTaskV2", {}).status_code for _ in range(16)]
    assert lists == [200] * 15 + [429]
    assert {call("GET", "/pull/stream/task").status_code for _ in range(60)} == {200}


def test_a_call_that_is_not_authentic_uses_nothing_up(ali, emulator: Emulator) -> None:
    """Neither does one that a fault handles."""
    emulator.rates = True
    for _ in range(10):
        ali.http.post("/", headers={"Authorization": "ACS3-HMAC-SHA256 x", "x-acs-action": LIST})
    emulator.arm("deny", times=10)
    statuses(ali, 10)
    assert statuses(ali, 10) == [200] * 10


def test_a_clock_that_goes_back_blocks_nothing(ali, emulator: Emulator) -> None:
    """Calls made in the future do not count."""
    emulator.rates = True
    statuses(ali, 10)
    emulator.clock.advance(timedelta(days=-1))
    assert statuses(ali, 11) == [200] * 10 + [400]


def test_rates_can_be_switched_over_http(emulator: Emulator, client: FlaskClient) -> None:
    """A reset restores the constructor's setting."""
    assert client.post("/_emulator/rates", json={"rates": True}).get_json() == {"rates": True}
    assert emulator.rates is True
    for wrong in ({}, {"rates": 1}, {"rates": True, "now": 1}):
        assert client.post("/_emulator/rates", json=wrong).status_code == 400
    emulator.reset()
    assert emulator.rates is False
    assert Emulator(rates=True).rates is True


def test_a_reset_forgets_the_calls(ali, emulator: Emulator) -> None:
    """The next test starts with the full rate."""
    emulator.rates = True
    statuses(ali, 10)
    emulator.reset()
    emulator.rates = True
    assert statuses(ali, 1) == [200]
