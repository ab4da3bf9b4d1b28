"""HostedResource in a user's program: secrets are marked, and doubtful inputs cause warnings."""

import asyncio
import gc
import logging
import pickle
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pulumi
import pulumi.runtime
import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import config, mocks, settings
from pulumi.runtime.rpc import _special_sig_key

from pulumi_livepull import Provider, alicloud, huaweicloud, volcengine
from pulumi_livepull.core import lifecycle
from pulumi_livepull.hosts import dynamic, registry
from pulumi_livepull.hosts.values import with_texts
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from tests.core.samples import KEY

LIVE: dict[str, Any] = {
    "source_type": "PullLivePushLive",
    "source_urls": ["rtmp://play.example.com/live/one"],
    "destination_url": "rtmp://push.example.com/live/stream-key",
}


class Engine(mocks.Mocks):
    """Accepts every resource unchanged."""

    def __init__(self) -> None:
        self.made: dict[str, mocks.MockResourceArgs] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.made[args.name] = args
        return args.resource_id or "cn-north-4/made", dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        return {}, None

    def inputs(self, name: str) -> dict[str, Any]:
        """Return the inputs of a resource, without Pulumi's own."""
        given = self.made[name].inputs
        return {key: value for key, value in given.items() if not key.startswith("__")}

    def kind(self, name: str) -> str:
        """Return the type of a resource, which tells the host."""
        return str(self.made[name].typ)

    def secrets(self, name: str) -> set[str]:
        """Return the names of the inputs that are secret."""
        return {
            key
            for key, value in self.inputs(name).items()
            if isinstance(value, dict) and _special_sig_key in value
        }


class Monitor(mocks.MockMonitor):
    """Keeps the requests too, because mocks do not get all of them."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.requests: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  Pulumi's name for it
        self.requests[request.name] = request
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]  # Pulumi's


Run = Callable[[Callable[[], Any]], None]


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def monitor(engine: Engine) -> Monitor:
    return Monitor(engine)


@pytest.fixture
def run(engine: Engine, monitor: Monitor) -> Iterator[Run]:
    """Return a function that runs a program to its end."""

    def running(program: Callable[[], Any]) -> None:
        mocks.set_mocks(engine, monitor=monitor, logger=logging.getLogger("program"))
        mocks.test(program)()  # type: ignore[no-untyped-call]  # Pulumi's

    before = asyncio.new_event_loop()
    asyncio.set_event_loop(before)
    yield running
    pulumi.runtime.set_all_config({})
    settings.reset_options()
    asyncio.set_event_loop(None)
    # Pulumi leaves an event loop in each thread that it used.
    for loop in gc.get_objects():
        if isinstance(loop, asyncio.BaseEventLoop) and not loop.is_running():
            loop.close()


def test_secret_inputs_are_wrapped_even_if_they_were_given_plainly(
    run: Run, engine: Engine, monitor: Monitor
) -> None:
    """Outputs of the same name are secret too, whatever the vendor returns."""

    def program() -> None:
        huaweicloud.PullTask("relay", **LIVE, push_args="sign=1")
        huaweicloud.RecordCallback(
            "report",
            publish_domain="push.example.com",
            app="live",
            notify_callback_url="https://hooks.example.com/",
            key=KEY,
        )

    run(program)
    assert engine.secrets("relay") == {"destinationUrl", "pushArgs"}
    assert engine.secrets("report") == {"key"}
    secret = monitor.requests["relay"].additionalSecretOutputs
    assert set(secret) == {"destinationUrl", "pushArgs"}
    assert list(monitor.requests["report"].additionalSecretOutputs) == ["key"]


def test_a_program_may_have_thousands_in_the_dynamic_host(run: Run, engine: Engine) -> None:
    """Pulumi's pickling wraps one more function each time, and fails at about 960."""
    wrapped = []

    def program() -> None:
        for number in range(3):
            huaweicloud.PullTask(f"relay-{number}", **LIVE)
            wrapped.append(pickle._Pickler._batch_setitems)  # type: ignore[attr-defined]

    run(program)
    assert len(set(wrapped)) == 1
    assert {made.inputs["__provider"] for made in engine.made.values()} == {
        serialize_provider(dynamic.Provider(PullTask.token))
    }


