"""Moving a state between the hosts: what changes, what stays, and what is refused."""

from copy import deepcopy
from typing import Any

import pulumi
import pytest
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_livepull.core.lifecycle.lost_answer import Attempt
from pulumi_livepull.errors import StateError
from pulumi_livepull.hosts import dynamic
from pulumi_livepull.hosts.migration import Migration, migrate
from pulumi_livepull.hosts.registry import VERSION
from pulumi_livepull.vendors import VENDORS
from tests.hosting import NOW

Json = dict[str, Any]

TASK = "livepull:huaweicloud:PullTask"
ROOT = "urn:pulumi:dev::relay::pulumi:pulumi:Stack::relay-dev"
SECRET = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    "ciphertext": "v1",
}
DEFAULTS = {
    "dynamic": "pulumi:providers:pulumi-python::default",
    "plugin": f"pulumi:providers:livepull::default_{VERSION.replace('.', '_')}",
}
OTHER = {"dynamic": "plugin", "plugin": "dynamic"}

to_each_host = pytest.mark.parametrize("host", ["plugin", "dynamic"])


def type_in(host: str, token: str = TASK) -> str:
    """A resource's type in a host."""
    return {"dynamic": dynamic.dynamic_type(token), "plugin": token}[host]


def urn(types: str, name: str) -> str:
    return f"urn:pulumi:dev::relay::{types}::{name}"


def provider(host: str, name: str = "", **inputs: Any) -> Json:
    """A host's provider: by default its default one."""
    kind, default = DEFAULTS[host].split("::")
    made = {"urn": urn(kind, name or default), "custom": True, "id": f"id-{host}", "type": kind}
    return made | {"inputs": inputs, "outputs": inputs}


def reference(to: Json) -> str:
    return f"{to['urn']}::{to['id']}"


def task(host: str, name: str = "relay", above: str = "", token: str = TASK, **more: Any) -> Json:
    """A resource as a host leaves it."""
    own, known, depends = {}, {}, {}
    if host == "dynamic":
        own = {"__provider": serialize_provider(dynamic.Provider(token))}
        known = {"__inputs": "domain pushArgs"}
        depends = {"__provider": []}
    inputs = {"domain": "push.example.com", "pushArgs": SECRET}
    return {
        "urn": urn(above + type_in(host, token), name),
        "custom": True,
        "id": f"cn-north-4/{name}",
        "type": type_in(host, token),
        "inputs": inputs | own,
        "outputs": inputs | {"status": "running"} | own | known,
        "parent": ROOT,
        "provider": reference(provider(host)),
        "propertyDependencies": {"domain": [], "pushArgs": [], **depends},
        **more,
    }


def state(*resources: Json, **more: Any) -> Json:
    """A stack's state, as Pulumi exports it."""
    root = {"urn": ROOT, "custom": False, "type": "pulumi:pulumi:Stack"}
    return {"version": 3, "deployment": {"resources": [root, *resources], **more}}


def found(migration: Migration) -> dict[str, Json]:
    """The resources of a state that was moved, by name."""
    resources = migration.exported["deployment"]["resources"]
    return {each["urn"].split("::", 3)[3]: each for each in resources}


@pytest.mark.parametrize("token", [kind.token for vendor in VENDORS for kind in vendor.resources])
def test_the_type_is_that_which_pulumi_gives_a_dynamic_resource(token: str) -> None:
    """Pulumi's own class builds it from a module and a name."""
    _, vendor, name = token.split(":")
    theirs = type(name, (pulumi.dynamic.Resource,), {}, module=f"livepull/{vendor}", name=name)
    assert dynamic.dynamic_type(token) == f"pulumi-python:{theirs._resource_type_name}"


@to_each_host
@pytest.mark.parametrize("token", [kind.token for vendor in VENDORS for kind in vendor.resources])
def test_a_resource_that_moved_looks_as_if_it_was_made_there(token: str, host: str) -> None:
    """Type, URN, provider, and the properties that only the dynamic host has."""
    before = task(OTHER[host], token=token)
    migration = migrate(state(provider(OTHER[host]), before, provider(host)), host)
    assert migration.moved == [before["urn"]]
    assert found(migration)["relay"] == task(host, token=token)


