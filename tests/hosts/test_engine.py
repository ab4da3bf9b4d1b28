"""The plugin's connection to the engine: the log, and noticing that the engine is gone."""

import logging
import threading
from collections.abc import Iterator

import pytest
from pulumi.runtime.proto import engine_pb2

from pulumi_livepull.hosts import engine as module
from pulumi_livepull.hosts.engine import Engine, logging_for
from tests.hosts.calls import Listener

URN = "urn:pulumi:dev::relay::livepull:huaweicloud:PullTask::one"


@pytest.fixture
def listening() -> Iterator[Listener]:
    """Return a running engine."""
    engine = Listener()
    yield engine
    engine.end()


@pytest.fixture
def broken() -> threading.Event:
    """Return an event that is set once the connection breaks."""
    return threading.Event()


@pytest.fixture
def engine(broken: threading.Event, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Return a plugin's end of the connection, with short timeouts."""
    monkeypatch.setattr(module, "PROBE_SECONDS", 0.5)
    return Engine(on_break=broken.set)


@pytest.fixture
def log(engine: Engine) -> Iterator[logging.Logger]:
    """Return a logger that logs only to the engine."""
    log = logging.getLogger("tests.engine")
    log.addHandler(engine)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    yield log
    log.removeHandler(engine)


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        (logging.DEBUG, engine_pb2.DEBUG),
        (logging.INFO, engine_pb2.INFO),
        (logging.WARNING, engine_pb2.WARNING),
        (logging.ERROR, engine_pb2.ERROR),
        (logging.CRITICAL, engine_pb2.ERROR),
        (logging.WARNING + 1, engine_pb2.INFO),
    ],
)
def test_the_log_is_sent_to_the_engine(
    listening: Listener,
    engine: Engine,
    log: logging.Logger,
    broken: threading.Event,
    level: int,
    severity: int,
) -> None:
    """With the engine's severities; connecting does not count as losing the connection."""
    engine.attach(listening.address)
    log.log(level, "%s is doubtful", "endTime")
    (output,) = listening.logged
    assert (output.severity, output.message, output.urn) == (severity, "endTime is doubtful", "")
    assert not broken.is_set()


def test_a_log_message_is_about_the_resource_of_its_operation(
    listening: Listener, engine: Engine, log: logging.Logger
) -> None:
    """Pulumi then shows it there; after the operation and in other threads, it has no resource."""
    engine.attach(listening.address)
    with logging_for(URN):
        log.warning("outer")
        with logging_for(URN + "2"):
            log.warning("inner")
        log.warning("outer again")
        other = threading.Thread(target=log.warning, args=("elsewhere",))
        other.start()
        other.join()
    log.warning("after")
    assert [(output.message, output.urn) for output in listening.logged] == [
        ("outer", URN),
        ("inner", URN + "2"),
        ("outer again", URN),
        ("elsewhere", ""),
        ("after", ""),
    ]


def test_a_failure_leaves_no_resource_behind(
    listening: Listener, engine: Engine, log: logging.Logger
) -> None:
    """The thread serves another resource next."""
    engine.attach(listening.address)
    with pytest.raises(ValueError, match="it failed"), logging_for(URN):
        raise ValueError("it failed")
    log.warning("next")
    assert listening.logged[0].urn == ""


def test_without_an_engine_nothing_is_logged_and_no_engine_is_missing(
    engine: Engine, log: logging.Logger, broken: threading.Event
) -> None:
    """A user may start the plugin by hand, for example to read its schema."""
    engine.attach("")
    log.warning("unheard")
    assert engine.is_reachable()
    assert not broken.is_set()


def test_an_engine_that_went_away_is_noticed(
    listening: Listener, engine: Engine, log: logging.Logger, broken: threading.Event
) -> None:
    """A killed engine says nothing; logging to it raises no error."""
    engine.attach(listening.address)
    assert engine.is_reachable()
    listening.end()
    assert broken.wait(10)
    assert not engine.is_reachable()
    log.warning("unheard")


def test_an_engine_that_comes_back_is_there(
    listening: Listener,
    engine: Engine,
    broken: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A connection may break and be re-established."""
    engine.attach(listening.address)
    assert engine.is_reachable()
    listening.end()
    assert broken.wait(10)
    again = Listener(listening.port)
    try:
        monkeypatch.setattr(module, "PROBE_SECONDS", 10)
        assert engine.is_reachable()
    finally:
        again.end()
