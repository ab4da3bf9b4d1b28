"""The host for Pulumi's dynamic providers: nothing to install, one provider for all resources.

Two processes use this module: a user's program creates a `Provider`, and Pulumi's process for
dynamic providers calls it. The provider is pickled by reference into the state of every resource,
so its module path and its attribute must never change.
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
"""The key under which a state lists its inputs: Pulumi passes no old inputs to a dynamic provider.

The names are one text, because the engine writes the whole state after each step, with each item of
a list on its own line. States from version 0.1.0 have a list.
"""

P = ParamSpec("P")
R = TypeVar("R")


def dynamic_type(token: str) -> str:
    """Return the type that a resource has in this host."""
    return f"pulumi-python:dynamic/{token.replace(':', '/', 1)}"


@cache
def pickled(token: str) -> str:
    """Return the pickled provider of a resource type, as the state contains it.

    Pulumi's own `dynamic.Resource` pickles it for every resource, more slowly each time, and fails
    after about 960 times. Source: `serialize_provider`.
    """
    text: str = serialize_provider(Provider(token))
    return text


class UserError(Exception):
    """A message for the user. Pulumi prints it as `livepull: <message>`."""


# Pulumi prints a traceback. Its last line has the module, name and text of the exception.
UserError.__module__, UserError.__qualname__ = "builtins", "livepull"


def _readable(method: Callable[P, R]) -> Callable[P, R]:
    """Make a provider's method fail with a message instead of a traceback."""

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
    """Runs the lifecycle of one resource type, which its token names."""

    serialize_as_secret_always = False

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    @_readable
    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Keep the stack's config. Access keys are looked up only when they are needed."""
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
        # Pulumi does not show changed secrets, and this protocol has no field for details.
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
            # Pulumi forgets a resource whose create fails here, so it must not fail.
            LOG.warning("%s", left)
            made = left.found
        return dynamic.CreateResult(made.id, self._outs(made.state, made.inputs))

    @_readable
    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """See `lifecycle.refresh`. Without a state it is a `get`, and the resource must exist."""
        known = _inputs_of(props) if INPUTS in props else None
        found = (
            lifecycle.get(self._resource, self._api, id_)
            if known is None
            else lifecycle.refresh(self._resource, self._api, id_, known, from_pulumi(props))
        )
        if found is None:
            return dynamic.ReadResult("", {})
        outs = self._outs(found.state, found.inputs)
        # Without inputs, the engine keeps the ones it has. Passing them on would double the time
        # that Pulumi's SDK takes.
        inputs = None if found.inputs == known else self._mark_secrets(found.inputs)
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
        return self._mark_secrets(state) | {INPUTS: names_of(inputs)}

    def _mark_secrets(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values in Pulumi's form, with secrets marked.

        A value that a read returns may never have been an input, so nothing else would mark it.
        """
        return {
            name: rpc.wrap_rpc_secret(value)
            if lifecycle.secrets_of(self._resource, {name: value})
            else value
            for name, value in to_pulumi(values).items()
        }


def names_of(inputs: Iterable[str]) -> str:
    """Return the names of inputs in the form that a state keeps under `INPUTS`."""
    return " ".join(sorted(inputs))


def _inputs_of(outs: Mapping[str, Any]) -> dict[str, Any]:
    names = outs.get(INPUTS) or ""
    names = names.split() if isinstance(names, str) else names
    return {name: value for name, value in from_pulumi(outs).items() if name in names}


@cache
def _clients() -> Clients:
    return Clients(_main_thread_ended())


@cache
def _main_thread_ended() -> threading.Event:
    """Return an event that is set when Pulumi's provider process is interrupted.

    Pulumi does not pass cancellation to dynamic providers, but an interrupt ends the main thread.
    """
    ended = threading.Event()

    def watch() -> None:
        threading.main_thread().join()
        ended.set()

    threading.Thread(target=watch, name="livepull-cancel", daemon=True).start()
    return ended


@cache
def _log_to_engine() -> None:
    """Log to standard error, which Pulumi shows. `LIVEPULL_LOG=debug` shows more."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("livepull: %(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(log_level())
    LOG.propagate = False
