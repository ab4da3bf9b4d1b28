"""Construct: the plugin makes a component for a program in another language.

Pulumi's SDK for Python speaks to the engine's resource monitor as it does in a program. Its
settings are context variables, so that each run of asyncio has its own. This module is imported
when a component is asked for, not before: what it needs takes time to load.
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
    "The other messages say what."
)

_CLOSING = "client connection is closing"
"""What gRPC says of a call to an engine that is at its end."""

LOOK_SECONDS = 0.1
"""How often a cancellation is looked for."""


def construct(request: Any, engine_address: str, provider: str, cancel: threading.Event) -> Any:
    """Make what a `ConstructRequest` asks for, and return the response.

    `provider` is the reference of this plugin's provider, URN and id, if the engine told it. Once
    `cancel` is set nothing is waited for any more, also not the engine.
    """
    if provider:
        request.providers[PACKAGE] = provider
    servicer = ProviderServicer(_Components(VERSION), [], engine_address)
    # Not `asyncio.run`, which waits for every call to the engine that is still under way.
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
        # Of these classes are our words and what the SDK quotes of the engine's.
        raise LivePullError(str(error)) from None
    finally:
        loop.close()


async def _answer(servicer: ProviderServicer, request: Any, cancel: threading.Event) -> Any:
    # Of all that fails with the first failure nobody looks at the rest: that is nothing to tell.
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: LOG.debug("%s", context["message"])
    )
    # Not `Construct`, which adds a traceback to whatever goes wrong.
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
