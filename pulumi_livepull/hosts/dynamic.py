"""The host for Pulumi's dynamic providers: nothing to install, one provider for all resources.

Two processes use this module: a user's program, through `DynamicResource`, and the process in
which Pulumi runs dynamic providers, through `Provider`. The provider is pickled into every
resource's state by reference, so its module path and its one attribute are a promise to users.
"""

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import cache, wraps
from typing import Any, ClassVar, ParamSpec, Self, TypeVar
from weakref import WeakKeyDictionary

import pulumi
from pulumi import dynamic
from pulumi.runtime import rpc, settings

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.client import Client, utc_now
from pulumi_livepull.core.resource import Failure, Push, Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import carries_key
from pulumi_livepull.core.vendor import LIMIT_KEYS, NAMESPACE, Vendor
from pulumi_livepull.errors import LivePullError, redact
from pulumi_livepull.hosts.values import from_pulumi, to_pulumi
from pulumi_livepull.vendors import VENDORS

_log = logging.getLogger("pulumi_livepull")

INPUTS = "__inputs"
"""The names of the inputs that made a state: Pulumi gives a dynamic provider no old inputs."""

P = ParamSpec("P")
R = TypeVar("R")


class Shown(Exception):
    """A message for the user. Pulumi prints it as `livepull: <message>`."""


# Pulumi prints a traceback, whose last line is the module, the name and the text of the exception.
Shown.__module__, Shown.__qualname__ = "builtins", "livepull"


def _readable(method: Callable[P, R]) -> Callable[P, R]:
    """Let a provider's method fail with a message instead of a traceback."""

    @wraps(method)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except Exception as error:
            message = str(error) if isinstance(error, LivePullError) else _fault(error)
            # Not the traceback: what lies below the message was not cleaned of secrets.
            chain = " from ".join(type(each).__name__ for each in _chain(error))
            _log.debug("%s failed with %s: %s", method.__name__, chain, message)
        sys.tracebacklimit = 0
        raise Shown(message) from None

    return told


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__


def _fault(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno} in {frame.name}"
    return (
        f"{type(error).__name__} at {where}: {redact(str(error))}\n"
        "This is a fault of pulumi-livepull itself: report it with this message."
    )


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
            key: str(value) for key in config_keys() if (value := req.config.get(key)) is not None
        }

    @property
    def _resource(self) -> type[Resource]:
        return find_resource(self.token)[1]

    @property
    def _api(self) -> Client:
        return client(find_resource(self.token)[0], self._config)

    @_readable
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """See `lifecycle.check`."""
        checked = lifecycle.check(self._resource, from_pulumi(_olds), from_pulumi(news), utc_now())
        failures = [_failure(self._resource, bad, checked.inputs) for bad in checked.failures]
        return dynamic.CheckResult(to_pulumi(checked.inputs), failures)

    @_readable
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """See `lifecycle.diff`."""
        found = lifecycle.diff(
            self._resource, _inputs_of(_olds), from_pulumi(_olds), from_pulumi(_news), utc_now()
        )
        if found.note:
            _log.warning("%s %s", _id, found.note)
        return dynamic.DiffResult(
            changes=bool(found.changed),
            replaces=sorted(found.replaces),
            delete_before_replace=found.delete_before_replace,
        )

    @_readable
    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """See `lifecycle.create`."""
        made = lifecycle.create(self._resource, self._api, from_pulumi(props))
        return dynamic.CreateResult(made.id, self._outs(made.state, made.inputs))

    @_readable
    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """See `lifecycle.read`. Without a state it is a `get`, which must find something."""
        inputs, state = _inputs_of(props), from_pulumi(props)
        found = lifecycle.read(self._resource, self._api, id_, inputs, state)
        if found is None and INPUTS not in props:
            raise LivePullError(
                f'{self._resource.label()}: there is no "{id_}"',
                f"An id has the form {self._resource.id_form}.",
            )
        if found is None:
            return dynamic.ReadResult("", {})
        outs = self._outs(found.state, found.inputs)
        return dynamic.ReadResult(found.id, outs, self._sealed(found.inputs))

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
        return self._sealed(state) | {INPUTS: sorted(inputs)}

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


def _failure(
    resource: type[Resource], bad: Failure, inputs: Mapping[str, Any]
) -> dynamic.CheckFailure:
    """Return a failure as Pulumi takes it: it prints the value of the property that is named."""
    if lifecycle.secrets_of(resource, {bad.property: inputs.get(bad.property)}):
        return dynamic.CheckFailure("", f"{bad.property} {bad.reason}")
    return dynamic.CheckFailure(bad.property, bad.reason)


