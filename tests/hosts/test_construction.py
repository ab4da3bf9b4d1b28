"""Construct, against a resource monitor of our own: what is registered, and what is answered."""

import gc
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import alias_pb2, provider_pb2, resource_pb2
from pulumi.runtime.proto.resource_pb2_grpc import (
    ResourceMonitorServicer,
    add_ResourceMonitorServicer_to_server,
)

from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import windows
from pulumi_livepull.hosts.plugin import Plugin
from pulumi_livepull.hosts.values import from_struct, to_struct
from tests.hosting import Context, Refused, plugin_host

TYPE = "livepull:huaweicloud:PullTaskSchedule"
PROVIDER = "urn:pulumi:dev::project::pulumi:providers:livepull::own", "0f3a"
OTHER = "urn:pulumi:dev::project::livepull:huaweicloud:RecordCallback::other"
SHARED = {
    "sourceType": "PullLivePushLive",
    "sourceUrls": ["rtmp://play.example.com/live/one"],
    "destinationUrl": "rtmp://push.example.com/live/stream-key",
}
SECRET = {"destinationUrl"}

# How the engine writes an output.
SIGNATURE = "4dabf18193072939515e22adb298388d"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def window(name: Any, start: str = "2030-01-02", end: str = "2030-01-03") -> dict[str, Any]:
    """Return a window, by default after the frozen time of the tests."""
    return {"name": name, "startTime": f"{start}T20:00:00Z", "endTime": f"{end}T20:00:00Z"}


FIRST, SECOND = window("first"), window("second", "2030-01-04", "2030-01-05")
PASSED = window("passed", "2029-01-01", "2029-01-02")


