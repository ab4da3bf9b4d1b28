"""A new version breaks no program, config or state, unless it is intended and listed here.

With each release goes a copy of schema.json to `upgrade/<version>/`.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_livepull.generate.compatible import breaks

Spec = dict[str, Any]

ROOT = Path(__file__).parents[1]
RELEASED = max(
    (ROOT / "tests" / "upgrade").glob("*/schema.json"),
    key=lambda file: tuple(map(int, file.parent.name.split("."))),
)

MEANT = {
    "0.1.0": [
        # That version had no plugin, so there was nothing that an SDK of its schema could talk to.
        "livepull:huaweicloud:PullTask input sourceType: "
        "was string and is #/types/livepull:huaweicloud:PullTaskSourceType",
        "livepull:huaweicloud:PullTask input vodRefreshType: "
        "was string and is #/types/livepull:huaweicloud:PullTaskVodRefreshType",
        "livepull:huaweicloud:RecordCallback input signType: "
        "was string and is #/types/livepull:huaweicloud:RecordCallbackSignType",
        "livepull:alicloud:LivePullToPush input sourceType: "
        "was string and is #/types/livepull:alicloud:LivePullToPushSourceType",
    ],
}
"""What was broken since a release, and why nobody is hurt."""


def read(file: Path) -> Spec:
    schema: Spec = json.loads(file.read_text(encoding="utf-8"))
    return schema


def test_this_version_breaks_nothing_of_the_last_release() -> None:
    """Keep names, types and secrecy; if one must change, use a new name or record a reason."""
    found = sorted(breaks(read(RELEASED), read(ROOT / "schema.json")))
    assert found == sorted(MEANT.get(RELEASED.parent.name, []))


SMALL: Spec = {
    "config": {"variables": {"key": {"type": "string", "secret": True}}},
    "provider": {"inputProperties": {"key": {"type": "string", "secret": True}}},
    "types": {
        "p:v:Part": {"properties": {"url": {"type": "string"}}, "required": ["url"]},
        "p:v:Kind": {"enum": [{"name": "Live", "value": "live"}, {"value": "file"}]},
    },
    "resources": {
        "p:v:Task": {
            "inputProperties": {
                "kind": {"$ref": "#/types/p:v:Kind"},
                "urls": {"type": "array", "items": {"type": "string"}},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "port": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
                "key": {"type": "string", "secret": True},
            },
            "requiredInputs": ["kind"],
            "properties": {"kind": {"type": "string"}, "status": {"type": "string"}},
            "required": ["kind", "status"],
        }
    },
    "functions": {
        "p:v:getTask": {
            "inputs": {"properties": {"id": {"type": "string"}}, "required": ["id"]},
            "outputs": {"properties": {"status": {"type": "string"}}, "required": ["status"]},
        }
    },
}

Change = Callable[[Spec, Spec, Spec], object]
"""Does something to a schema, given it, its one resource and its one function."""


def changed(change: Change) -> Spec:
    """The small schema, with a change."""
    schema = copy.deepcopy(SMALL)
    change(schema, schema["resources"]["p:v:Task"], schema["functions"]["p:v:getTask"])
    return schema


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda s, t, f: s["resources"].pop("p:v:Task"), ["p:v:Task: is gone"]),
        (lambda s, t, f: s["functions"].pop("p:v:getTask"), ["p:v:getTask: is gone"]),
        (lambda s, t, f: s["types"].pop("p:v:Part"), ["p:v:Part: is gone"]),
        (lambda s, t, f: s["config"]["variables"].pop("key"), ["config key: is gone"]),
        (lambda s, t, f: s["provider"].clear(), ["provider input key: is gone"]),
        (lambda s, t, f: t["inputProperties"].pop("urls"), ["p:v:Task input urls: is gone"]),
        (lambda s, t, f: t["properties"].pop("status"), ["p:v:Task output status: is gone"]),
        (
            lambda s, t, f: f["outputs"]["properties"].pop("status"),
            ["p:v:getTask output status: is gone"],
        ),
        (
            lambda s, t, f: t["inputProperties"]["urls"]["items"].update(type="integer"),
            ["p:v:Task input urls: was array of string and is array of integer"],
        ),
        (
            lambda s, t, f: t["inputProperties"]["labels"].pop("additionalProperties"),
            ["p:v:Task input labels: was object of string and is object"],
        ),
        (
            lambda s, t, f: t["inputProperties"]["port"]["oneOf"].pop(),
            ["p:v:Task input port: was integer or string and is integer"],
        ),
        (
            lambda s, t, f: t["inputProperties"].update(kind={"type": "string"}),
            ["p:v:Task input kind: was #/types/p:v:Kind and is string"],
        ),
        (
            lambda s, t, f: t["properties"]["status"].update(type="boolean"),
            ["p:v:Task output status: was string and is boolean"],
        ),
        (lambda s, t, f: t["requiredInputs"].append("urls"), ["p:v:Task input urls: is required"]),
        (
            lambda s, t, f: t["requiredInputs"].append("brandNew"),
            ["p:v:Task input brandNew: is required"],
        ),
        (
            lambda s, t, f: f["inputs"]["required"].append("region"),
            ["p:v:getTask input region: is required"],
        ),
        (
            lambda s, t, f: s["types"]["p:v:Part"]["required"].append("offset"),
            ["p:v:Part offset: is required"],
        ),
        (
            lambda s, t, f: t["required"].remove("status"),
            ["p:v:Task output status: may be missing"],
        ),
        (
            lambda s, t, f: s["types"]["p:v:Part"]["required"].clear(),
            ["p:v:Part url: may be missing"],
        ),
        (
            lambda s, t, f: s["types"]["p:v:Kind"]["enum"].pop(),
            ["p:v:Kind file: the value file is gone"],
        ),
        (
            lambda s, t, f: s["types"]["p:v:Kind"]["enum"][0].update(name="Stream"),
            ["p:v:Kind Live: the value live is gone"],
        ),
        (
            lambda s, t, f: t["inputProperties"]["urls"].update(willReplaceOnChanges=True),
            ["p:v:Task input urls: is immutable"],
        ),
        (
            lambda s, t, f: t["inputProperties"]["urls"].update(replaceOnChanges=True),
            ["p:v:Task input urls: is immutable"],
        ),
        (
            lambda s, t, f: t["inputProperties"]["key"].pop("secret"),
            ["p:v:Task input key: is no secret"],
        ),
        (
            lambda s, t, f: s["config"]["variables"]["key"].update(secret=False),
            ["config key: is no secret"],
        ),
    ],
)
def test_a_break_is_reported_with_its_place(change: Change, expected: list[str]) -> None:
    """For each kind of break, wherever users meet it."""
    assert list(breaks(SMALL, changed(change))) == expected


@pytest.mark.parametrize(
    "change",
    [
        lambda s, t, f: None,
        lambda s, t, f: s["resources"].update({"p:v:Other": {"requiredInputs": ["url"]}}),
        lambda s, t, f: t["inputProperties"].update(title={"type": "string"}),
        lambda s, t, f: t["inputProperties"]["urls"].update(secret=True, description="Else."),
        lambda s, t, f: t["requiredInputs"].clear(),
        lambda s, t, f: t["properties"]["status"].update(willReplaceOnChanges=True),
        lambda s, t, f: s["types"]["p:v:Kind"]["enum"].append({"value": "disk"}),
    ],
)
def test_what_only_adds_or_loosens_is_not_a_break(change: Change) -> None:
    """A gate that stopped these would soon be switched off."""
    assert list(breaks(SMALL, changed(change))) == []


def test_a_property_that_became_mutable_is_not_a_break() -> None:
    """The opposite change is one."""
    immutable = changed(
        lambda s, t, f: t["inputProperties"]["urls"].update(willReplaceOnChanges=True)
    )
    assert list(breaks(immutable, SMALL)) == []