@to_each_host
def test_all_that_the_engine_notes_of_a_resource_stays(host: str) -> None:
    """Protection, secrets, history, and whatever a later engine may add."""
    notes = {
        "protect": True,
        "retainOnDelete": True,
        "additionalSecretOutputs": ["pushArgs"],
        "aliases": [urn("livepull:huaweicloud:PullTask", "former")],
        "customTimeouts": {"create": 60},
        "ignoreChanges": ["domain"],
        "initErrors": ["not all of it"],
        "importID": "cn-north-4/relay",
        "created": "2026-01-01T00:00:00Z",
        "noteOfALaterEngine": {"any": ["thing"]},
    }
    before = state(provider(OTHER[host]), task(OTHER[host], **notes), metadata={"note": 1})
    kept = deepcopy(before)
    migration = migrate(before, host)
    assert notes.items() <= found(migration)["relay"].items()
    assert migration.exported["deployment"]["metadata"] == {"note": 1}
    assert before == kept, "what is handed in is not changed"


@to_each_host
def test_every_mention_of_a_resource_that_moved_follows_it(host: str) -> None:
    """As a parent, in dependencies, in outputs, and in references to providers."""

    def around(which: str) -> list[Json]:
        box, above = urn("demo:index:Box", "box"), "demo:index:Box$"
        inner = urn(above + type_in(which), "a::b")
        kind = "pulumi:providers:other"
        keys = {"urn": urn(f"{above}{type_in(which)}${kind}", "keys"), "type": kind, "id": "1"}
        mentions = {
            "parent": inner,
            "dependencies": [inner, box],
            "propertyDependencies": {"task": [inner]},
            "deletedWith": inner,
            "replaceWith": [inner],
            "viewOf": inner,
            "provider": reference(keys),
            "outputs": {"urn": inner, "all": [{"urn": inner, "id": "cn-north-4/a::b"}]},
        }
        kind = "other:index:Thing"
        return [
            {"urn": box, "type": "demo:index:Box", "parent": ROOT, "outputs": {"task": inner}},
            task(which, "a::b", above, parent=box),
            keys | {"parent": inner},
            {"urn": urn(f"{above}{type_in(which)}${kind}", "thing"), "type": kind, **mentions},
        ]

    before = state(provider(OTHER[host]), provider(host), *around(OTHER[host]))
    resources = migrate(before, host).exported["deployment"]["resources"]
    assert resources[-4:] == around(host)


KEYS = {"huaweicloudAccessKey": "emulator", "huaweicloudSecretKey": SECRET}


def test_a_host_that_the_state_did_not_use_gets_a_provider_before_its_users() -> None:
    """It has the settings of the other provider, named as the plugin names them and still
    encrypted.
    """
    settings = {f"livepull:{name}": value for name, value in KEYS.items()}
    used = provider("dynamic", **settings, **{"livepull:host": "dynamic", "relay:own": "1"})
    first = migrate(state(used, task("dynamic"), task("dynamic", "two")), "plugin")
    _, made, *tasks = first.exported["deployment"]["resources"]
    assert made["urn"] == provider("plugin")["urn"]
    assert made["type"] == "pulumi:providers:livepull"
    assert made["custom"] is True
    assert made["inputs"] == made["outputs"]
    assert made["inputs"] == KEYS | {"host": "plugin", "version": VERSION}
    assert [each["provider"] for each in tasks] == [reference(made)] * 2
    assert len(made["id"]) == 36

    again = migrate(first.exported, "dynamic")
    _, made, *tasks = again.exported["deployment"]["resources"]
    assert made["urn"] == used["urn"]
    assert made["inputs"] == settings | {"livepull:host": "dynamic"}
    assert [each["provider"] for each in tasks] == [reference(made)] * 2