def _inputs_of(outs: Mapping[str, Any]) -> dict[str, Any]:
    names = outs.get(INPUTS) or ()
    return {name: value for name, value in from_pulumi(outs).items() if name in names}


@cache
def find_resource(token: str) -> tuple[Vendor, type[Resource]]:
    """Return the vendor and the class that a token names."""
    return next(
        (vendor, resource)
        for vendor in VENDORS
        for resource in vendor.resources
        if resource.token == token
    )


def config_keys() -> list[str]:
    """Return every key of a stack's config that this package reads."""
    own = [
        vendor.config_key(setting.name)
        for vendor in VENDORS
        for setting in (*vendor.keys, *vendor.settings)
    ]
    return [*own, *(NAMESPACE + key for key in LIMIT_KEYS)]


_clients: dict[tuple[str, frozenset[tuple[str, str]]], Client] = {}
_clients_lock = threading.Lock()


def client(vendor: Vendor, config: Mapping[str, str]) -> Client:
    """Return the one client of this process for a vendor and config, so that calls are paced."""
    key = (vendor.name, frozenset(config.items()))
    with _clients_lock:
        if key not in _clients:
            _clients[key] = vendor.client(config, cancel=_when_main_ends())
        return _clients[key]


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
    _log.addHandler(handler)
    levels = logging.getLevelNamesMapping()
    _log.setLevel(levels.get(os.environ.get("LIVEPULL_LOG", "").upper(), logging.WARNING))
    _log.propagate = False


Pushes = dict[str, list[tuple[Push, str]]]

_pushes: WeakKeyDictionary[object, Pushes] = WeakKeyDictionary()
"""What resources push to, by stream, with their names, for each run of a program: one process may
run several, and each has a connection of its own to the engine."""


class DynamicResource(dynamic.Resource):
    """What the generated classes share: secrets are wrapped, doubtful inputs are pointed out.

    A subclass is generated; its class argument `token` names the resource.
    """

    _kind: ClassVar[type[Resource]]

    def __init_subclass__(cls, token: str) -> None:
        vendor, cls._kind = find_resource(token)
        super().__init_subclass__(module=f"livepull/{vendor.name}", name=cls._kind.__name__)

    def __init__(
        self,
        resource_name: str,
        inputs: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        given = {name: value for name, value in inputs.items() if value is not None}
        outputs = [prop for prop in self._kind.properties().values() if prop.is_output]
        secret = [prop.camel for prop in outputs if prop.has(Trait.SECRET)]
        super().__init__(
            Provider(self._kind.token),
            resource_name,
            dict.fromkeys(prop.camel for prop in outputs) | _wrapped(self._kind, given),
            pulumi.ResourceOptions.merge(
                opts, pulumi.ResourceOptions(additional_secret_outputs=secret)
            ),
        )
        if given:
            pulumi.Output.all(**given).apply(self._point_out)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """Return one that exists already, by its id, to read its outputs. It is never changed."""
        found = cls.__new__(cls)
        with_id = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        DynamicResource.__init__(found, resource_name, {}, with_id)
        return found

    def _output(self, name: str) -> pulumi.Output[Any]:
        output: pulumi.Output[Any] = pulumi.get(self, name)
        return output

    def _point_out(self, known: Mapping[str, Any]) -> None:
        checked = lifecycle.check(self._kind, {}, from_pulumi(known), utc_now())
        for caution in checked.cautions:
            pulumi.log.warn(f"{caution.property} {caution.reason}", self)
        if checked.failures:
            return
        if push := self._kind.from_inputs(self._kind.by_field(checked.inputs)).pushes():
            self._point_out_fights(push)

    def _point_out_fights(self, push: Push) -> None:
        run = settings.get_monitor()
        others = _pushes.setdefault(run, {}).setdefault(push.stream, [])
        for other, name in others:
            if push.fights(other):
                pulumi.log.warn(f'pushes to the same stream at the same time as "{name}"', self)
        others.append((push, self.pulumi_resource_name))


def _wrapped(resource: type[Resource], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs with those made secret that are, or that turn out to carry a key."""
    wrapped = dict(inputs)
    for prop in resource.inputs():
        if prop.camel not in inputs:
            continue
        if prop.has(Trait.SECRET):
            wrapped[prop.camel] = pulumi.Output.secret(inputs[prop.camel])
        elif prop.carries_key:
            wrapped[prop.camel] = pulumi.Output.from_input(inputs[prop.camel]).apply(
                lambda value: pulumi.Output.secret(value) if carries_key(value) else value
            )
    return wrapped
