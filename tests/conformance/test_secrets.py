"""No secret shows: every secret of every resource has a mark, and the mark is looked for.

In each host, in success and failure of every operation, with every log turned on, in what Pulumi is
passed on without being marked as secret, and in the emulator's own records.
"""

import html
import json
import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from pulumi.runtime import rpc
from pulumi.runtime.proto import status_pb2

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.hosts import registry
from tests import hosting
from tests.conformance.cases import Case, volcengine
from tests.conformance.every import CASES
from tests.hosting import KEYS, Host, State
from tests.marks import CORE, MARKS, Watch, everything_logged, given_secrets, marked

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
every_mark = pytest.mark.parametrize("mark", MARKS)

EMULATORS_KEY = KEYS["livepull:huaweicloudSecretKey"]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Return what sees all logs and all that a host hands to Pulumi."""
    watch = Watch()
    opened, ask = hosting._opened, hosting.PluginHost.ask

    def see_opened(values: Any) -> State:
        watch.see(values)
        return opened(values)

    def see_answer(self: hosting.PluginHost, *arguments: Any, **fields: Any) -> Any:
        answer = ask(self, *arguments, **fields)
        watch.see(answer)
        return answer

    monkeypatch.setattr(hosting, "_opened", see_opened)
    monkeypatch.setattr(hosting.PluginHost, "ask", see_answer)
    with everything_logged(watch):
        yield watch


@contextmanager
def _failing(watch: Watch) -> Iterator[None]:
    """Record the message of a failure, if there is one, with its causes."""
    try:
        yield
    except Exception as error:
        watch.see(error, repr(error), *traceback.format_exception(error))
        if isinstance(error, hosting.Refused):
            watch.see(error.status.details)
            for _, whole in error.status.trailing_metadata:
                # What the engine is to keep lies in it, with its secrets marked.
                watch.see(status_pb2.Status.FromString(whole))


def _inputs(host: Host, case: Case, mark: str, **changes: Any) -> State:
    given = marked(case.resource, {**case.full, **changes}, mark)
    inputs, failures = host.check(case.resource, {}, given)
    assert failures == {}
    return inputs


def _changes(case: Case) -> dict[str, Any]:
    changes = set(case.changes) - case.replaces
    return {name: case.changes[name] for name in changes if case.changes[name] is not None}


def _see_emulator(watch: Watch, emulator: Emulator) -> None:
    watch.see([asdict(entry) for entry in emulator.journal], emulator.state())
    watch.see(emulator.app.test_client().get("/").text)


@every_mark
@every_case
def test_no_secret_shows_in_a_life(
    host: Host, case: Case, mark: str, emulator: Emulator, watch: Watch
) -> None:
    """Made, read, compared, changed, imported, on air and deleted."""
    kind = case.resource
    inputs = _inputs(host, case, mark)
    secrets = given_secrets(kind, inputs)
    assert bool(secrets) is any(prop.may_be_secret for prop in kind.inputs())
    watch.see(repr(kind.from_inputs(kind.by_field(inputs))))
    id_, state = host.create(kind, inputs)
    host.read(kind, id_, state)
    news = {**inputs, **_inputs(host, case, f"new{mark}", **_changes(case))}
    news |= {name: inputs[name] for name in case.replaces & inputs.keys()}
    host.diff(kind, id_, state, news)
    state = host.update(kind, id_, state, news)
    host.read(kind, id_, state)
    host.read(kind, id_, {})
    _see_emulator(watch, emulator)
    emulator.clock.advance(timedelta(hours=9))
    host.read(kind, id_, state)
    host.read(kind, id_, {})
    host.delete(kind, id_, state)
    assert watch.leaks(EMULATORS_KEY) == []


@every_case
def test_no_secret_shows_of_inputs_that_are_refused(host: Host, case: Case, watch: Watch) -> None:
    """Not in the reason, and no property is named whose value Pulumi would print beside it."""
    kind = case.resource
    address = f"rtmp://user:{CORE}@"
    odd = (f"?{CORE}", address, [f"?{CORE}"], {"a": f"a@{CORE}"}, [[f"{address}h/x?{CORE}"]])
    secret = [prop.camel for prop in kind.inputs() if prop.may_be_secret]
    for name in (*secret, *(f"{each}S" for each in secret), *map(str.upper, secret)):
        for value in odd:
            given = marked(kind, case.full, CORE) | {name: value}
            _, failures = host.check(kind, {}, given)
            watch.see(failures)
            assert failures or isinstance(value, str)
    assert watch.leaks() == []


@pytest.mark.parametrize(
    "fault", ["throttle", "deny", "error_in_200", "lose_reply", "fail", "fail_after", "garble"]
)
@every_case
def test_no_secret_shows_when_an_operation_fails(
    host: Host, case: Case, fault: str, emulator: Emulator, watch: Watch
) -> None:
    """Whatever goes wrong, once and for as long as anybody tries."""
    kind = case.resource
    inputs = _inputs(host, case, CORE)
    id_, state = host.create(kind, inputs)
    operations: list[Callable[[], object]] = [
        lambda: host.create(kind, inputs),
        lambda: host.read(kind, id_, state),
        lambda: host.read(kind, id_, {}),
        lambda: host.update(kind, id_, state, inputs),
        lambda: host.delete(kind, id_, state),
    ]
    for times in (1, 100):
        for operation in operations:
            emulator.arm(fault, times=times)
            with _failing(watch):
                operation()
            emulator._faults.clear()
            _see_emulator(watch, emulator)
    assert watch.leaks(EMULATORS_KEY) == []


# A vendor that quotes what it was sent, and even what it was not.

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": json.dumps,
    "JSON with every character as it is": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "URL": lambda text: quote(text, safe=""),
    "URL in small letters": lambda text: re.sub(
        "%..", lambda byte: byte[0].lower(), quote(text, safe="")
    ),
    "form": quote_plus,
    "URL in a URL": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "Python": repr,
    "HTML by numbers": lambda text: re.sub("[&<>\"']", lambda mark: f"&#{ord(mark[0])};", text),
}

MARK = MARKS[1]
KEYS_WITH_MARK = {
    "secret_key": f"""{CORE}-key&"<'>%2B+/=""",
    "security_token": f"""{CORE}-token&"<'>%2B+/=""",
}