def test_the_plugin_takes_over_what_a_stack_has_in_the_dynamic_host(
    run: Run, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alias is added to the user's, so that a change of host creates no resource twice."""

    def program() -> None:
        former = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="former")])
        huaweicloud.PullTask("relay", **LIVE, opts=former)

    run(program)
    assert [alias.spec.name for alias in monitor.requests["relay"].aliases] == ["former"]
    monkeypatch.setitem(config.CONFIG.get(), "livepull:host", "plugin")
    run(program)
    assert monitor.requests["relay"].type == "livepull:huaweicloud:PullTask"
    by_name, by_type = (alias.spec for alias in monitor.requests["relay"].aliases)
    assert by_name.name == "former"
    assert by_type.type == "pulumi-python:dynamic/livepull/huaweicloud:PullTask"


@pytest.mark.parametrize(
    ("urls", "secret"),
    [
        (["rtmp://play.example.com/live/one"], False),
        (["rtmp://play.example.com/live/one?key=1"], True),
        (["rtmp://user:pw@play.example.com/live/one"], True),
    ],
)
@pytest.mark.parametrize("wrap", [False, True], ids=["plain", "output"])
def test_addresses_are_secret_once_they_carry_a_key(
    run: Run, engine: Engine, urls: list[str], secret: bool, wrap: bool
) -> None:
    """Whether known now or later; other addresses stay readable in plans."""

    def program() -> None:
        given = pulumi.Output.from_input(urls) if wrap else urls
        huaweicloud.PullTask("relay", **{**LIVE, "source_urls": given})

    run(program)
    assert ("sourceUrls" in engine.secrets("relay")) is secret


def test_what_is_left_out_is_not_sent_and_every_output_is_there(run: Run, engine: Engine) -> None:
    """A field that the program did not set must not become an input."""
    seen: list[Any] = []

    def program() -> None:
        task = huaweicloud.PullTask("relay", **LIVE, region=None)
        for prop in PullTask.properties().values():
            if prop.is_output:
                assert isinstance(getattr(task, prop.name), pulumi.Output), prop.name
        pulumi.Output.all(task.source_type, task.status).apply(seen.append)

    run(program)
    assert set(engine.inputs("relay")) == {"sourceType", "sourceUrls", "destinationUrl"}
    assert engine.made["relay"].typ == "pulumi-python:dynamic/livepull/huaweicloud:PullTask"
    assert seen == [["PullLivePushLive", None]]


