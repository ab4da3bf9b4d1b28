"""SharedReads: a list answers many reads, and never says what is no longer so."""

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_livepull.core.sharing import ALONE, FRESH_SECONDS, SharedReads
from pulumi_livepull.errors import TransportError

KIND = "livepull:acme:Gadget"


class Account:
    """Things that can be listed, on a clock of their own."""

    def __init__(self) -> None:
        self.things = {str(number): {"size": number} for number in range(20)}
        self.lists = 0
        self.now = 0.0
        self.shared = SharedReads(lambda: self.now)

    def fetch(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield all there are."""
        self.lists += 1
        yield from dict(self.things).items()

    def take(self, thing: str, kind: str = KIND, place: str = "here") -> Any:
        """Read one thing."""
        return self.shared.take(kind, {"region": place}, thing, self.fetch)


@pytest.fixture
def account() -> Account:
    """An account of which enough was asked for a list to be worth it."""
    account = Account()
    for _ in range(ALONE):
        assert account.take("0") is None
    return account


def test_a_few_reads_ask_for_no_list(account: Account) -> None:
    """A list has pages, and one thing needs one call."""
    assert account.lists == 0


def test_many_reads_share_one_list(account: Account) -> None:
    """Each gets its own answer."""
    assert [account.take(thing) for thing in account.things] == list(account.things.values())
    assert account.lists == 1


def test_who_asks_again_is_told_to_look(account: Account) -> None:
    """It wants to know what is so now."""
    assert account.take("1") == {"size": 1}
    assert account.take("1") is None
    assert account.lists == 1


def test_what_a_list_lacks_is_to_be_looked_at(account: Account) -> None:
    """It may have been made since."""
    assert account.take("unheard of") is None


def test_a_list_gets_old(account: Account) -> None:
    """After that it is asked for anew."""
    account.take("1")
    account.now = FRESH_SECONDS - 0.1
    assert account.take("2") == {"size": 2}
    account.things["3"] = {"size": 33}
    account.now = FRESH_SECONDS
    assert account.take("3") == {"size": 33}
    assert account.lists == 2


@pytest.mark.parametrize("failing", [False, True])
def test_a_change_of_our_own_makes_a_list_worthless(account: Account, failing: bool) -> None:
    """Also one that failed: it may have taken effect. Lists of other kinds stay."""
    account.take("1")
    other = [account.take("1", "livepull:acme:Gizmo") for _ in range(ALONE + 1)][-1]
    try:
        with account.shared.changing(KIND):
            account.things["2"] = {"size": 22}
            if failing:
                raise KeyError
    except KeyError:
        pass
    assert account.take("2") == {"size": 22}
    assert other == {"size": 1}
    assert account.take("2", "livepull:acme:Gizmo") == {"size": 2}
    assert account.lists == 3


def test_a_list_that_was_on_its_way_during_a_change_says_nothing(account: Account) -> None:
    """Nobody knows which of them came first."""

    def fetch() -> Iterator[tuple[str, Mapping[str, Any]]]:
        with account.shared.changing(KIND):
            yield "1", {"size": 1}

    assert account.shared.take(KIND, {"region": "here"}, "1", fetch) is None


def test_each_place_has_a_list_of_its_own(account: Account) -> None:
    """And counts its own reads."""
    account.take("1")
    assert [account.take("1", place="there") for _ in range(ALONE + 1)][-1] == {"size": 1}
    assert account.lists == 2


def test_a_list_that_cannot_be_had_is_no_failure(account: Account) -> None:
    """The things are looked at one by one, and the list is left alone for a while."""
    asked = []

    def fetch() -> Iterator[tuple[str, Mapping[str, Any]]]:
        asked.append(1)
        raise TransportError("no answer", sent=True)
        yield

    for thing in account.things:
        assert account.shared.take(KIND, {"region": "here"}, thing, fetch) is None
    assert len(asked) == 1


def test_threads_share_a_list(account: Account) -> None:
    """Those that come while it is on its way wait for it."""
    together = threading.Barrier(8)

    def take(thing: str) -> Any:
        together.wait(10)
        return account.take(thing)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(take, list(account.things)[:8]))
    assert account.lists == 1
