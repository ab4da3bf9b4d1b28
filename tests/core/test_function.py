"""Function: lookups and calculations for programs."""

from typing import Any

import pytest

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.hosts.registry import find_function
from pulumi_livepull.vendors.huaweicloud.pull_task import PullTask
from tests.conformance.cases import Case
from tests.conformance.test_life import every_case
from tests.core.samples import FILES, LIVE
from tests.hosting import NOW, connect

GET, LIST = "livepull:huaweicloud:getPullTask", "livepull:huaweicloud:listPullTasks"


def ask(token: str, api: Client, **given: Any) -> dict[str, Any]:
    """Return the outputs of a function."""
    return find_function(token)[1].answer(given, lambda: api)


def functions(case: Case) -> list[str]:
    """The tokens of the functions of a resource."""
    vendor, name = case.resource.token.split(":")[1:]
    plural = f"{name}es" if name.endswith("sh") else f"{name}s"
    return [f"livepull:{vendor}:get{name}", f"livepull:{vendor}:list{plural}"]


@every_case
def test_what_exists_is_reported_by_its_id_and_in_a_list(emulator: Emulator, case: Case) -> None:
    """All outputs that the vendor shows, of which a list may show fewer, and nothing is changed."""
    api = connect(emulator, case.resource)
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    made = lifecycle.create(case.resource, api, inputs)
    get, list_ = functions(case)
    shown = lifecycle.get(case.resource, api, made.id)
    asked = {*case.resource.listing.under, *case.resource.listing.by} - {"app"}
    camel = [case.resource.properties()[name].camel for name in asked]
    under = {name: shown.state[name] for name in camel if name in shown.state}

    whole = ask(get, api, id=made.id)
    assert whole == {"id": made.id, **shown.state}
    [item] = ask(list_, api, **under)["items"]
    assert item.items() <= whole.items()
    assert (len(item) < len(whole)) is case.resource.listing.partial


@every_case
def test_secret_outputs_are_marked(emulator: Emulator, case: Case) -> None:
    """Those that are secret in the resource, and addresses that carry a key."""
    api = connect(emulator, case.resource)
    inputs = lifecycle.check(case.resource, {}, case.full, NOW).inputs
    made = lifecycle.create(case.resource, api, inputs)
    get = find_function(functions(case)[0])[1]
    message = get.answer({"id": made.id}, lambda: api)
    sealed = {
        name
        for name, value in get.mark_secrets(message, _Sealed).items()
        if isinstance(value, _Sealed)
    }
    secret = {name for name, v in message.items() if lifecycle.secrets_of(case.resource, {name: v})}
    assert sealed == secret


def test_a_list_is_narrowed_by_what_is_given(api: Client) -> None:
    """With filters that the vendor supports, and with others."""
    for inputs in (LIVE, FILES):
        lifecycle.create(PullTask, api, lifecycle.check(PullTask, {}, inputs, NOW).inputs)
    assert len(ask(LIST, api)["items"]) == 2
    (found,) = ask(LIST, api, sourceType="PullVodPushLive")["items"]
    assert found["sourceUrls"] == FILES["sourceUrls"]
    assert ask(LIST, api, status="nonsense") == {"items": []}


@pytest.mark.parametrize(
    ("token", "given", "expected"),
    [
        (GET, {}, "huaweicloud.getPullTask: id is required\nIts inputs are id."),
        (GET, {"id": 7}, "huaweicloud.getPullTask: id "),
        (GET, {"id": "7864b3dc", "name": "x"}, "huaweicloud.getPullTask: name is not an input"),
        (GET, {"id": "7864b3dc"}, 'huaweicloud.PullTask: there is no "7864b3dc"\nWrite the id as'),
        (LIST, {"state": "running"}, "huaweicloud.listPullTasks: state is not an input"),
    ],
)
def test_a_question_that_has_no_answer_says_why(
    api: Client, token: str, given: dict[str, Any], expected: str
) -> None:
    """The message uses the function's names, and invalid inputs are not sent to the vendor."""
    with pytest.raises(ConfigError) as failure:
        ask(token, api, **given)
    assert str(failure.value).startswith(expected)


def test_what_is_not_given_in_a_language_that_has_no_absence_is_not_asked(api: Client) -> None:
    """A program in Python gives `None`."""
    with pytest.raises(ConfigError, match="id is required"):
        ask(GET, api, id=None)


class _Sealed:
    """A value that a host marked."""

    def __init__(self, value: Any) -> None:
        self.value = value
