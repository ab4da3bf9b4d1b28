"""Values that are refused as inputs are kept as returned, with our names and nesting."""

from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.lifecycle.state import described
from pulumi_livepull.core.property import Property
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from pulumi_livepull.vendors.volcengine.callback import Callback
from pulumi_livepull.vendors.volcengine.pull_to_push_task import PullToPushTask, _in_our_words
from tests.conformance.cases import Case
from tests.conformance.every import CASES
from tests.hosting import NOW

NESTED = [
    pytest.param(case, prop, id=f"{case.name}-{prop.name}")
    for case in CASES
    for prop in case.resource.inputs()
    if isinstance(case.full.get(prop.camel), list | dict)
]


def _odd(value: Any) -> Any:
    """Return a value in which every text holds what no rule takes."""
    if isinstance(value, list):
        return [_odd(item) for item in value]
    if isinstance(value, dict):
        return {name: _odd(item) for name, item in value.items()}
    return f"{value} and more" if isinstance(value, str) else value


@pytest.mark.parametrize(("case", "prop"), NESTED)
def test_an_odd_value_keeps_our_form(case: Case, prop: Property) -> None:
    """An import writes it into a program, where the vendor's names would cause another error."""
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    odd = _odd(inputs[prop.camel])
    # Alibaba sends a list as a text of JSON, and shows it as a list.
    wire = prop.to_wire(odd)
    shown = prop.from_wire(odd if str(wire).startswith('["') else wire)
    assert shown == (sorted(odd) if prop.is_set else odd)


def test_one_odd_item_among_good_ones_keeps_the_others() -> None:
    """Valid items of a list are not lost."""
    urls = Callback.properties()["callback_urls"]
    good, odd = "https://hooks.example.org/a", "https://hooks.example.org/a b"
    details = [
        {"CallbackType": "HTTP", "URL": good},
        {"CallbackType": "HTTP", "URL": odd},
        {"CallbackType": "HTTP"},
    ]
    assert urls.from_wire(details) == [good, odd]
    files = PullToPushTask.properties()["vod_src_addrs"]
    sources = [{"SrcAddr": good, "StartOffset": 3}, {"SrcAddr": odd}, {"SrcAddr": ""}]
    assert files.from_wire(sources) == [{"srcAddr": good, "startOffset": 3}, {"srcAddr": odd}]
    events = PullTask.properties()["callback_events"]
    assert events.from_wire(["TaskStart", "TaskExit", ""]) == ["", "TaskExit", "TaskStart"]


OLDER = {"TaskId": "7", "Type": 1, "SrcAddrS": ["http://a.example/1", "http://a.example/2"]}


@pytest.mark.parametrize(
    ("answer", "files"),
    [
        ({"OffsetS": [5, 7]}, [5, 7]),
        ({"OffsetS": [5, 7, 9]}, [5, 7]),
        ({"OffsetS": [5]}, [5, None]),
        ({"Offset": 5}, [5, None]),
        ({}, [None, None]),
        ({"VodSrcAddrs": []}, [None, None]),
    ],
)
def test_the_files_of_a_task_made_the_older_way_are_shown(
    answer: dict[str, Any], files: list[int | None]
) -> None:
    """They are what it plays."""
    found = described(PullToPushTask, "default/7", _in_our_words(OLDER | answer))
    assert found.state["vodSrcAddrs"] == [
        {"srcAddr": address} | ({"startOffset": start} if start else {})
        for address, start in zip(OLDER["SrcAddrS"], files, strict=True)
    ]
    newer = [{"SrcAddr": "http://a.example/3"}]
    both = described(PullToPushTask, "default/7", _in_our_words(OLDER | {"VodSrcAddrs": newer}))
    assert both.state["vodSrcAddrs"] == [{"srcAddr": "http://a.example/3"}]