@to_each_host
def test_a_provider_that_the_state_has_is_used_and_stands_before_its_users(host: str) -> None:
    """The engine refuses a state in which a provider comes after its resources."""
    there = provider(host, its="own")
    early, late = task(OTHER[host], "early"), task(host, "late")
    migration = migrate(state(provider(OTHER[host]), early, there, late), host)
    assert [*found(migration).values()][1:] == [there, task(host, "early"), late]
    early = task(OTHER[host], "early")
    migration = migrate(state(there, late, provider(OTHER[host]), early), host)
    assert [*found(migration).values()][1:] == [there, late, task(host, "early")]


def test_a_provider_that_nothing_uses_any_more_goes_and_others_stay() -> None:
    """Dynamic resources of the user or of another package are left alone."""
    shared = provider("dynamic")
    others = {"urn": urn("pulumi-python:dynamic:Mine", "mine"), "provider": reference(shared)}
    others |= {"type": "pulumi-python:dynamic:Mine", "inputs": {"__provider": "pickled"}}
    unused = provider("dynamic", "default_1_0_0")
    kept = migrate(state(shared, unused, task("dynamic"), others), "plugin")
    assert found(kept)["mine"] == others
    assert {"default", "default_1_0_0"} <= found(kept).keys()
    gone = migrate(state(shared, unused, task("dynamic")), "plugin")
    assert "default" not in found(gone)
    assert "default_1_0_0" in found(gone), "it was not used before either"


def test_what_has_a_provider_of_its_own_stays_in_the_plugin() -> None:
    """No dynamic provider can serve it, and its children are not renamed."""
    beijing = provider("plugin", "beijing")
    own = task("plugin", "own", provider=reference(beijing))
    kind = "demo:index:Box"
    below = {"urn": urn(f"{TASK}${kind}", "box"), "type": kind, "parent": own["urn"]}
    before = state(provider("plugin"), beijing, own, below, task("plugin"))
    migration = migrate(before, "dynamic")
    assert (migration.moved, migration.left) == ([urn(TASK, "relay")], [own["urn"]])
    assert found(migration)["own"] == own
    assert found(migration)["box"] == below
    assert found(migration)["relay"] == task("dynamic") | {
        "provider": reference(found(migration)["default"])
    }


@to_each_host
def test_a_second_time_nothing_moves(host: str) -> None:
    """The state is returned unchanged; so is a state without resources."""
    once = migrate(state(provider(OTHER[host]), task(OTHER[host])), host).exported
    for settled in (once, {"version": 3, "deployment": {}}, state()):
        again = migrate(settled, host)
        assert (again.moved, again.left, again.exported) == ([], [], settled)


PENDING = {"pending_operations": [{"resource": task("dynamic", "new"), "type": "creating"}]}


@pytest.mark.parametrize(
    ("more", "noted", "name"),
    [
        (PENDING, {}, "new"),
        ({}, {"delete": True}, "relay"),
        ({}, {"pendingReplacement": True}, "relay"),
        ({}, {"id": Attempt(NOW, NOW).id}, "relay"),
    ],
)
def test_a_state_with_something_unfinished_is_refused(more: Json, noted: Json, name: str) -> None:
    """The engine could not finish it after the move; the message says what to run."""
    with pytest.raises(StateError) as refused:
        migrate(state(provider("dynamic"), task("dynamic", **noted), **more), "plugin")
    assert str(refused.value) == (
        f"an operation of this stack was not finished: {name}\n"
        "Finish it with `pulumi up`, or, if it is a create, with `pulumi refresh "
        "--clear-pending-creates`, and run this again."
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([], "this is not the state of a stack\nRun: pulumi stack export"),
        ({"version": 3}, "this is not the state of a stack\nRun: pulumi stack export"),
        (
            {"version": 5, "deployment": {}},
            "version 5 of Pulumi's format, and only 3 and 4 are supported\n",
        ),
    ],
)
def test_what_is_not_a_state_or_of_another_form_is_refused(given: Any, reason: str) -> None:
    """The same keys could have another meaning there."""
    with pytest.raises(StateError) as refused:
        migrate(given, "plugin")
    assert reason in str(refused.value)
