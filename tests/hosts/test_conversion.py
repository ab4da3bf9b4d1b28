"""The mappings for `pulumi convert` from Terraform."""

import json
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts.plugin import Plugin
from pulumi_livepull.vendors import VENDORS
from tests.hosting import Context, plugin_host

OURS = {resource.token: resource for vendor in VENDORS for resource in vendor.resources}
TEXT = {"type": 4}


@pytest.fixture
def plugin(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Plugin:
    return plugin_host(emulator, monkeypatch).servicer


def providers(plugin: Plugin, key: str) -> list[str]:
    request = provider_pb2.GetMappingsRequest(key=key)
    return list(plugin.GetMappings(request, Context()).providers)


def ask(plugin: Plugin, key: str, provider: str) -> Any:
    request = provider_pb2.GetMappingRequest(key=key, provider=provider)
    return plugin.GetMapping(request, Context())


def test_the_terraform_providers_with_a_mapping_are_listed(
    plugin: Plugin,
) -> None:
    """Of no other kind of source, and none twice."""
    told = providers(plugin, "terraform")
    assert "huaweicloud" in told
    assert told == [vendor.name for vendor in VENDORS if vendor.terraform]
    assert providers(plugin, "kubernetes") == []


@pytest.mark.parametrize(
    ("key", "provider"), [("terraform", "alicloud"), ("kubernetes", "huaweicloud")]
)
def test_what_cannot_be_converted_is_not_an_error(plugin: Plugin, key: str, provider: str) -> None:
    """The engine asks every plugin in turn, and the next one may have a mapping."""
    answer = ask(plugin, key, provider)
    assert (answer.provider, answer.data) == ("", b"")


def test_an_engine_that_names_no_provider_gets_the_one_there_is(plugin: Plugin) -> None:
    """Older engines could not ask for the names first."""
    assert ask(plugin, "terraform", "") == ask(plugin, "terraform", "huaweicloud")


def test_a_recording_callback_of_terraform_becomes_ours(plugin: Plugin) -> None:
    """Field by field, in the form that Pulumi's Terraform bridge reads.

    Source: the schema in resource_huaweicloud_live_record_callback.go.
    """
    answer = ask(plugin, "terraform", "huaweicloud")
    assert answer.provider == "huaweicloud"
    messages = json.loads(answer.data)
    assert messages["name"] == "huaweicloud"
    assert messages["provider"]["resources"] == {
        "huaweicloud_live_record_callback": {
            "region": TEXT,
            "domain_name": TEXT,
            "url": TEXT,
            "types": {"type": 5, "element": {"schema": TEXT}},
            "sign_type": TEXT,
            "key": TEXT,
        }
    }
    assert messages["resources"]["huaweicloud_live_record_callback"] == {
        "tok": "livepull:huaweicloud:RecordCallback",
        "fields": {
            "region": {"name": "region"},
            "domain_name": {"name": "publishDomain"},
            "url": {"name": "notifyCallbackUrl"},
            "types": {"name": "notifyEventSubscription"},
            "sign_type": {"name": "signType"},
            "key": {"name": "key"},
        },
    }


def test_a_relay_task_of_terraform_becomes_ours(plugin: Plugin) -> None:
    """With the names that they share, and without what cannot be said.

    Source: the schema in resource_tc_css_pull_stream_task.go.
    """
    messages = json.loads(ask(plugin, "terraform", "tencentcloud").data)
    theirs = messages["provider"]["resources"]
    assert set(theirs) == {
        "tencentcloud_css_pull_stream_task",
        "tencentcloud_css_callback_template",
        "tencentcloud_css_callback_rule_attachment",
    }
    task = theirs["tencentcloud_css_pull_stream_task"]
    assert set(task) == {
        *("source_type", "source_urls", "domain_name", "app_name", "stream_name", "start_time"),
        *("end_time", "push_args", "callback_events", "vod_loop_times", "vod_refresh_type"),
        *("callback_url", "extra_cmd", "comment", "to_url", "backup_source_type"),
        *("backup_source_url", "file_index", "offset_time"),
    }
    assert task["source_urls"] == {"type": 5, "element": {"schema": TEXT}}
    rule = messages["resources"]["tencentcloud_css_callback_rule_attachment"]
    assert rule == {
        "tok": "livepull:tencentcloud:CallbackRule",
        "fields": {
            "domain_name": {"name": "domainName"},
            "app_name": {"name": "appName"},
            "template_id": {"name": "templateId"},
        },
    }
    template = theirs["tencentcloud_css_callback_template"]
    assert {"callback_key", "record_notify_url"} < set(template)
    assert "record_status_notify_url" not in template


@pytest.mark.parametrize(
    ("resource", "named"),
    [
        pytest.param(theirs.resource, {*theirs.names, *theirs.lacks}, id=theirs.name)
        for vendor in VENDORS
        for theirs in vendor.terraform
    ],
)
def test_what_is_said_of_a_terraform_resource_is_of_fields_that_exist(
    resource: Any, named: set[str]
) -> None:
    """If a field is renamed here, the mapping must be changed as well."""
    assert resource.token in OURS
    assert named <= {prop.name for prop in resource.inputs()}