class Monitor(ResourceMonitorServicer):
    """The engine's side: takes what is registered, but for the names in `refused`."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.outputs: dict[str, Any] = {}
        self.refused: set[str] = set()
        self.pause: Callable[[], object] = lambda: None

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return resource_pb2.DeploymentInfo(
            supportedFeatures=[
                resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
                resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
            ]
        )

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.requests.append(request)
        self.pause()
        if request.name in self.refused:
            context.abort(grpc.StatusCode.UNKNOWN, f"{request.name} is refused")
        return resource_pb2.RegisterResourceResponse(
            urn=f"urn:pulumi:dev::project::{request.type}::{request.name}",
            id=f"id of {request.name}" if request.custom else "",
            object=request.object,
        )

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Empty:  # noqa: N802
        self.outputs[request.urn] = from_struct(request.outputs)[0]
        return Empty()

    @property
    def tasks(self) -> dict[str, Any]:
        """The requests for tasks by name, in the order in which they came."""
        return {request.name: request for request in self.requests if request.custom}


Serve = Callable[[Monitor], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return what serves a monitor and returns its address."""
    servers = []

    def serving(monitor: Monitor) -> str:
        servers.append(server := grpc.server(ThreadPoolExecutor(8)))
        add_ResourceMonitorServicer_to_server(monitor, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        return f"127.0.0.1:{port}"

    yield serving
    for server in servers:
        server.stop(None).wait()


@pytest.fixture
def monitor() -> Monitor:
    return Monitor()


@pytest.fixture
def plugin(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Plugin:
    """Return the plugin of an explicit provider."""
    monkeypatch.setattr(windows, "utc_now", emulator.clock.now)
    servicer = plugin_host(emulator, monkeypatch).servicer
    urn, id_ = PROVIDER
    servicer.Configure(provider_pb2.ConfigureRequest(urn=urn, id=id_), Context())
    return servicer


def ask(plugin: Plugin, address: str, windows: Any, type_: str = TYPE, **more: Any) -> Any:
    """Return the answer to a request for a schedule named `shows`."""
    inputs = to_struct({**SHARED, "windows": windows}, more.pop("secret", SECRET))
    request = provider_pb2.ConstructRequest(
        project="project",
        stack="dev",
        monitorEndpoint=address,
        type=type_,
        name="shows",
        parent="urn:pulumi:dev::project::pulumi:pulumi:Stack::project-dev",
        inputs=inputs,
        **more,
    )
    return plugin.Construct(request, Context())


def dependent(task: Any) -> set[str]:
    """Return the inputs that depend on `OTHER`."""
    return {name for name, needs in task.propertyDependencies.items() if OTHER in needs.urns}


def test_a_task_is_registered_for_each_window(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """It is a child of the component, uses the right provider, and only its secrets are wrapped."""
    answer = ask(plugin, serve(monitor), [FIRST, SECOND])
    [component] = [request for request in monitor.requests if not request.custom]
    assert (component.type, component.name, component.remote) == (TYPE, "shows", False)
    assert component.parent.endswith("::project-dev")
    ids = {"first": "id of shows-first", "second": "id of shows-second"}
    assert answer.urn == f"urn:pulumi:dev::project::{TYPE}::shows"
    assert from_struct(answer.state) == ({"taskIds": ids}, set())
    assert monitor.outputs[answer.urn] == {"taskIds": ids}
    assert set(monitor.tasks) == {"shows-first", "shows-second"}
    for name, when in (("shows-first", FIRST), ("shows-second", SECOND)):
        task = monitor.tasks[name]
        assert task.type == "livepull:huaweicloud:PullTask"
        assert task.parent == answer.urn
        assert task.provider == "::".join(PROVIDER)
        assert list(task.ignoreChanges) == []
        times = {key: text for key, text in when.items() if key != "name"}
        assert from_struct(task.object) == (SHARED | times, SECRET)


def test_the_options_of_a_schedule_reach_its_tasks(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """As the engine passes on the component's own options: aliases and dependencies."""
    former = alias_pb2.Alias(spec=alias_pb2.Alias.Spec(name="programme"))
    ask(plugin, serve(monitor), [FIRST], protect=True, aliases=[former], dependencies=[OTHER])
    [component] = [request for request in monitor.requests if not request.custom]
    assert [alias.spec.name for alias in component.aliases] == ["programme"]
    assert list(component.dependencies) == [OTHER]
    assert component.protect
    assert monitor.tasks["shows-first"].protect


def test_a_task_depends_on_what_its_inputs_come_from(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """Each input keeps its own dependencies and its own secrecy."""
    end = {SIGNATURE: OUTPUT, "value": FIRST["endTime"], "secret": True, "dependencies": [OTHER]}
    needs = provider_pb2.ConstructRequest.PropertyDependencies(urns=[OTHER])
    ask(
        plugin,
        serve(monitor),
        [FIRST | {"endTime": end}, SECOND],
        inputDependencies={"sourceUrls": needs, "windows": needs},
    )
    secret = {"shows-first": {*SECRET, "endTime"}, "shows-second": SECRET}
    depend = {"shows-first": {"sourceUrls", "endTime"}, "shows-second": {"sourceUrls"}}
    assert {name: from_struct(task.object)[1] for name, task in monitor.tasks.items()} == secret
    assert {name: dependent(task) for name, task in monitor.tasks.items()} == depend


def test_windows_that_are_an_output_are_taken_once_they_are_known(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """Their times keep the secrecy and the dependencies of the output."""
    needs = provider_pb2.ConstructRequest.PropertyDependencies(urns=[OTHER])
    answer = ask(
        plugin,
        serve(monitor),
        [FIRST],
        secret={*SECRET, "windows"},
        inputDependencies={"windows": needs},
    )
    [(name, task)] = monitor.tasks.items()
    assert name == "shows-first"
    assert from_struct(task.object)[1] == {*SECRET, "startTime", "endTime"}
    assert dependent(task) == {"startTime", "endTime"}
    assert from_struct(answer.state)[0] == {"taskIds": {"first": "id of shows-first"}}


def test_an_engine_that_does_not_name_the_provider_chooses_it_itself(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """Older engines do not name it."""
    plugin.Configure(provider_pb2.ConfigureRequest(), Context())
    ask(plugin, serve(monitor), [FIRST])
    assert monitor.tasks["shows-first"].provider == ""


def test_what_is_not_known_yet_stays_unknown(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """Known inputs stay known."""
    ask(plugin, serve(monitor), [FIRST | {"endTime": UNKNOWN}, SECOND], dryRun=True)
    values, _ = from_struct(monitor.tasks["shows-first"].object)
    assert [name for name, value in values.items() if value is UNKNOWN] == ["endTime"]
    values, _ = from_struct(monitor.tasks["shows-second"].object)
    assert UNKNOWN not in values.values()


@pytest.mark.parametrize("windows", [UNKNOWN, [FIRST, window(UNKNOWN, "2030-01-06", "2030-01-07")]])
def test_a_window_without_a_name_yet_waits_for_the_update(
    plugin: Plugin,
    monitor: Monitor,
    serve: Serve,
    windows: Any,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Its task cannot be previewed, and a warning says so."""
    answer = ask(plugin, serve(monitor), windows, dryRun=True)
    assert monitor.tasks == {}
    assert from_struct(answer.state)[0] == {"taskIds": UNKNOWN}
    assert "a name in `windows` is not known yet" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        (
            [FIRST, FIRST],
            [
                'windows[1].name "first" is used twice: choose another',
                'windows[1].startTime overlaps the window "first": two tasks would push to one '
                "stream at a time",
            ],
        ),
        ("daily", ["windows must be a list"]),
        ([{"name": "a"}], ["windows[0].startTime is required", "windows[0].endTime is required"]),
    ],
)
def test_wrong_inputs_are_reported_and_no_task_is_registered(
    plugin: Plugin,
    monitor: Monitor,
    serve: Serve,
    windows: Any,
    expected: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """All errors are reported together, each once and without a traceback."""
    with pytest.raises(Refused) as refused:
        ask(plugin, serve(monitor), windows)
    assert refused.value.status.code is grpc.StatusCode.FAILED_PRECONDITION
    head = 'huaweicloud.PullTaskSchedule "shows" has wrong inputs:'
    assert refused.value.status.details.splitlines() == [head, *expected]
    assert monitor.tasks == {}
    gc.collect()
    assert [record.name for record in caplog.records if record.name == "asyncio"] == []


def test_a_task_whose_window_has_passed_comes_first_and_is_left_as_it_was(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """Only its end may change: a new end runs the task again."""
    ask(plugin, serve(monitor), [FIRST, PASSED, SECOND])
    assert next(iter(monitor.tasks)) == "shows-passed"
    left = set(monitor.tasks["shows-passed"].ignoreChanges)
    assert left >= set(SHARED)
    assert not left & {"startTime", "endTime"}


def test_nothing_is_created_beside_a_window_that_passed_before_it_was_there(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """The task of that window is refused, and those of the other windows are not registered."""
    monitor.refused = {"shows-passed"}
    with pytest.raises(Refused) as refused:
        ask(plugin, serve(monitor), [FIRST, PASSED, SECOND])
    assert str(refused.value) == "shows-passed is refused"
    assert list(monitor.tasks) == ["shows-passed"]


def test_what_only_a_fault_of_ours_can_be_is_reported_as_one(
    plugin: Plugin, monitor: Monitor, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the place in the code, for a bug report."""
    monkeypatch.setattr(windows, "times", None)
    with pytest.raises(Refused) as refused:
        ask(plugin, serve(monitor), [FIRST])
    assert str(refused.value).startswith("TypeError at windows.py:")
    assert "This is a bug in pulumi-livepull" in str(refused.value)


def test_another_component_is_refused(plugin: Plugin, monitor: Monitor, serve: Serve) -> None:
    """The message lists the components that exist."""
    with pytest.raises(Refused) as refused:
        ask(plugin, serve(monitor), [FIRST], "livepull:huaweicloud:Channel")
    assert "there is no component livepull:huaweicloud:Channel" in str(refused.value)
    assert monitor.requests == []


def test_two_at_a_time_do_not_mix(plugin: Plugin, serve: Serve) -> None:
    """The SDK's settings are global in a program, but each construction has its own."""
    both = threading.Barrier(2)
    monitors = [Monitor(), Monitor()]
    for monitor in monitors:
        monitor.pause = lambda: both.wait(10)
    with ThreadPoolExecutor() as pool:
        asked = [
            pool.submit(ask, plugin, serve(monitor), [each])
            for monitor, each in zip(monitors, (FIRST, SECOND), strict=True)
        ]
        ids = [from_struct(answer.result().state)[0]["taskIds"] for answer in asked]
    assert ids == [{"first": "id of shows-first"}, {"second": "id of shows-second"}]
    assert [list(monitor.tasks) for monitor in monitors] == [["shows-first"], ["shows-second"]]


def test_what_makes_components_is_not_loaded_before_one_is_requested() -> None:
    """Loading it would delay the first response of every plugin."""
    code = "import pulumi_livepull.hosts.process, sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = ran.stdout.split()
    assert "pulumi_livepull.hosts.plugin" in loaded
    late = ("pulumi.provider.server", "pulumi_livepull.hosts.construction")
    assert [module for module in late if module in loaded] == []


def test_a_cancelled_schedule_is_not_waited_for(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """The engine kills a plugin that has not ended 5 seconds after a cancellation, and reports a
    bug.
    """
    registering, late = threading.Event(), threading.Event()

    def hang() -> None:
        registering.set()
        late.wait(30)

    monitor.pause = hang
    address = serve(monitor)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(ask, plugin, address, [FIRST])
        assert registering.wait(10)
        plugin.Cancel(Empty(), Context())
        try:
            with pytest.raises(Refused, match="was cancelled or something else failed"):
                answer.result(timeout=10)
        finally:
            late.set()


def test_an_engine_at_its_end_is_not_a_fault_of_the_schedule(
    plugin: Plugin, monitor: Monitor, serve: Serve
) -> None:
    """The real failure is reported elsewhere, so a message here would mislead the reader."""
    closing = "grpc: the client connection is closing"
    monitor.pause = lambda: (_ for _ in ()).throw(RuntimeError(closing))
    with pytest.raises(Refused) as failure:
        ask(plugin, serve(monitor), [FIRST])
    assert "something else failed" in str(failure.value)
    assert closing not in str(failure.value)
