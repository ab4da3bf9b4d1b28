"""What a program loads: Pulumi starts one for each preview and each update."""

import json
import subprocess
import sys
import textwrap

import pytest

from pulumi_livepull.vendors import NAMES

IN_A_STACK = """
import asyncio
import json
import sys

import pulumi
from pulumi.runtime import mocks

class Engine(mocks.Mocks):
    def new_resource(self, args):
        return "cn-north-4/made", args.inputs

    def call(self, args):
        return {}, None

# As the language host does it, before it runs a program.
asyncio.set_event_loop(asyncio.new_event_loop())
mocks.set_mocks(Engine())
"""
PRINT = """
print(json.dumps(sorted(sys.modules)))
"""
MODELS = {"pydantic", "pulumi_livepull.core.lifecycle", "pulumi_livepull.core.resource"}
TO_CALL = {"httpx", "httpcore", "tenacity", "pulumi_livepull.core.client"}


def loaded(program: str) -> set[str]:
    """Return the modules that a program of its own process has loaded at its end."""
    source = IN_A_STACK + textwrap.dedent(program) + PRINT
    ran = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))


@pytest.mark.parametrize("vendor", NAMES)
def test_an_import_loads_nothing_but_pulumi_and_the_classes(vendor: str) -> None:
    """No model, no HTTP client, no host: the first resource loads what it needs."""
    before = loaded("")
    assert loaded(f"from pulumi_livepull import {vendor}") - before <= {
        "difflib",
        "pulumi_livepull",
        f"pulumi_livepull.{vendor}",
        "pulumi_livepull.core",
        "pulumi_livepull.core.naming",
        "pulumi_livepull.hosts",
        "pulumi_livepull.hosts.function",
        "pulumi_livepull.hosts.resource",
        "pulumi_livepull.hosts.schedule",
    }


@pytest.mark.parametrize("host", ["dynamic", "plugin"])
def test_a_resource_loads_its_vendor_and_what_checks_it(host: str) -> None:
    """It loads neither the other vendors nor their clients, which only the provider's process
    needs.
    """
    there = loaded(
        f"""
        from pulumi_livepull import huaweicloud

        pulumi.runtime.set_config("livepull:host", "{host}")
        huaweicloud.RecordCallback(
            "done", publish_domain="push.example.com", app="*",
            notify_callback_url="https://hooks.example.com/done",
        )
        """
    )
    assert there >= MODELS | {"pulumi_livepull.vendors.huaweicloud"}
    assert not there & TO_CALL
    assert not [name for name in there if name.startswith("pulumi_livepull.vendors.alicloud")]
    assert not [name for name in there if name.startswith("pulumi_livepull.vendors.volcengine")]