def test_a_doubtful_input_is_reported_with_its_resource(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    """As a warning: the input is valid, and Pulumi does not show warnings from a dynamic provider's
    check.
    """
    run(lambda: huaweicloud.PullTask("relay", **LIVE, callback_url="hooks.example.com"))
    warnings = [record.getMessage() for record in caplog.records if record.name == "program"]
    assert warnings == ["relay: callbackUrl has no scheme: most likely it needs https://"]


def test_good_inputs_cause_no_message(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    """Users ignore a warning that always appears."""
    run(lambda: huaweicloud.PullTask("relay", **LIVE))
    assert [record for record in caplog.records if record.name == "program"] == []


def test_bad_inputs_are_left_to_the_providers_check(
    run: Run, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """It reports all failures at once, with the resource."""
    run(lambda: huaweicloud.PullTask("relay", **{**LIVE, "source_urls": ["nowhere"]}))
    assert "relay" in engine.made
    assert [record for record in caplog.records if record.name == "program"] == []


def test_the_users_options_are_kept(run: Run, monitor: Monitor) -> None:
    """Our options are added to them."""

    def program() -> None:
        opts = pulumi.ResourceOptions(protect=True, additional_secret_outputs=["taskId"])
        huaweicloud.PullTask("relay", opts, **LIVE)

    run(program)
    request = monitor.requests["relay"]
    assert request.protect
    assert set(request.additionalSecretOutputs) == {"taskId", "destinationUrl", "pushArgs"}


def test_get_reads_one_that_exists(run: Run, engine: Engine) -> None:
    """By its id alone, and with all outputs."""
    seen: list[Any] = []

    def program() -> None:
        task = huaweicloud.PullTask.get("found", "cn-north-4/7864b3dc")
        assert isinstance(task, huaweicloud.PullTask)
        pulumi.Output.all(task.id, task.status).apply(seen.append)

    run(program)
    assert engine.made["found"].resource_id == "cn-north-4/7864b3dc"
    assert engine.inputs("found") == {}
    assert seen == [["cn-north-4/7864b3dc", None]]


DAYS = [f"2030-01-0{day}T12:00:00Z" for day in range(1, 4)]


def _huawei(name: str, start: str, end: str, stream: str = "s") -> None:
    huaweicloud.PullTask(
        name,
        source_type="PullLivePushLive",
        source_urls=["rtmp://play.example.org/live/1"],
        domain="push.example.com",
        app_name="live",
        stream_name=stream,
        start_time=start,
        end_time=end,
    )


def _alicloud(name: str, start: str, end: str) -> None:
    alicloud.LivePullToPush(
        name,
        source_type="live",
        source_protocol="rtmp",
        source_urls=["rtmp://play.example.org/live/1"],
        dst_url="rtmp://push.example.com/live/s?auth_key=2208988800-0-0-x",
        start_time=start,
        end_time=end,
    )


def _volcengine(name: str, start: str, end: str) -> None:
    volcengine.PullToPushTask(
        name,
        type=0,
        src_addr="rtmp://play.example.org/live/1",
        dst_addr="rtmp://push.example.com/live/s",
        start_time=start,
        end_time=end,
    )


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


@pytest.mark.parametrize("second", [_huawei, _alicloud, _volcengine])
def test_two_that_push_to_one_stream_at_one_time_are_reported_once(
    run: Run, caplog: pytest.LogCaptureFixture, second: Callable[[str, str, str], None]
) -> None:
    """The warning on one names the other, whatever the vendors and whichever is resolved first."""

    def program() -> None:
        _huawei("first", DAYS[0], DAYS[2])
        second("second", DAYS[1], DAYS[2])

    run(program)
    [output] = _warnings(caplog)
    assert re.fullmatch(
        "(first|second): pushes to the same stream at the same time as "
        '\\w+\\.\\w+ "(first|second)": they will interrupt one another. '
        "Give one of them another stream or another time",
        output,
    )


def test_one_after_the_other_and_another_stream_are_not_a_fight(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    """One task of a schedule may continue another's stream."""

    def program() -> None:
        _huawei("second", DAYS[1], DAYS[2])
        _huawei("first", DAYS[0], DAYS[1])
        _huawei("other", DAYS[0], DAYS[2], stream="t")
        volcengine.RelaySource(
            "pulled",
            domain="pull.example.com",
            app="live",
            stream="s",
            src_addr_s=["rtmp://play.example.org/live/1"],
        )

    run(program)
    assert _warnings(caplog) == []


def test_another_run_of_a_program_is_not_a_fight(
    engine: Engine, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    """One process may deploy a stack several times."""

    def program() -> None:
        _huawei("first", DAYS[0], DAYS[1])

    run(program)
    mocks.set_mocks(engine, monitor=Monitor(engine), logger=logging.getLogger("program"))
    mocks.test(program)()  # type: ignore[no-untyped-call]  # Pulumi's
    assert _warnings(caplog) == []


# The choice of the host.

DYNAMIC = "pulumi-python:dynamic/livepull/huaweicloud:PullTask"
PLUGIN = "livepull:huaweicloud:PullTask"


class Group(pulumi.ComponentResource):
    """A component of the user's."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("user:index:Group", name, None, opts)


class Stranger(pulumi.ProviderResource):
    """A provider of another package."""

    def __init__(self, name: str) -> None:
        super().__init__("aws", name)


def _no_options() -> None:
    return None


def _own(of: Callable[[pulumi.ProviderResource], Any]) -> Callable[[], pulumi.ResourceOptions]:
    return lambda: pulumi.ResourceOptions(**of(Provider("bj")))


def _inherited() -> pulumi.ResourceOptions:
    outer = Group("outer", pulumi.ResourceOptions(providers=[Provider("bj")]))
    return pulumi.ResourceOptions(parent=Group("inner", pulumi.ResourceOptions(parent=outer)))


def _in_a_plain_group() -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(parent=Group("outer"))


def _of_a_stranger() -> pulumi.ResourceOptions:
    aws = Stranger("aws")
    parent = Group("outer", pulumi.ResourceOptions(providers=[aws]))
    return pulumi.ResourceOptions(providers={"aws": aws}, parent=parent)


@pytest.mark.parametrize(
    ("configured", "options", "kind"),
    [
        (None, _no_options, DYNAMIC),
        ("dynamic", _no_options, DYNAMIC),
        ("plugin", _no_options, PLUGIN),
        ("plugin", _in_a_plain_group, PLUGIN),
        (None, _own(lambda bj: {"provider": bj}), PLUGIN),
        (None, _own(lambda bj: {"providers": [bj]}), PLUGIN),
        (None, _own(lambda bj: {"providers": {"livepull": bj}}), PLUGIN),
        ("dynamic", _own(lambda bj: {"provider": bj}), PLUGIN),
        (None, _inherited, PLUGIN),
        (None, _in_a_plain_group, DYNAMIC),
        (None, _of_a_stranger, DYNAMIC),
    ],
)
def test_the_config_or_a_provider_of_its_own_sends_a_resource_to_the_plugin(
    run: Run,
    engine: Engine,
    configured: str | None,
    options: Callable[[], pulumi.ResourceOptions | None],
    kind: str,
) -> None:
    """Nothing else does: changing the host by accident would create all resources again."""
    pulumi.runtime.set_all_config({"livepull:host": configured} if configured else {})
    run(lambda: huaweicloud.PullTask("relay", options(), **LIVE))
    assert engine.kind("relay") == kind


def test_in_the_plugin_a_resource_is_the_same(run: Run, engine: Engine, monitor: Monitor) -> None:
    """Its secrets are wrapped, it has all outputs, and the engine is asked for our version."""
    seen: list[Any] = []

    def program() -> None:
        task = huaweicloud.PullTask("relay", **LIVE, region=None)
        pulumi.Output.all(task.source_type, task.status).apply(seen.append)

    pulumi.runtime.set_all_config({"livepull:host": "plugin"})
    run(program)
    assert set(engine.inputs("relay")) == {"sourceType", "sourceUrls", "destinationUrl"}
    assert engine.secrets("relay") == {"destinationUrl"}
    request = monitor.requests["relay"]
    assert set(request.additionalSecretOutputs) == {"destinationUrl", "pushArgs"}
    assert request.version == registry.VERSION
    assert seen == [["PullLivePushLive", None]]


def test_a_version_that_the_user_asks_for_is_kept(run: Run, monitor: Monitor) -> None:
    """For a resource and for a provider."""

    def program() -> None:
        bj = Provider("bj", pulumi.ResourceOptions(version="0.0.1"))
        huaweicloud.PullTask("relay", pulumi.ResourceOptions(provider=bj, version="0.0.2"), **LIVE)

    run(program)
    assert monitor.requests["bj"].version == "0.0.1"
    assert monitor.requests["relay"].version == "0.0.2"


def test_in_the_plugin_doubts_are_left_to_it(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    """The plugin reports them itself, to programs in every language."""
    pulumi.runtime.set_all_config({"livepull:host": "plugin"})
    run(lambda: huaweicloud.PullTask("relay", **LIVE, callback_url="hooks.example.com"))
    assert _warnings(caplog) == []


def test_get_reads_one_in_the_plugin_too(run: Run, engine: Engine) -> None:
    """By its id alone."""
    pulumi.runtime.set_all_config({"livepull:host": "plugin"})
    run(lambda: huaweicloud.PullTask.get("found", "cn-north-4/7864b3dc"))
    assert engine.made["found"].resource_id == "cn-north-4/7864b3dc"
    assert engine.kind("found") == PLUGIN


def test_a_host_that_does_not_exist_is_reported(run: Run, engine: Engine) -> None:
    """Before anything is created, and with the hosts that exist."""
    pulumi.runtime.set_all_config({"livepull:host": "native"})
    with pytest.raises(pulumi.RunError) as failure:
        run(lambda: huaweicloud.PullTask("relay", **LIVE))
    assert str(failure.value) == 'config livepull:host is "native": set it to dynamic or plugin'
    assert engine.made == {}


def test_a_provider_hands_on_what_it_is_given(run: Run, engine: Engine, monitor: Monitor) -> None:
    """With the names of the stack's config; keys are wrapped even if they were given unwrapped."""
    run(
        lambda: Provider(
            "bj",
            huaweicloud_region="cn-north-4",
            huaweicloud_access_key="id",
            huaweicloud_secret_key="hidden",
            volcengine_security_token=pulumi.Output.from_input("hidden"),
            max_retries=3,
        )
    )
    assert engine.kind("bj") == "pulumi:providers:livepull"
    assert set(engine.inputs("bj")) == {
        *("huaweicloudRegion", "huaweicloudAccessKey", "huaweicloudSecretKey"),
        *("volcengineSecurityToken", "maxRetries"),
    }
    assert engine.secrets("bj") == {"huaweicloudSecretKey", "volcengineSecurityToken"}
    assert engine.inputs("bj")["huaweicloudRegion"] == "cn-north-4"
    assert monitor.requests["bj"].version == registry.VERSION


def test_a_provider_keeps_the_users_options(run: Run, monitor: Monitor) -> None:
    """Such as `protect`."""
    run(lambda: Provider("bj", pulumi.ResourceOptions(protect=True)))
    assert monitor.requests["bj"].protect


SPELLED = {
    "ignore_changes": ["source_urls[0]", "sourceUrls", "vod_src_addrs[*].src_addr", "*"],
    "additional_secret_outputs": ["task_id", "projectId"],
}
IN_CAMEL = {
    "ignoreChanges": ["sourceUrls[0]", "sourceUrls", "vodSrcAddrs[*].srcAddr", "*"],
    "additionalSecretOutputs": ["taskId", "projectId"],
}


@pytest.mark.parametrize("host", ["dynamic", "plugin"])
@pytest.mark.parametrize("by", ["options", "transform"])
def test_options_take_names_as_python_spells_them(
    run: Run, monitor: Monitor, host: str, by: str
) -> None:
    """Otherwise an ignored change would be deployed, and a secret output stay in plain text."""

    def add(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult(
            args.props, pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(**SPELLED))
        )

    def program() -> None:
        pulumi.runtime.set_all_config({"livepull:host": host})
        opts = (
            pulumi.ResourceOptions(**SPELLED)
            if by == "options"
            else pulumi.ResourceOptions(transformations=[add])
        )
        huaweicloud.PullTask("relay", **LIVE, opts=opts)

    run(program)
    request = monitor.requests["relay"]
    assert list(request.ignoreChanges) == IN_CAMEL["ignoreChanges"]
    secret = set(request.additionalSecretOutputs)
    assert secret >= set(IN_CAMEL["additionalSecretOutputs"])
    assert not [name for name in secret if "_" in name]


def test_replace_on_changes_works_in_the_plugin_and_is_refused_elsewhere(
    run: Run, monitor: Monitor
) -> None:
    """The engine needs a detailed diff for it, which a dynamic provider cannot return."""
    opts = pulumi.ResourceOptions(replace_on_changes=["source_urls[0]"])

    def program(host: str) -> None:
        pulumi.runtime.set_all_config({"livepull:host": host})
        huaweicloud.PullTask("relay", **LIVE, opts=opts)

    run(lambda: program("plugin"))
    assert list(monitor.requests["relay"].replaceOnChanges) == ["sourceUrls[0]"]
    with pytest.raises(pulumi.RunError, match="replace_on_changes has no effect in the dynamic"):
        run(lambda: program("dynamic"))


START = datetime(2040, 1, 1, 20, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize("host", ["dynamic", "plugin"])
def test_a_time_may_be_a_datetime(run: Run, engine: Engine, host: str) -> None:
    """For a resource, in the windows of a schedule, and within an output."""

    def program() -> None:
        pulumi.runtime.set_all_config({"livepull:host": host})
        end = pulumi.Output.from_input(START + timedelta(hours=2))
        huaweicloud.PullTask("relay", **LIVE, start_time=START, end_time=end)
        window = {"name": "first", "start_time": START, "end_time": end}
        huaweicloud.PullTaskSchedule("shows", **LIVE, windows=[window])

    run(program)
    times = {"startTime": "2040-01-01T20:00:00+08:00", "endTime": "2040-01-01T22:00:00+08:00"}
    for name in ("relay", "shows-first"):
        assert engine.inputs(name).items() >= times.items()


def test_a_datetime_without_a_time_zone_is_refused_in_one_line() -> None:
    """Without a time zone, the moment is ambiguous."""
    given = with_texts({"endTime": datetime(2040, 1, 1, 20)})
    checked = lifecycle.check(PullTask, {}, given, START)
    (failure,) = [bad for bad in checked.failures if bad.property == "endTime"]
    assert failure.reason.startswith("needs a UTC offset")


def test_a_function_takes_a_datetime(run: Run) -> None:
    """As resources do."""
    found: list[Any] = []

    def program() -> None:
        signed = huaweicloud.sign_push_url(
            push_url="rtmp://push.example.com/live/1", key="0123456789abcdef", expires=START
        )
        signed.url.apply(found.append)

    run(program)
    assert found
