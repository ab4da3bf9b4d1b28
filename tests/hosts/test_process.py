"""The process of the plugin, as the engine starts and ends it."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from pulumi_livepull.hosts.registry import VERSION
from pulumi_livepull.hosts.values import from_struct, to_struct
from tests.hosting import KEYS
from tests.plugins import PATIENCE, SERVE, Engine, Process

FOLDER = Path(__file__).parents[2] / "plugin"

Start = Callable[..., Process]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts plugins, which end with the test."""
    with ExitStack() as started:
        yield lambda *arguments, **environment: started.enter_context(
            Process([*SERVE, *arguments], **environment)
        )


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.end()


class Vendor(ThreadingHTTPServer):
    """A vendor that delays its responses, so that a test can act during an operation."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Call)
        self.calls: list[str] = []
        self.called, self.may_answer = threading.Event(), threading.Event()
        self.hangs_up = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Call(BaseHTTPRequestHandler):
    """One call of the vendor."""

    server: Vendor

    def log_message(self, *_: object) -> None: ...

    def do_POST(self) -> None:
        self.server.calls.append("POST")
        self.server.called.set()
        self.server.may_answer.wait(PATIENCE)
        if not self.server.hangs_up:
            self._answer({"task_id": "7864b3dc"})

    def do_GET(self) -> None:
        self.server.calls.append("GET")
        self._answer({"total": 1, "task_infos": [{"task_id": "7864b3dc"}]})

    def _answer(self, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with Vendor() as vendor:
        yield vendor
        vendor.shutdown()


TASK = {
    "sourceType": "PullLivePushLive",
    "sourceUrls": ["https://play.example.org/live/channel.flv"],
    "domain": "push.example.com",
    "appName": "live",
    "streamName": "channel",
    "startTime": "2030-01-01T00:00:00Z",
    "endTime": "2030-01-02T00:00:00Z",
}


def create(process: Process, vendor: Vendor) -> "grpc.Future[provider_pb2.CreateResponse]":
    """Let a plugin create a task, up to the delayed response of the vendor."""
    settings = {name.removeprefix("livepull:"): value for name, value in KEYS.items()}
    settings |= {"huaweicloudEndpoint": vendor.url, "huaweicloudProjectId": "0" * 32}
    configure = provider_pb2.ConfigureRequest(args=to_struct(settings))
    process.asked.Configure(configure, timeout=PATIENCE)
    token = "livepull:huaweicloud:PullTask"
    urn = f"urn:pulumi:dev::stack::{token}::relay"
    request = provider_pb2.CreateRequest(urn=urn, type=token, properties=to_struct(TASK))
    answer = process.asked.Create.future(request)
    assert vendor.called.wait(PATIENCE)
    return answer


def test_standard_output_holds_the_port_and_nothing_else(start: Start, engine: Engine) -> None:
    """The engine reads the port from the first line."""
    process = start(engine.address, LIVEPULL_LOG="debug")
    process.warn()
    assert '"name": "livepull"' in process.asked.GetSchema(provider_pb2.GetSchemaRequest()).schema
    process.running.terminate()
    assert process.end() == (0, "", "")


def test_the_options_of_the_engine_come_before_its_address(start: Start, engine: Engine) -> None:
    """Source: `buildPluginArguments` in Pulumi's sdk/go."""
    process = start("--logtostderr", "-v=9", "--tracing", "http://127.0.0.1:9", engine.address)
    process.warn()
    (output,) = engine.logged
    assert "livepull:nonsense is not a setting of this provider" in output


def test_the_engine_is_not_asked_for_through_a_proxy(start: Start, engine: Engine) -> None:
    """A proxy is for the vendors; the engine runs on this machine."""
    proxy = dict.fromkeys(("http_proxy", "https_proxy", "grpc_proxy"), "http://127.0.0.1:9")
    start(engine.address, **proxy, no_proxy="", NO_PROXY="").warn()
    assert len(engine.logged) == 1


def test_two_plugins_have_nothing_in_common(start: Start, engine: Engine) -> None:
    """Every provider of a stack has its own process."""
    one, other = start(engine.address), start(engine.address)
    assert one.port != other.port
    one.running.terminate()
    assert one.end()[0] == 0
    assert other.version() == VERSION


@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT])
def test_a_signalled_plugin_ends_at_once(
    start: Start, engine: Engine, signal_: signal.Signals
) -> None:
    """The engine interrupts its plugins, then waits 5 seconds for them to end."""
    process = start(engine.address)
    os.killpg(process.running.pid, signal_)
    assert process.end() == (0, "", "")


def test_the_signal_that_windows_has_ends_a_plugin_too(engine: Engine) -> None:
    """There the engine sends a Ctrl-Break, which would otherwise end the process at once."""
    program = (
        "import signal; signal.SIGBREAK = signal.SIGUSR1; "
        "from pulumi_livepull.__main__ import main; main()"
    )
    with Process([sys.executable, "-c", program, "plugin", "serve", engine.address]) as process:
        process.running.send_signal(signal.SIGUSR1)
        assert process.end() == (0, "", "")


