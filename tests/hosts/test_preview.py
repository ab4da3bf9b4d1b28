"""What `up` cannot do fails in the preview, in the same words in both hosts."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.core.vendor import NAMESPACE
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import dynamic
from pulumi_livepull.hosts.values import to_pulumi
from pulumi_livepull.vendors.alicloud.live_pull_to_push import LivePullToPush
from pulumi_livepull.vendors.alicloud.record_notify_config import RecordNotifyConfig
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.huaweicloud.record_callback import RecordCallback
from tests.conformance.cases import alicloud
from tests.core.samples import CALLBACK, LIVE
from tests.hosting import KEYS
from tests.hosts.calls import Listener, Refused, called, reach, urn_of
from tests.hosts.conftest import configure

State = dict[str, Any]
Preview = Callable[[type[Resource], State, State, State], tuple[str, list[str]]]
"""Takes a kind, a stack's config, old and new inputs; returns the refusal and the warnings."""

TASK = dict(alicloud.CASES[0].smallest)
NOTIFY = dict(next(c for c in alicloud.CASES if c.resource is RecordNotifyConfig).smallest)


@pytest.fixture(params=["dynamic", "plugin"])
def preview(
    request: pytest.FixtureRequest,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Preview]:
    """Preview in each host, on a machine without keys of its own."""
    for variable in os.environ:
        if variable.startswith(("HUAWEICLOUD", "HW_", "CLOUD_SDK", "ALI", "VOLC")):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", "/nowhere")
    monkeypatch.setattr(dynamic, "utc_now", emulator.clock.now)
    if request.param == "dynamic":
        yield lambda *asked: _in_dynamic_host(capsys, *asked)
        return
    with called() as caller:
        reach(emulator, monkeypatch, caller.waited)
        engine = Listener()
        caller.ask("Handshake", engine_address=engine.address)

        def in_plugin(
            kind: type[Resource], config: State, olds: State, news: State
        ) -> tuple[str, list[str]]:
            own = {key.removeprefix(NAMESPACE): value for key, value in config.items()}
            caller.ask("Configure", args=own)
            try:
                caller.of(kind, "Check", olds=olds, news=news)
            except Refused as refused:
                return str(refused), []
            return "", engine.warnings(urn_of(kind.token))

        yield in_plugin
        engine.end()


def _in_dynamic_host(
    capsys: pytest.CaptureFixture[str],
    kind: type[Resource],
    config: State,
    olds: State,
    news: State,
) -> tuple[str, list[str]]:
    provider = configure(dynamic.Provider(kind.token), config)
    try:
        checked = provider.check(olds, to_pulumi(news))
    except dynamic.UserError as shown:
        return str(shown), []
    assert checked.failures == []
    start = f"livepull: {kind.label()}: "
    return "", [line.removeprefix(start) for line in capsys.readouterr().err.splitlines()]


def without(*names: str) -> State:
    """Return the emulator's config without settings."""
    return {key: value for key, value in KEYS.items() if key.removeprefix(NAMESPACE) not in names}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, "huaweicloud: no access key found"),
        (without("huaweicloudSecretKey"), "livepull:huaweicloudSecretKey"),
        (without("huaweicloudAccessKey"), "livepull:huaweicloudAccessKey"),
        (KEYS | {"livepull:huaweicloudEndpoint": "nowhere"}, "'nowhere' is not an address"),
        (
            KEYS | {"livepull:huaweicloudEndpoint": "http://live.example.com"},
            "the endpoint http://live.example.com is not encrypted",
        ),
        (KEYS | {"livepull:maxRetries": "many"}, 'livepull:maxRetries is "many", not a number'),
        (KEYS | {"livepull:adoptSame": "perhaps"}, 'livepull:adoptSame is "perhaps", not true'),
        (KEYS | {"livepull:huaweicloudRegion": "a/b"}, '"a/b" is not a region'),
        (without("huaweicloudRegion"), "huaweicloud: no region found"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"callbackUrl": UNKNOWN}], ids=["known", "unknown"])
def test_settings_with_which_nothing_can_be_made_fail_the_preview(
    preview: Preview, config: State, expected: str, more: State
) -> None:
    """Even if an input is still unknown; each message says what to run."""
    refusal, _ = preview(PullTask, config, {}, LIVE | more)
    assert expected in refusal
    assert len(refusal.splitlines()) == 2


@pytest.mark.parametrize(("kind", "inputs"), [(RecordCallback, CALLBACK), (LivePullToPush, TASK)])
def test_no_region_fails_the_preview_of_all_that_is_in_one(
    preview: Preview, kind: type[Resource], inputs: State
) -> None:
    """For vendors whose calls need a region."""
    config = without("huaweicloudRegion", "alicloudRegion")
    refusal, _ = preview(kind, config, {}, inputs)
    assert "no region found" in refusal
    assert preview(kind, config, {}, inputs | {"region": "cn-shanghai"})[0] == ""
    assert preview(kind, config, {}, inputs | {"region": UNKNOWN})[0] == ""
    assert preview(kind, config, {}, inputs | {"region": [UNKNOWN]})[0] == ""


def test_no_region_is_requested_where_none_is_needed(preview: Preview) -> None:
    """Some resources belong to the whole account, and an existing resource has its region in its
    id.
    """
    config = without("huaweicloudRegion", "alicloudRegion")
    assert preview(RecordNotifyConfig, config, {}, NOTIFY) == ("", [])
    assert preview(PullTask, config, LIVE, LIVE) == ("", [])


@pytest.mark.parametrize(
    ("kind", "inputs", "key"),
    [
        (PullTask, LIVE, "livepull:huaweicloudRegion"),
        (RecordCallback, CALLBACK, "livepull:huaweicloudRegion"),
        (LivePullToPush, TASK, "livepull:alicloudRegion"),
    ],
)
def test_a_region_that_the_vendor_does_not_document_is_reported(
    preview: Preview, kind: type[Resource], inputs: State, key: str
) -> None:
    """Whether it is configured or an input. It may be new, so it is only a warning."""
    inputs = {name: value for name, value in inputs.items() if name != "region"}
    message = '"cn-south-9" is not one of the vendor\'s regions: '
    for config, given in [
        (KEYS | {key: "cn-south-9"}, inputs),
        (KEYS, inputs | {"region": "cn-south-9"}),
    ]:
        refusal, warnings = preview(kind, config, {}, given)
        assert refusal == ""
        assert f"region {message}" in warnings[-1]


def test_another_endpoint_may_have_other_regions(preview: Preview) -> None:
    """Such as a private cloud or an emulator."""
    config = KEYS | {
        "livepull:huaweicloudRegion": "here",
        "livepull:huaweicloudEndpoint": "https://live.example.com",
    }
    assert preview(PullTask, config, {}, LIVE) == ("", [])
