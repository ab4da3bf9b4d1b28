"""The plugin host: Pulumi's provider protocol on top of the lifecycle.

Source: Pulumi's proto/pulumi/provider.proto.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from functools import cached_property, partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, status_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.clock import utc_now
from pulumi_livepull.core.conflicts import Conflicts
from pulumi_livepull.core.lifecycle import Unanswered, Unfinished
from pulumi_livepull.core.lifecycle.redaction import MIN_SECRET_LENGTH, texts
from pulumi_livepull.core.naming import respell
from pulumi_livepull.core.property import has_unknown
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.vendor import Vendor, is_on
from pulumi_livepull.errors import LivePullError, TransportError, hiding
from pulumi_livepull.hosts import configuration, conversion, invoke
from pulumi_livepull.hosts.engine import Engine, logging_for
from pulumi_livepull.hosts.registry import (
    LOG,
    VERSION,
    Clients,
    error_message,
    find_resource,
    preview_calls,
    printable_failure,
)
from pulumi_livepull.hosts.values import from_struct, to_struct

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

Answer = TypeVar("Answer")

KINDS = {
    "add": (provider_pb2.PropertyDiff.ADD, provider_pb2.PropertyDiff.ADD_REPLACE),
    "delete": (provider_pb2.PropertyDiff.DELETE, provider_pb2.PropertyDiff.DELETE_REPLACE),
    "update": (provider_pb2.PropertyDiff.UPDATE, provider_pb2.PropertyDiff.UPDATE_REPLACE),
}
"""What happens to a path: in an update, and in a replacement."""


class Operation:
    """One request about one resource, with its values unpacked."""

    def __init__(self, request: Any) -> None:
        self.id = str(getattr(request, "id", ""))
        self.urn = str(request.urn)
        self.name = self.urn.rpartition("::")[2]
        token = request.type or self.urn.split("::")[2].rpartition("$")[2]
        self.vendor, self.resource = find_resource(token)
        self._values: dict[str, dict[str, Any]] = {}
        self._secret: set[str] = set()
        for field, value in request.ListFields():
            if isinstance(value, Struct):
                self._values[field.name], secret = from_struct(value)
                self._secret |= secret

    def values(self, field: str) -> dict[str, Any]:
        """Return the values in a field of the request, or none."""
        return self._values.get(field, {})

    def secrets(self) -> Iterator[str]:
        """Yield each text that the engine marked as secret, even if the resource does not."""
        for values in self._values.values():
            for name in self._secret & values.keys():
                yield from (text for text in texts(values[name]) if len(text) >= MIN_SECRET_LENGTH)

    def mark_secrets(self, values: Mapping[str, Any]) -> Struct:
        """Return values in the engine's form, marked as secret if they are or were received as
        such."""
        secret = {
            name
            for name, value in values.items()
            if name in self._secret or lifecycle.secrets_of(self.resource, {name: value})
        }
        return to_struct(values, secret)


def _handling(
    method: Callable[[Plugin, Any, Any], Answer],
) -> Callable[[Plugin, Any, grpc.ServicerContext], Answer]:
    """Unpack a method's request, and report its errors with a message and any partial state."""

    @wraps(method)
    def answered(self: Plugin, request: Any, context: grpc.ServicerContext) -> Answer:
        with logging_for(request.urn):
            try:
                operation = Operation(request)
                with hiding(operation.secrets()):
                    return method(self, request, operation)
            except (Unfinished, Unanswered) as left:
                status = _partial_status(left, operation, error_message(method, left))
            except Exception as error:
                status = _error_status(error, error_message(method, error))
        context.abort_with_status(status)
        raise AssertionError("abort_with_status raises")

    return answered


@contextmanager
def _reporting_errors(method: Callable[..., Any], context: grpc.ServicerContext) -> Iterator[None]:
    """Report errors with a message."""
    try:
        yield
    except Exception as error:
        status = _error_status(error, error_message(method, error))
    else:
        return
    context.abort_with_status(status)


class _Status:
    """The gRPC status of a failed request."""

    def __init__(self, code: grpc.StatusCode, details: str, whole: bytes = b"") -> None:
        self.code = code
        self.details = details
        self.trailing_metadata = (("grpc-status-details-bin", whole),) if whole else ()


def _error_status(error: Exception, message: str) -> Any:
    """Return the status for a failure.

    `UNKNOWN` makes the engine keep the operation as pending, because its result is unknown. Any
    other code means that nothing changed. Source: `resourceStateAndError` in Pulumi's sdk/go.
    """
    lost = isinstance(error, TransportError) and error.sent
    certain = isinstance(error, LivePullError) and not lost
    code = grpc.StatusCode.FAILED_PRECONDITION if certain else grpc.StatusCode.UNKNOWN
    return _Status(code, message)