def test_a_plugin_that_is_signalled_to_end_still_answers_open_requests(
    start: Start, engine: Engine, vendor: Vendor
) -> None:
    """Resources that it has created must get into the state."""
    process = start(engine.address)
    answer = create(process, vendor)
    ending = process.when_it_ends()
    process.running.send_signal(signal.SIGINT)
    assert ending.wait(PATIENCE)
    vendor.may_answer.set()
    error = answer.exception(PATIENCE)
    assert "7864b3dc" in str(error or answer.result())
    assert process.end()[0] == 0


def test_a_message_may_be_large(start: Start, engine: Engine) -> None:
    """Eight MiB in both directions; gRPC's default limit is four."""
    process = start(engine.address)
    urls = [f"https://files.example.org/{'x' * 2**20}/{number}.mp4" for number in range(8)]
    token = "livepull:huaweicloud:PullTask"
    request = provider_pb2.CreateRequest(
        urn=f"urn:pulumi:dev::stack::{token}::relay",
        properties=to_struct({**TASK, "sourceType": "PullVodPushLive", "sourceUrls": urls}),
        preview=True,
    )
    assert request.ByteSize() > 8 * 2**20
    any_size = [("grpc.max_receive_message_length", -1), ("grpc.enable_http_proxy", 0)]
    with grpc.insecure_channel(f"127.0.0.1:{process.port}", any_size) as channel:
        answer = ResourceProviderStub(channel).Create(request, timeout=PATIENCE)
    assert from_struct(answer.properties)[0]["sourceUrls"] == urls


def test_a_cancellation_in_the_middle_of_an_operation_lets_it_answer(
    start: Start, engine: Engine, vendor: Vendor
) -> None:
    """The response holds what was created so far, which must get into the state."""
    process = start(engine.address)
    answer = create(process, vendor)
    process.asked.Cancel(Empty(), timeout=PATIENCE)
    assert not answer.done()
    vendor.may_answer.set()
    assert answer.result(PATIENCE).id == "cn-north-4/7864b3dc"


def test_a_plugin_whose_engine_is_gone_finishes_its_operations_and_ends(
    start: Start, engine: Engine, vendor: Vendor
) -> None:
    """If the engine is killed, no process stays behind and no operation stops halfway."""
    vendor.hangs_up = True  # After this the operation looks whether the task was made.
    process = start(engine.address)
    create(process, vendor)
    ending = process.when_it_ends()
    engine.end()
    process.channel.close()
    assert ending.wait(PATIENCE)
    vendor.may_answer.set()
    assert process.end()[0] == 0
    assert vendor.calls[-2:] == ["POST", "GET"]


def test_only_a_plugin_that_its_engine_started_ends_without_one(start: Start) -> None:
    """The engine may be killed before its plugin is up; under a debugger, the plugin waits for the
    next one.
    """
    gone = Engine()
    gone.end()
    debugged = start()
    debugged.attach(gone.address)
    assert start(gone.address).end() == (0, "", "")
    assert debugged.version() == VERSION


def test_a_plugin_of_a_debugger_serves_one_engine_after_the_other(
    start: Start, vendor: Vendor
) -> None:
    """`pulumi up` alone is two: the preview cancels and disconnects before the update attaches."""
    vendor.may_answer.set()
    process = start()
    for _ in range(2):
        engine = Engine()
        process.attach(engine.address)
        process.warn()
        assert len(engine.logged) == 1
        assert create(process, vendor).result(PATIENCE).id == "cn-north-4/7864b3dc"
        process.asked.Cancel(Empty(), timeout=PATIENCE)
        engine.end()
    process.running.send_signal(signal.SIGINT)
    assert process.end()[0] == 0


def test_a_plugin_loads_nothing_that_it_does_not_use(start: Start, engine: Engine) -> None:
    """Above all not the emulator's server: every engine run waits for the plugin to start."""
    process = start(engine.address, PYTHONPROFILEIMPORTTIME="1")
    process.running.terminate()
    loaded = {line.rpartition("|")[2].strip() for line in process.end()[2].splitlines()}
    assert "grpc" in loaded
    assert not loaded & {"flask", "waitress", "werkzeug", "jinja2", "pulumi_livepull.emulator"}


def test_the_folder_is_the_plugin_too(engine: Engine) -> None:
    """A language host runs `python <folder> <arguments>` from the folder of a program."""
    assert "runtime: python" in (FOLDER / "PulumiPlugin.yaml").read_text()
    with Process([sys.executable, FOLDER, "--logtostderr", engine.address]) as process:
        process.warn()
        assert len(engine.logged) == 1
