"""Construct: the plugin creates a component for a program in another language.

It uses Pulumi's Python SDK, which talks to the engine's resource monitor as in a program. The SDK
keeps its settings in context variables, so each run of asyncio has its own. This module loads
slowly, so it is imported only when a component is requested.
"""

import asyncio
import threading
from contextvars import copy_context
from functools import cache
from typing import Any

import pulumi
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.server import ProviderServicer

from pulumi_livepull.errors import LivePullError
from pulumi_livepull.hosts.registration import PACKAGE
from pulumi_livepull.hosts.registry import LOG, VERSION, find_schedule
from pulumi_livepull.hosts.resource import HostedResource
from pulumi_livepull.hosts.schedule import HostedSchedule

STOPPED = (
    "it was not created, because the operation was cancelled or something else failed\n"
    "See the other messages."
)

_CLOSING = "client connection is closing"
"""gRPC's error for a call to an engine that is shutting down."""

LOOK_SECONDS = 0.1
"""How often to check for a cancellation."""


def construct(request: Any, engine_address: str, provider: str, cancel: threading.Event) -> Any:
    """Create the component of a `ConstructRequest`, and return the response.

    `provider` is the reference to this plugin's provider, URN and id, if the engine sent it. Once
    `cancel` is set, every wait ends, including those for the engine.
    """
    if provider:
        request.providers[PACKAGE] = provider
    servicer = ProviderServicer(_Components(VERSION), [], engine_address)
    # Not `asyncio.run`, which waits for all pending calls to the engine.
    loop = asyncio.new_event_loop()
    try:
        return copy_context().run(loop.run_until_complete, _answer(servicer, request, cancel))
    except asyncio.CancelledError:
        raise LivePullError(STOPPED) from None
    except Exception as error:
        if _CLOSING in str(error):
            raise LivePullError(STOPPED) from None
        if type(error) not in {Exception, pulumi.RunError}:
            raise
        # Our own messages and those that the SDK quotes from the engine have these types.
        raise LivePullError(str(error)) from None
    finally:
        loop.close()


async def _answer(servicer: ProviderServicer, request: Any, cancel: threading.Event) -> Any:
    # After the first failure, nobody awaits the others, so log asyncio's complaints at debug level.
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: LOG.debug("%s", context["message"])
    )
    # Not `Construct`, which adds a traceback to every error.
    made = asyncio.ensure_future(servicer._construct(request, None))
    while not made.done():
        await asyncio.wait({made}, timeout=LOOK_SECONDS)
        if cancel.is_set():
            made.cancel()
            break
    return await made


class _Components(Provider):
    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        made = _component(resource_type).of(name, inputs, options)
        return ConstructResult(made.urn, {"taskIds": made.task_ids})


@cache
def _component(token: str) -> Any:
    schedule = find_schedule(token)
    task = type(
        schedule.task.__name__,
        (HostedResource,),
        {"_is_of_plugin": True},
        token=schedule.task.token,
    )
    return type(schedule.name, (HostedSchedule,), {}, task=task)