def _partial_status(left: Unfinished | Unanswered, operation: Operation, message: str) -> Any:
    """Return the status that makes the engine keep a partial state and continue from it next time.

    If it is unknown whether the resource exists, the engine reads it before the next update.
    """
    detail = provider_pb2.ErrorResourceInitFailed(
        id=left.found.id,
        properties=operation.mark_secrets(left.found.state),
        inputs=operation.mark_secrets(left.found.inputs),
        reasons=[message],
        refresh_before_update=isinstance(left, Unanswered),
    )
    whole = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    whole.details.add().Pack(detail)
    return _Status(grpc.StatusCode.UNKNOWN, message, whole.SerializeToString())


class Plugin(ResourceProviderServicer):
    """Serves the engine for one provider, explicit or default: each has its own process.

    `schema` returns the text of schema.json. Setting `cancel` ends every wait.
    """

    def __init__(self, engine: Engine, schema: Callable[[], str], cancel: threading.Event) -> None:
        self._engine = engine
        self._make_schema = schema
        self._cancel = cancel
        self._clients = Clients(cancel)
        self._config: dict[str, str] = {}
        self._refreshes = False
        self._reference = ""
        self._conflicts = Conflicts()

    # Requests about the provider itself.

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return the supported features."""
        self._engine.attach(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_outputs=True, supports_autonaming_configuration=True
        )

    def Attach(self, request: Any, context: Any) -> Empty:  # noqa: N802
        """Attach to an engine that did not start this process, even after a cancellation."""
        self._cancel.clear()
        self._engine.attach(request.address)
        return Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return the version."""
        return plugin_pb2.PluginInfo(version=VERSION)

    @cached_property
    def _schema(self) -> str:
        return self._make_schema()

    def GetSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return schema.json."""
        return provider_pb2.GetSchemaResponse(schema=self._schema)

    def GetMappings(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return the Terraform providers that have a mapping."""
        found = conversion.providers() if request.key == conversion.SOURCE else ()
        return provider_pb2.GetMappingsResponse(providers=found)

    def GetMapping(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return the mapping for a Terraform provider. Older engines do not name one."""
        known = self.GetMappings(request, context).providers
        for provider in known:
            if request.provider in {provider, ""}:
                data = conversion.mapping(provider)
                return provider_pb2.GetMappingResponse(provider=provider, data=data)
        return provider_pb2.GetMappingResponse()

    def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return all missing and malformed settings, and mark the secret ones.

        The engine keeps a provider's settings in the state, and encrypts those that are marked.
        """
        with logging_for(request.urn):
            config, secret = from_struct(request.news)
            for caution in configuration.cautions(config):
                LOG.warning("%s", caution)
            # The engine's own providers have such names. Source: `IsDefaultProvider` in Pulumi's
            # sdk/go.
            explicit = not request.urn.rpartition("::")[2].startswith("default")
            failures = configuration.failures(config, explicit=explicit)
        return provider_pb2.CheckResponse(
            inputs=to_struct(config, secret | configuration.secrets(config)),
            failures=[
                provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in failures
            ],
        )

    def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return what changed. A new key or address never requires a replacement."""
        old, _ = from_struct(request.old_inputs)
        new, _ = from_struct(request.news)
        changed = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
        return _diff_response({
            name: "add" if name not in old else "delete" if name not in new else "update"
            for name in sorted(changed)
        })  # fmt: skip

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Keep the settings. Access keys are looked up only when they are needed."""
        values, _ = from_struct(request.args)
        self._config = configuration.texts(values)
        self._refreshes = is_on(self._config, "refreshBeforeUpdate")
        self._reference = f"{request.urn}::{request.id}" if request.urn else ""
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            acceptOutputs=True,
            supportsPreview=True,
            supports_autonaming_configuration=True,
        )

    def Cancel(self, request: Any, context: Any) -> Empty:  # noqa: N802
        """End every wait at once."""
        self._cancel.set()
        return Empty()

    # Requests that concern no single resource.

    def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Return the outputs of a function."""
        with _reporting_errors(self.Invoke, context):
            return invoke.invoke(request, self._api)

    def List(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: N802
        """Yield the id and name of each resource of a type."""
        with _reporting_errors(self.List, context):
            yield from invoke.listed(request, self._api)

    def Construct(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Create a component, whose tasks belong to this provider."""
        from pulumi_livepull.hosts.construction import construct  # noqa: PLC0415  it loads slowly

        with _reporting_errors(self.Construct, context):
            return construct(request, self._engine.address, self._reference, self._cancel)

    # Requests about a resource.

    def _api(self, vendor: Vendor, seconds: float = 0) -> Client:
        api = self._clients.get(vendor, self._config)
        return api.within(seconds) if seconds else api

    @_handling
    def Check(self, request: Any, operation: Operation) -> Any:  # noqa: N802
        """See `lifecycle.check`."""
        resource = operation.resource
        olds, news = operation.values("olds"), operation.values("news")
        naming = request.autonaming
        if naming.mode != naming.DISABLE:
            # Unless the user configures `pulumi:autonaming`, the engine leaves naming to the
            # provider.
            proposed = naming.proposed_name or operation.name
            exactly = naming.mode == naming.ENFORCE
            news = lifecycle.with_names(resource, olds, news, proposed, exactly=exactly)
        checked = lifecycle.check(resource, olds, news, utc_now())
        connect = partial(self._api, operation.vendor)
        checked.cautions.extend(preview_calls(resource, connect, checked, is_new=not olds))
        for caution in checked.cautions:
            # With `--diff`, Pulumi does not say which resource a warning is about.
            LOG.warning("%s: %s %s", operation.name, caution.property, caution.reason)
        if not checked.failures and not has_unknown(checked.inputs):
            made = resource.from_inputs(resource.by_field(checked.inputs))
            for sentence in self._conflicts.add(operation.urn, operation.name, made):
                LOG.warning("%s: %s", operation.name, sentence)
        failures = [printable_failure(resource, bad, checked.inputs) for bad in checked.failures]
        return provider_pb2.CheckResponse(
            inputs=operation.mark_secrets(checked.inputs),
            failures=[
                provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in failures
            ],
        )

    @_handling
    def Diff(self, request: Any, operation: Operation) -> Any:  # noqa: N802
        """See `lifecycle.diff`."""
        found = lifecycle.diff(
            operation.resource,
            operation.values("old_inputs"),
            operation.values("olds"),
            operation.values("news"),
            utc_now(),
            operation.id,
        )
        if found.note:
            LOG.warning("%s", respell(found.note, operation.resource.properties()))
        return _diff_response(found.details, found.replaces, found.delete_before_replace)

    @_handling
    def Create(self, request: Any, operation: Operation) -> Any:  # noqa: N802
        """See `lifecycle.create`."""
        inputs = operation.values("properties")
        if request.preview:
            state = lifecycle.preview(operation.resource, {}, {}, inputs)
            return provider_pb2.CreateResponse(properties=operation.mark_secrets(state))
        api = self._api(operation.vendor, request.timeout)
        made = lifecycle.create(operation.resource, api, inputs)
        return provider_pb2.CreateResponse(
            id=made.id,
            properties=operation.mark_secrets(made.state),
            refresh_before_update=self._refreshes,
        )

    @_handling
    def Read(self, request: Any, operation: Operation) -> Any:  # noqa: N802
        """See `lifecycle.refresh`. Without a state it is an import or a `get`."""
        api = self._api(operation.vendor, request.timeout)
        inputs, state = operation.values("inputs"), operation.values("properties")
        if state:
            found = lifecycle.refresh(operation.resource, api, operation.id, inputs, state)
        else:
            found = lifecycle.get(operation.resource, api, operation.id)
            _point_out_what_is_never_returned(operation.resource)
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=found.id,
            properties=operation.mark_secrets(found.state),
            inputs=operation.mark_secrets(found.inputs),
            refresh_before_update=self._refreshes,
        )

    @_handling
    def Update(self, request: Any, operation: Operation) -> Any:  # noqa: N802
        """See `lifecycle.update`."""
        inputs, state = operation.values("news"), operation.values("olds")
        old_inputs = operation.values("old_inputs")
        if request.preview:
            state = lifecycle.preview(operation.resource, old_inputs, state, inputs)
        else:
            api = self._api(operation.vendor, request.timeout)
            state = lifecycle.update(
                operation.resource, api, operation.id, old_inputs, state, inputs
            )
        return provider_pb2.UpdateResponse(
            properties=operation.mark_secrets(state), refresh_before_update=self._refreshes
        )

    @_handling
    def Delete(self, request: Any, operation: Operation) -> Empty:  # noqa: N802
        """See `lifecycle.delete`."""
        api = self._api(operation.vendor, request.timeout)
        lifecycle.delete(operation.resource, api, operation.id, operation.values("properties"))
        return Empty()


def _diff_response(
    details: Mapping[str, str],
    replaces: Set[str] = frozenset(),
    delete_before_replace: bool = False,
) -> Any:
    """Return a diff in the engine's form: each path with what happens to it."""
    tops = {path: path.partition("[")[0].partition(".")[0] for path in details}
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME
        if details
        else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=sorted(set(tops.values())),
        replaces=sorted(replaces),
        deleteBeforeReplace=delete_before_replace,
        detailedDiff={
            path: provider_pb2.PropertyDiff(kind=KINDS[kind][tops[path] in replaces])
            for path, kind in details.items()
        },
        hasDetailedDiff=True,
    )


def _point_out_what_is_never_returned(resource: type[Resource]) -> None:
    hidden = [prop.camel for prop in resource.inputs() if prop.has(Trait.WRITE_ONLY)]
    if hidden:
        LOG.warning(
            "the vendor never returns %s: if %s, set it in the program, and the next update sends "
            "it again",
            ", ".join(f"`{name}`" for name in hidden),
            "you use it" if len(hidden) == 1 else "you use one of them",
        )
