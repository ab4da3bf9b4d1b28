"""The host for Pulumi's dynamic providers: nothing to install, one provider for all resources.

Two processes use this module: a user's program makes a `Provider`, and the process in which Pulumi
runs dynamic providers calls it. The provider is pickled into every resource's state by reference,
so its module path and its one attribute are a promise to users.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from pulumi import dynamic
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import rpc

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.clock import utc_now
from pulumi_livepull.core.lifecycle import Unfinished
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.hosts.registry import (
    LOG,
    Clients,
    config_keys,
    error_message,
    find_resource,
    log_level,
    preview_calls,
    printable_failure,
)
from pulumi_livepull.hosts.values import from_pulumi, to_pulumi

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

INPUTS = "__inputs"
"""The names of the inputs that made a state: Pulumi gives a dynamic provider no old inputs.

They are one text, because the engine writes each item of a list on a line of its own, and the whole
state after each step. A state of version 0.1.0 has a list.
"""

P = ParamSpec("P")
R = TypeVar("R")


def dynamic_type(token: str) -> str:
    """Return the type that a resource has in this host."""
    return f"pulumi-python:dynamic/{token.replace(':', '/', 1)}"


@cache
def pickled(token: str) -> str:
    """Return the provider of a kind as the state has it.

    Pulumi's own `dynamic.Resource` pickles it for each resource, each time slower than the time
    before, and no more than some 960 times. Source: `serialize_provider`.
    """
    text: str = serialize_provider(Provider(token))
    return text


class UserError(Exception):
    """A message for the user. Pulumi prints it as `livepull: <message>`."""


# Pulumi prints a traceback, whose last line is the module, the name and the text of the exception.
UserError.__module__, UserError.__qualname__ = "builtins", "livepull"


def _readable(method: Callable[P, R]) -> Callable[P, R]:
    """Let a provider's method fail with a message instead of a traceback."""

    @wraps(method)
    def readable(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except Exception as error:
            message = error_message(method, error)
        sys.tracebacklimit = 0
        raise UserError(message) from None

    return readable


class Provider(dynamic.ResourceProvider):
    """Runs the lifecycle of one kind of resource, named by its token."""

    serialize_as_secret_always = False

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    @_readable
    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Keep the stack's config; keys are only looked for once they are needed."""
        _log_to_engine()
        self._config = {
            key: str(value)
            for key in config_keys(self._vendor.name)
            if (value := req.config.get(key)) is not None
        }

    @property
    def _resource(self) -> type[Resource]:
        return find_resource(self.token)[1]

    @property
    def _vendor(self) -> Vendor:
        return find_resource(self.token)[0]

    @property
    def _api(self) -> Client:
        return _clients().get(self._vendor, self._config)

    @_readable
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """See `lifecycle.check`."""
        checked = lifecycle.check(self._resource, from_pulumi(_olds), from_pulumi(news), utc_now())
        for caution in preview_calls(self._resource, lambda: self._api, checked, is_new=not _olds):
            LOG.warning("%s: %s %s", self._resource.label(), caution.property, caution.reason)
        failures = [
            dynamic.CheckFailure(*printable_failure(self._resource, bad, checked.inputs))
            for bad in checked.failures
        ]
        return dynamic.CheckResult(to_pulumi(checked.inputs), failures)

    @_readable
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """See `lifecycle.diff`."""
        found = lifecycle.diff(
            self._resource,
            _inputs_of(_olds),
            from_pulumi(_olds),
            from_pulumi(_news),
            utc_now(),
            _id,
        )
        # Pulumi shows nothing of a secret that changed, and has no field for details here.
        for sentence in filter(None, (found.note, found.hidden)):
            LOG.warning("%s", sentence)
        return dynamic.DiffResult(
            changes=bool(found.changed),
            replaces=sorted(found.replaces),
            delete_before_replace=found.delete_before_replace,
        )

    @_readable
    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """See `lifecycle.create`."""
        try:
            made = lifecycle.create(self._resource, self._api, from_pulumi(props))
        except Unfinished as left:
            # Pulumi keeps nothing of a creation that fails here, so it may not fail.
            LOG.warning("%s", left)
            made = left.found
        return dynamic.CreateResult(made.id, self._outs(made.state, made.inputs))

    @_readable
    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """See `lifecycle.refresh`. Without a state it is a `get`, which must find something."""
        known = _inputs_of(props) if INPUTS in props else None
        found = (
            lifecycle.get(self._resource, self._api, id_)
            if known is None
            else lifecycle.refresh(self._resource, self._api, id_, known, from_pulumi(props))
        )
        if found is None:
            return dynamic.ReadResult("", {})
        outs = self._outs(found.state, found.inputs)
        # The engine keeps the inputs that it has unless it is given others, and passing them on
        # takes Pulumi's SDK as long as all the rest.
        inputs = None if found.inputs == known else self._sealed(found.inputs)
        return dynamic.ReadResult(found.id, outs, inputs)

    @_readable
    def update(
        self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]
    ) -> dynamic.UpdateResult:
        """See `lifecycle.update`."""
        inputs = from_pulumi(_news)
        state = lifecycle.update(
            self._resource, self._api, _id, _inputs_of(_olds), from_pulumi(_olds), inputs
        )
        return dynamic.UpdateResult(self._outs(state, inputs))

    @_readable
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """See `lifecycle.delete`."""
        lifecycle.delete(self._resource, self._api, _id, from_pulumi(_props))

    def _outs(self, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        return self._sealed(state) | {INPUTS: names_of(inputs)}

    def _sealed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values as Pulumi takes them, with those marked secret that are.

        What a read brings to light was never an input, so nothing else would mark it.
        """
        return {
            name: rpc.wrap_rpc_secret(value)
            if lifecycle.secrets_of(self._resource, {name: value})
            else value
            for name, value in to_pulumi(values).items()
        }


def names_of(inputs: Iterable[str]) -> str:
    """Return the names of inputs as a state keeps them under `INPUTS`."""
    return " ".join(sorted(inputs))


def _inputs_of(outs: Mapping[str, Any]) -> dict[str, Any]:
    names = outs.get(INPUTS) or ""
    names = names.split() if isinstance(names, str) else names
    return {name: value for name, value in from_pulumi(outs).items() if name in names}


@cache
def _clients() -> Clients:
    return Clients(_when_main_ends())


@cache
def _when_main_ends() -> threading.Event:
    """Return an event that ends every wait once Pulumi's provider process is told to stop.

    Pulumi hands no cancellation to dynamic providers; an interrupt ends the process's main thread.
    """
    ended = threading.Event()

    def watch() -> None:
        threading.main_thread().join()
        ended.set()

    threading.Thread(target=watch, name="livepull-cancel", daemon=True).start()
    return ended


@cache
def _log_to_engine() -> None:
    """Send our log to standard error, which Pulumi shows; `LIVEPULL_LOG=debug` says more."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("livepull: %(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(log_level())
    LOG.propagate = False
