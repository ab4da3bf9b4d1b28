"""What the generated functions share, in a user's program, whichever host answers them."""

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
from pulumi_livepull.hosts.registry import VERSION, Clients, config_keys, find_function, told
from pulumi_livepull.hosts.resource import in_plugin, refuse_without_plugin
from pulumi_livepull.hosts.values import from_pulumi, with_texts

Ask = Callable[[dict[str, Any]], Awaitable[Any]]
"""Takes the inputs of a function and tells its outputs."""


class Answer:
    """What a function tells. Each output is secret if it must not be shown, or if an input is.

    An explicit `livepull.Provider` in `opts`, or `livepull:host: plugin` in the stack's config, has
    the plugin answer; all else is answered in the process of the program. A subclass is generated.
    """

    def __init__(
        self, token: str, inputs: Mapping[str, Any], opts: pulumi.InvokeOptions | None
    ) -> None:
        self._token = token
        self._vendor, self._function = find_function(token)
        self._opts = opts or pulumi.InvokeOptions()
        self._config = {
            key: str(value) for key in config_keys() if (value := get_config(key)) is not None
        }
        here = pulumi.ResourceOptions(parent=self._opts.parent, provider=self._opts.provider)
        ask = self._from_plugin if in_plugin(here) else self._from_program
        given = pulumi.Output.from_input({k: v for k, v in inputs.items() if v is not None})
        self._told: pulumi.Output[Any] = given.apply(
            lambda known: pulumi.Output.from_input(_readable(ask, with_texts(known)))
        )

    async def _from_plugin(self, known: dict[str, Any]) -> Any:
        self._opts.version = self._opts.version or VERSION
        refuse_without_plugin(self._opts)
        try:
            told = await invoke_async(self._token, known, self._opts)
        except Exception as error:
            # What the plugin says comes after what the engine puts in front of it.
            raise LivePullError(str(error).rpartition("returned an error: ")[2]) from error
        # The engine tells nothing where the provider's own settings are not known yet.
        return UNKNOWN if told is None else told

    async def _from_program(self, known: dict[str, Any]) -> Any:
        connect = partial(_clients().get, self._vendor, self._config)
        answer = partial(self._function.answer, from_pulumi(known), connect)
        return await asyncio.get_running_loop().run_in_executor(None, answer)

    def _output(self, name: str) -> pulumi.Output[Any]:
        output: pulumi.Output[Any] = self._told.apply(partial(self._pick, name))
        return output

    def _pick(self, name: str, told: Mapping[str, Any]) -> Any:
        value = self._function.sealed(told, pulumi.Output.secret).get(name)
        if name == "items" and self._function.item:
            fields = {camel(field): field for field in self._function.item.model_fields}
            value = [{fields[key]: each[key] for key in each} for each in value or ()]
        return pulumi.Output.from_input(value)


async def _readable(ask: Ask, known: dict[str, Any]) -> Any:
    """Return what is told, or fail with a message instead of a traceback."""
    try:
        return await ask(known)
    except Exception as error:
        message = told(ask, error)
    raise pulumi.RunError(message)


@cache
def _clients() -> Clients:
    return Clients(threading.Event())
