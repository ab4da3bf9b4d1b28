"""BytePlus is called at its own address, for its own region, with its own keys."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.credentials import Credentials, find_credentials
from pulumi_livepull.core.resource import Caution, Failure
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ApiError, ConfigError
from pulumi_livepull.vendors.byteplus import VENDOR
from pulumi_livepull.vendors.byteplus.callback import Callback
from pulumi_livepull.vendors.byteplus.pull_to_push_group import PullToPushGroup
from pulumi_livepull.vendors.byteplus.relay_source import RelaySource
from pulumi_livepull.vendors.volcengine import VENDOR as VOLCENGINE
from tests.hosting import KEYS, NOW, connect

SOURCE = {
    "domain": "pull.example.com",
    "app": "live",
    "stream": "one",
    "srcAddrS": ["rtmp://src.example.org/live/one"],
}
GROUP = {"name": "sports", "projectName": "default", "tags": [{"key": "a", "value": "1"}]}


def asked(**config: str) -> httpx.Request:
    """Return what is sent for a list of relay sources."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        result = {"List": [], "Pagination": {"PageTotal": 1}}
        return httpx.Response(200, json={"ResponseMetadata": {}, "Result": result})

    keys = KEYS | {f"livepull:{key}": value for key, value in config.items()}
    api = VENDOR.client(keys, {}, transport=httpx.MockTransport(answer), clock=lambda: NOW)
    list(RelaySource.list_all(api, {"domain": "pull.example.com"}))
    return sent[0]


def scope(request: httpx.Request) -> str:
    """Return the region and service that a request is signed for."""
    credential = request.headers["Authorization"].partition("Credential=")[2].partition(",")[0]
    return credential.partition("/20300101/")[2]


def test_a_request_goes_to_the_vendors_host_for_its_region() -> None:
    """Host and region differ from Volcengine's; the service has the same name."""
    request = asked()
    assert request.url.host == "open.byteplusapi.com"
    assert dict(request.url.params) == {"Action": "ListRelaySourceV4", "Version": "2023-01-01"}
    assert scope(request) == "ap-singapore-1/live/request"


def test_the_region_can_be_that_of_the_vendors_sdks() -> None:
    """It applies to one client only."""
    assert scope(asked(byteplusRegion="cn-north-1")) == "cn-north-1/live/request"
    assert scope(asked()) == "ap-singapore-1/live/request"


@pytest.mark.parametrize("region", ["ap singapore", "ap/singapore", "AP-SINGAPORE-1", "a\nb"])
def test_what_is_not_a_region_is_refused_before_anything_is_sent(region: str) -> None:
    """It is part of the signature's scope."""
    with pytest.raises(ConfigError, match="is not a region"):
        asked(byteplusRegion=region)


@pytest.mark.parametrize(
    ("environ", "files", "expected"),
    [
        (
            {"BYTEPLUS_ACCESSKEY": "id", "BYTEPLUS_SECRETKEY": "secret"},
            {"config": '{"ak": "file-id", "sk": "file-secret"}'},
            Credentials("id", "secret"),
        ),
        (
            {
                "BYTEPLUS_ACCESS_KEY": "id",
                "BYTEPLUS_SECRET_KEY": "secret",
                "BYTEPLUS_SESSION_TOKEN": "token",
            },
            {},
            Credentials("id", "secret", "token"),
        ),
        ({}, {"config": '{"ak": "file-id", "sk": "secret"}'}, Credentials("file-id", "secret")),
        (
            {},
            {
                "config.json": json.dumps(
                    {
                        "current": "work",
                        "profiles": {
                            "work": {"mode": "ak", "access-key": "cli-id", "secret-key": "secret"}
                        },
                    }
                )
            },
            Credentials("cli-id", "secret"),
        ),
    ],
)
def test_keys_are_where_the_vendors_sdks_look(
    tmp_path: Path, environ: dict[str, str], files: dict[str, str], expected: Credentials
) -> None:
    """Never where Volcengine's are: those belong to another account."""
    (tmp_path / ".byteplus").mkdir()
    for name, text in files.items():
        (tmp_path / ".byteplus" / name).write_text(text, "utf-8")
    home = {"HOME": str(tmp_path)}
    strange = {"VOLC_ACCESSKEY": "other", "VOLC_SECRETKEY": "other"}
    found = find_credentials(
        VENDOR.name, VENDOR.credentials, {}, home | strange | environ, lambda: NOW
    )
    assert found.credentials == expected
    with pytest.raises(ConfigError, match="no access key found"):
        find_credentials(VOLCENGINE.name, VOLCENGINE.credentials, {}, home | environ, lambda: NOW)


def test_messages_name_this_vendor_and_its_settings(emulator: Emulator) -> None:
    """Instead of Volcengine, whose classes it shares."""
    emulator.arm("deny", "ListRelaySourceV4")
    with pytest.raises(ApiError) as denied:
        lifecycle.create(RelaySource, connect(emulator, RelaySource), SOURCE)
    assert str(denied.value).startswith("byteplus.RelaySource create failed: AccessDenied")
    answer = {"ResponseMetadata": {"Error": {"Code": "InvalidActionOrVersion", "Message": "x"}}}
    transport = httpx.MockTransport(lambda _: httpx.Response(404, json=answer))
    api = VENDOR.client(KEYS, {}, transport=transport, clock=lambda: NOW)
    with pytest.raises(ApiError) as elsewhere:
        lifecycle.read(RelaySource, api, "pull.example.com/live/one", SOURCE, SOURCE)
    assert "livepull:byteplusEndpoint" in elsewhere.value.hint
    with pytest.raises(ConfigError) as wrong:
        lifecycle.read(Callback, api, "space", {}, {})
    assert str(wrong.value).startswith('byteplus.Callback: "space" is not an id')


@pytest.mark.parametrize(
    ("url", "cautions"),
    [("rtmp://src.example.org/live/one", 0), ("srt://src.example.org:9000", 1)],
)
def test_a_source_in_srt_is_doubtful(url: str, cautions: int) -> None:
    """BytePlus documents only RTMP, FLV and HLS; Volcengine documents SRT too."""
    found = lifecycle.check(RelaySource, {}, SOURCE | {"srcAddrS": [url]}, NOW)
    assert [type(each) for each in found.cautions] == [Caution] * cautions
    assert not [each for each in found.failures if isinstance(each, Failure)]


def test_other_tags_make_a_new_group(emulator: Emulator) -> None:
    """No operation changes them, so the preview shows a replacement."""
    api = connect(emulator, PullToPushGroup)
    made = lifecycle.create(PullToPushGroup, api, GROUP)
    other: dict[str, Any] = GROUP | {"tags": [{"key": "a", "value": "2"}]}
    found = lifecycle.diff(PullToPushGroup, made.inputs, made.state, other, NOW)
    assert found.replaces == {"tags"}
    emulator.journal.clear()
    lifecycle.update(PullToPushGroup, api, made.id, made.inputs, made.state, made.inputs)
    assert {entry.operation for entry in emulator.journal} == {"ListPullToPushGroup"}