class Quoting:
    """A vendor that refuses everything with a text in its own envelope, and as no envelope."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.text: Callable[[httpx.Request], str] = lambda request: ""
        self.status = 400

    def connect(self, _: Emulator, kind: type[Resource] = Resource, /, **__: str) -> Client:
        """Return a client of this vendor. It takes the place of `hosting.connect`."""
        vendor, _resource = registry.find_resource(kind.token)
        waited = [0.0]
        keys = {vendor.config_key(name): key for name, key in KEYS_WITH_MARK.items()}
        return vendor.client(
            KEYS | keys,
            {},
            transport=httpx.MockTransport(self._answer),
            clock=self._emulator.clock.now,
            pause=waited.append,
            monotonic=lambda: sum(waited),
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        text = f"refused {self.text(request)}"
        if self.status == 200:
            return httpx.Response(200, text=text)
        error = {"Code": text, "Message": text}
        return httpx.Response(
            self.status,
            headers={"X-Tt-Logid": "1"},
            json={
                "error_code": "LIVE.1",
                "error_msg": text,
                "request_id": text,
                "RequestId": text,
                **error,
                "ResponseMetadata": {"RequestId": text, "Error": error},
                "Response": {"RequestId": text, "Error": error},
            },
        )


def _request_text(request: httpx.Request) -> str:
    headers = {name: text for name, text in request.headers.items() if name != "user-agent"}
    return f"{request.method} {request.url} {headers} {request.content.decode()}"


@every_case
def test_no_secret_shows_when_the_vendor_quotes_it(
    host: Host, case: Case, emulator: Emulator, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it spells it: input or key, in a refusal, a fault or an answer that is none."""
    kind, quoting = case.resource, Quoting(emulator)
    inputs = _inputs(host, case, MARK)
    id_, state = host.create(kind, inputs)
    monkeypatch.setattr(hosting, "connect", quoting.connect)
    secrets = [*given_secrets(kind, inputs), *KEYS_WITH_MARK.values()]
    texts = [
        *(lambda _, spell=spell: spell(" ".join(secrets)) for spell in SPELLINGS.values()),
        *(
            lambda request, spell=spell: spell(_request_text(request))
            for spell in (str, json.dumps)
        ),
    ]
    operations: list[Callable[[], object]] = [
        lambda: host.create(kind, inputs),
        lambda: host.read(kind, id_, state),
        lambda: host.update(kind, id_, state, inputs),
        lambda: host.delete(kind, id_, state),
    ]
    for quoting.text in texts:
        for quoting.status in (400, 500, 200):
            for operation in operations:
                before = len(watch.seen)
                with _failing(watch):
                    operation()
                assert any("refused" in text for text in watch.seen[before:])
    assert watch.leaks() == []


@pytest.mark.parametrize("host", ["plugin"], indirect=True)
def test_what_a_user_made_secret_does_not_show_either(
    host: hosting.PluginHost, emulator: Emulator, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine tells the plugin about any input; a dynamic provider does not know."""
    kind, quoting = volcengine.LIVE_TASK.resource, Quoting(emulator)
    title = f"title{CORE}"
    inputs = {**volcengine.LIVE, "title": rpc.wrap_rpc_secret(title)}
    made = host.ask("Create", kind, properties=inputs)
    monkeypatch.setattr(hosting, "connect", quoting.connect)
    quoting.text = lambda _: title
    with pytest.raises(hosting.Refused, match=r"refused \*\*\*") as refused:
        host.ask("Update", kind, made.id, olds=inputs, old_inputs=inputs, news=inputs)
    watch.see(refused.value)
    assert watch.leaks() == []
