"""Plugin requests that concern no resource of a stack: functions, and lists for an import.

Source: Pulumi's proto/pulumi/provider.proto, `Invoke` and `List`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from pulumi_livepull.core import lifecycle
from pulumi_livepull.core.function import SHARED_FUNCTIONS, Function, no_vendor
from pulumi_livepull.core.property import has_unknown
from pulumi_livepull.core.unknown import UNKNOWN
from pulumi_livepull.core.vendor import Vendor
from pulumi_livepull.errors import ConfigError
from pulumi_livepull.hosts.registry import find_function, find_resource
from pulumi_livepull.hosts.values import from_struct, to_struct

if TYPE_CHECKING:
    from pulumi_livepull.core.client import Client

Connect = Callable[[Vendor], "Client"]


def invoke(request: Any, connect: Connect) -> Any:
    """Return a function's outputs, with secrets marked."""
    function, client = _found(request.tok, connect)
    given, _ = from_struct(request.args)
    if has_unknown(given):
        values = dict.fromkeys((prop.camel for prop in function.outputs), UNKNOWN)
    else:
        answer = function.answer(given, client)
        values = function.mark_secrets(answer, rpc.wrap_rpc_secret)
    response = provider_pb2.InvokeResponse()
    # `return` is a Python keyword.
    getattr(response, "return").CopyFrom(to_struct(values))
    return response


def _found(token: str, connect: Connect) -> tuple[Function, Callable[[], Client]]:
    """Return the function that a token names, and a factory for its client."""
    if token in SHARED_FUNCTIONS:
        return SHARED_FUNCTIONS[token], no_vendor
    vendor, function = find_function(token)
    return function, partial(connect, vendor)


@dataclass(frozen=True)
class Place:
    """Where a list continues: after which id, and how many items may still follow.

    Items are sorted by id, so that none is repeated or skipped if others are created or deleted in
    between. `of` identifies the query.
    """

    of: str
    after: str = ""
    left: int | None = None

    @property
    def token(self) -> str:
        """The continuation token for the engine."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()


def listed(request: Any, connect: Connect) -> Iterator[Any]:
    """Yield the id and name of each resource of a type, and then where the next page begins."""
    vendor, resource = find_resource(request.token)
    query, _ = from_struct(request.query)
    if has_unknown(query):
        yield provider_pb2.ListResponse(computed=provider_pb2.ListResponse.Computed())
        return
    place = _place(request, query)
    found = list(lifecycle.find_all(resource, connect(vendor), query))
    rest = sorted((each for each in found if each.id > place.after), key=lambda each: each.id)
    rest = rest[: place.left]
    page = rest[: request.page_size if request.page_size > 0 else None]
    for each in page:
        name = resource.name_of(each.state) or each.id
        result = provider_pb2.ListResponse.Result(id=each.id, name=name)
        yield provider_pb2.ListResponse(result=result)
    if len(page) < len(rest):
        left = None if place.left is None else place.left - len(page)
        token = Place(place.of, page[-1].id, left).token
        goes_on = provider_pb2.ListResponse.Continuation(continuation_token=token)
        yield provider_pb2.ListResponse(continuation=goes_on)


def _place(request: Any, query: Mapping[str, Any]) -> Place:
    """Return where to begin. Raises `ConfigError` for a token of another list."""
    asked = json.dumps([request.token, query], sort_keys=True)
    first = Place(
        hashlib.sha256(asked.encode()).hexdigest(),
        left=request.limit if request.limit > 0 else None,
    )
    if not request.continuation_token:
        return first
    try:
        place = Place(**json.loads(base64.urlsafe_b64decode(request.continuation_token)))
    except (ValueError, TypeError):
        place = Place("")
    if place.of != first.of:
        raise ConfigError(
            f"the continuation token does not belong to the list of {request.token}",
            "Request the first page again, without a token.",
        )
    return place
