"""SharedReads: a list answers many reads, and never says what is no longer so."""

import math
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_livepull.core import sharing
from pulumi_livepull.core.sharing import FRESH_SECONDS, READS_BEFORE_LIST, Coalescer, SharedReads
from pulumi_livepull.errors import TransportError

KIND = "livepull:acme:Gadget"
PATIENCE = 30
"""Seconds to wait for what comes at once on an idle machine."""


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
    for _ in range(READS_BEFORE_LIST):
        assert account.take("0") is None
    return account


def test_a_few_reads_ask_for_no_list(account: Account) -> None:
    """A list has pages, and one thing needs one call."""
    assert account.lists == 0


def test_many_reads_share_one_list(account: Account) -> None:
    """Each gets its own answer."""
    assert [account.take(thing) for thing in account.things] == list(account.things.values())
    assert account.lists == 1


def test_a_second_request_for_the_same_is_answered_by_a_read(account: Account) -> None:
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


def test_a_list_that_takes_long_counts_from_when_it_is_there(account: Account) -> None:
    """Or a long one would be asked for again and again, and tell nobody anything."""
    fetch = account.fetch

    def slowly() -> Iterator[tuple[str, Mapping[str, Any]]]:
        account.now += 2 * FRESH_SECONDS
        yield from fetch()

    account.fetch = slowly  # type: ignore[method-assign]
    assert [account.take(thing) for thing in "12"] == [{"size": 1}, {"size": 2}]
    assert account.lists == 1


@pytest.mark.parametrize("failing", [False, True])
def test_a_change_of_our_own_makes_a_list_worthless(account: Account, failing: bool) -> None:
    """Also one that failed: it may have taken effect. Lists of other kinds stay."""
    account.take("1")
    other = [account.take("1", "livepull:acme:Gizmo") for _ in range(READS_BEFORE_LIST + 1)][-1]
    try:
        with account.shared.invalidating(KIND):
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
        with account.shared.invalidating(KIND):
            yield "1", {"size": 1}

    assert account.shared.take(KIND, {"region": "here"}, "1", fetch) is None


def test_each_place_has_a_list_of_its_own(account: Account) -> None:
    """And counts its own reads."""
    account.take("1")
    assert [account.take("1", place="there") for _ in range(READS_BEFORE_LIST + 1)][-1] == {
        "size": 1
    }
    assert account.lists == 2


def test_a_failed_list_is_not_an_error(account: Account) -> None:
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


class Question:
    """A question that is asked with others, whose answers are 1, 2, 3 once they may come."""

    def __init__(self, threads: ThreadPoolExecutor, waits: threading.Semaphore) -> None:
        self.asked = 0
        self.failing: set[int] = set()
        self.on_its_way = threading.Semaphore(0)
        self.may_come = threading.Semaphore(0)
        self._threads = threads
        self._waits = waits
        self._together = Coalescer()
        self.first: Future[int]

    def fetch(self) -> int:
        """Ask, and wait for the answer."""
        self.asked += 1
        mine = self.asked
        self.on_its_way.release()
        assert self.may_come.acquire(timeout=PATIENCE)
        if mine in self.failing:
            raise TransportError("gone", "Run it again.", sent=True)
        return mine

    def ask(self, key: str = "same", patience: float = math.inf) -> Future[int]:
        """Want to know."""
        return self._threads.submit(self._together.ask, key, self.fetch, patience)

    def is_on_its_way(self) -> bool:
        """Wait until it is asked."""
        return self.on_its_way.acquire(timeout=PATIENCE)

    def gather(self, count: int) -> list[Future[int]]:
        """Let several want to know while it is on its way, and wait until one speaks for all."""
        gathered = [self.ask() for _ in range(count)]
        for _ in gathered[1:]:
            assert self._waits.acquire(timeout=PATIENCE)
        return gathered


@pytest.fixture
def question(monkeypatch: pytest.MonkeyPatch) -> Iterator[Question]:
    """Return a question that is on its way already, asked by one whose answer is 1."""
    waits = threading.Semaphore(0)

    class CountedEvent(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.release()
            return super().wait(timeout)

    monkeypatch.setattr(sharing.threading, "Event", CountedEvent)
    with ThreadPoolExecutor(8) as threads:
        question = Question(threads, waits)
        question.first = question.ask()
        assert question.is_on_its_way()
        yield question


def results(futures: list[Future[int]]) -> list[int]:
    """Return the answers, sorted."""
    return sorted(each.result(PATIENCE) for each in futures)


def test_requests_during_a_fetch_share_the_next_one(question: Question) -> None:
    """The answer that is on its way may be older than what they want to know."""
    gathered = question.gather(3)
    question.may_come.release(2)
    assert results([question.first]) == [1]
    assert results(gathered) == [2, 2, 2]
    assert question.asked == 2


def test_a_later_request_fetches_again(question: Question) -> None:
    """Nothing is kept."""
    question.may_come.release(2)
    assert results([question.first]) == [1]
    assert results([question.ask()]) == [2]


def test_a_failure_is_for_the_one_who_asked_and_the_others_ask_alone(question: Question) -> None:
    """It may be about that one, such as the end of its time."""
    question.failing = {2}
    gathered = question.gather(3)
    question.may_come.release(4)
    failed = [each for each in gathered if each.exception(PATIENCE)]
    assert [str(each.exception()) for each in failed] == ["gone\nRun it again."]
    assert results([each for each in gathered if each not in failed]) == [3, 4]


def test_who_has_no_time_to_wait_asks_alone(question: Question) -> None:
    """An operation may take no longer than its own time."""
    gathered = question.gather(2)
    hurried = question.ask(patience=0)
    assert question.is_on_its_way()
    question.may_come.release(3)
    assert results([question.first, hurried]) == [1, 2]
    assert results(gathered) == [3, 3]


def test_another_question_waits_for_none(question: Question) -> None:
    """Each list is on its own."""
    other = question.ask("other")
    assert question.is_on_its_way()
    question.may_come.release(2)
    assert results([question.first, other]) == [1, 2]
