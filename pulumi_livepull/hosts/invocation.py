"""Invoke a function for a program: in the plugin, or in the program's process."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from functools import cache, partial
from typing import Any

import pulumi
from pulumi.output import UNKNOWN
from pulumi.runtime import invoke_async
from pulumi.runtime.config import get_config

from pulumi_livepull.core.naming import camel
from pulumi_livepull.errors import LivePullError
from pulumi_livepull.hosts.registration import in_plugin, require_plugin
from pulumi_livepull.hosts.registry import (
    VERSION,
    Clients,
    config_keys,
    error_message,
    find_function,
)
from pulumi_livepull.hosts.values import from_pulumi, with_texts

Call = Callable[[dict[str, Any]], Awaitable[Any]]
"""Takes a function's inputs and returns its outputs."""


def invoke(
    token: str, inputs: Mapping[str, Any], opts: pulumi.InvokeOptions | None
) -> Callable[[str], pulumi.Output[Any]]:
    """Invoke a function, and return a callable that returns each output by name."""
    invocation = _Invocation(token, opts or pulumi.InvokeOptions())
    given = pulumi.Output.from_input({k: v for k, v in inputs.items() if v is not None})
    answer: pulumi.Output[Any] = given.apply(
        lambda known: pulumi.Output.from_input(_readable(invocation.call, with_texts(known)))
    )
    return lambda name: answer.apply(partial(invocation.pick, name))


class _Invocation:
    """One call of a function."""

    def __init__(self, token: str, opts: pulumi.InvokeOptions) -> None:
        self._token = token
        self._vendor, self._function = find_function(token)
        self._opts = opts
        self._config = {
            key: str(value)
            for key in config_keys(self._vendor.name)
            if (value := get_config(key)) is not None
        }
        here = pulumi.ResourceOptions(parent=opts.parent, provider=opts.provider)
        self.call = self._from_plugin if in_plugin(here) else self._from_program

    async def _from_plugin(self, known: dict[str, Any]) -> Any:
        self._opts.version = self._opts.version or VERSION
        require_plugin(self._opts)
        try:
            answer = await invoke_async(self._token, known, self._opts)
        except Exception as error:
            # The engine prefixes the plugin's message.
            raise LivePullError(str(error).rpartition("returned an error: ")[2]) from error
        # The engine returns nothing while the provider's own settings are unknown.
        return UNKNOWN if answer is None else answer

    async def _from_program(self, known: dict[str, Any]) -> Any:
        connect = partial(_clients().get, self._vendor, self._config)
        answer = partial(self._function.answer, from_pulumi(known), connect)
        return await asyncio.get_running_loop().run_in_executor(None, answer)

    def pick(self, name: str, answer: Mapping[str, Any]) -> Any:
        """Return one output of an answer, marked as secret if necessary."""
        value = self._function.mark_secrets(answer, pulumi.Output.secret).get(name)
        if name == "items" and self._function.item:
            fields = {camel(field): field for field in self._function.item.model_fields}
            value = [{fields[key]: each[key] for key in each} for each in value or ()]
        return pulumi.Output.from_input(value)


async def _readable(call: Call, known: dict[str, Any]) -> Any:
    """Return the outputs. Raises an error that shows a message instead of a traceback."""
    try:
        return await call(known)
    except Exception as error:
        message = error_message(call, error)
    raise pulumi.RunError(message)


@cache
def _clients() -> Clients:
    return Clients(threading.Event())
