"""Keys go to hosts that the vendor owns, or to where the user said, whatever else is said."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.errors import ConfigError, LivePullError
from pulumi_livepull.vendors import VENDORS
from tests.conformance.cases import Case
from tests.conformance.every import CASES, FACTS
from tests.hosting import KEYS, NOW

every_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)

crafted = st.sampled_from(
    [
        *("evil.example/", "evil.example#", "evil.example?", "evil.example\\", "@evil.example/"),
        *(
            "x@evil.example",
            "evil.example:443/",
            "\nevil.example/",
            "..",
            "../..",
            "%2f",
            "{region}",
        ),
        *("evil.example/x", "//evil.example/x", "cn-north-4/../x", "cn-north-4/x?a=b", "a/b/c"),
    ]
)
anything = st.text(max_size=20) | crafted | st.builds(str.__add__, crafted, st.text(max_size=5))


def asked(vendor: Vendor, config: Mapping[str, str], use: Callable[[Any], object]) -> list[str]:
    """Return the hosts that were sent anything while a client was used."""
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        hosts.append(request.url.host)
        return httpx.Response(200, json={"projects": [{"id": "0123"}], "task_id": "../x"})

    waited = [0.0]
    try:
        client = vendor.client(
            KEYS | config,
            {},
            transport=httpx.MockTransport(answer),
            pause=waited.append,
            monotonic=lambda: sum(waited),
        )
        use(client)
    except LivePullError:
        pass
    return hosts


def _vendor_of(kind: type[Resource]) -> Vendor:
    return next(vendor for vendor in VENDORS if kind in vendor.resources)


def _owned(vendor: Vendor, hosts: list[str]) -> bool:
    return all(host.endswith(FACTS[vendor.name].hosts) for host in hosts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_good_inputs_go_to_the_vendor(case: Case) -> None:
    """Otherwise the next tests would prove nothing."""
    vendor = _vendor_of(case.resource)
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    hosts = asked(vendor, {}, lambda api: lifecycle.create(case.resource, api, inputs))
    assert hosts
    assert _owned(vendor, hosts)


@given(st.sampled_from(CASES), anything)
def test_no_region_in_a_program_or_a_setting_leads_elsewhere(case: Case, region: str) -> None:
    """It becomes part of a host name, so characters that could end that name are refused."""
    vendor = _vendor_of(case.resource)
    checked = lifecycle.check(case.resource, {}, {**case.full, "region": region}, NOW)
    inputs = {**checked.inputs, "region": region} if "region" in case.full else checked.inputs
    config = {f"livepull:{vendor.name}Region": region}
    for settings in ({}, config):
        hosts = asked(vendor, settings, lambda api: lifecycle.create(case.resource, api, inputs))
        assert _owned(vendor, hosts)


@given(st.sampled_from(CASES), anything)
def test_no_id_leads_elsewhere(case: Case, resource_id: str) -> None:
    """Neither an imported id nor one from a state."""
    vendor = _vendor_of(case.resource)
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    uses: list[Callable[[Any], object]] = [
        lambda api: lifecycle.get(case.resource, api, resource_id),
        lambda api: lifecycle.read(case.resource, api, resource_id, inputs, inputs),
        lambda api: lifecycle.update(case.resource, api, resource_id, inputs, inputs, inputs),
        lambda api: lifecycle.delete(case.resource, api, resource_id, inputs),
        lambda api: lifecycle.create(case.resource, api, {**inputs, "adopt": resource_id}),
    ]
    for use in uses:
        assert _owned(vendor, asked(vendor, {}, use))


@given(anything | st.just("0123456789abcdef"))
def test_no_project_in_an_answer_leads_elsewhere(project: str) -> None:
    """It becomes part of a URL, so it must be a single path segment."""
    case = next(case for case in CASES if case.resource.token == "livepull:huaweicloud:PullTask")
    paths: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        return httpx.Response(200, json={"projects": [{"id": project}], "task_id": "1"})

    client = _vendor_of(case.resource).client(KEYS, {}, transport=httpx.MockTransport(answer))
    inputs = lifecycle.check(case.resource, {}, case.smallest, NOW).inputs
    with suppress(LivePullError):
        case.resource.from_inputs(case.resource.by_field(inputs)).create(client)
    used = re.fullmatch("[A-Za-z0-9_-]{1,128}", project)
    assert paths == ["/v3/projects", *([f"/v1/{project}/pull/stream/task"] if used else [])]


@every_vendor
def test_an_endpoint_of_the_user_is_where_keys_go(vendor: Vendor) -> None:
    """The one exception: it must be https or on this machine, unless the user allows http."""
    kind = vendor.resources[0]
    key, allow = vendor.config_key("endpoint"), vendor.config_key("allow_http")
    case = next(case for case in CASES if case.resource is kind)
    inputs = lifecycle.check(kind, {}, case.full, NOW).inputs
    config = {key: "https://own.example.org/v"}
    hosts = asked(vendor, config, lambda api: lifecycle.create(kind, api, inputs))
    assert set(hosts) == {"own.example.org"}
    for said in ({}, {allow: "false"}):
        with pytest.raises(ConfigError, match="is not encrypted"):
            vendor.client(KEYS | said | {key: "http://own.example.org"}, {})
    assert vendor.client(KEYS | {key: "http://own.example.org", allow: "true"}, {})
    with pytest.raises(ConfigError, match="not true or false"):
        vendor.client(KEYS | {allow: "perhaps"}, {})
    assert [found for found, _ in vendor.problems(KEYS | {key: "http://own.example.org"})] == [key]


@every_vendor
def test_every_address_that_can_be_set_is_held_to_that(vendor: Vendor) -> None:
    """In the config or the environment, for the service or for the project lookup."""
    open_to_all = "http://own.example.org"
    for setting in vendor.settings:
        if not setting.name.endswith("endpoint"):
            continue
        regional = [f"{setting.regional}CN_NORTH_4"] if setting.regional else []
        for config, environ in (
            ({vendor.config_key(setting.name): open_to_all}, {}),
            *(({}, {variable: open_to_all}) for variable in (*setting.variables, *regional)),
        ):
            with pytest.raises(ConfigError, match="is not encrypted"):
                vendor.client(KEYS | config, environ)


@given(st.sampled_from(VENDORS), anything)
def test_an_endpoint_is_the_host_that_it_seems_to_be(vendor: Vendor, ending: str) -> None:
    """Text after a local host name must not turn it into another host."""
    endpoint = f"http://127.0.0.1{ending}"
    try:
        vendor.client(KEYS | {vendor.config_key("endpoint"): endpoint}, {})
    except ConfigError:
        return
    host = urlsplit(endpoint.strip()).hostname
    assert host == httpx.URL(endpoint.strip()).host
    assert ip_address(str(host)).is_loopback  # 127.0.0.10 is this machine, too.
