"""The base class for the results of the generated functions, in either host.

Like `resource`, it loads only Pulumi.
"""

from collections.abc import Mapping
from typing import Any

import pulumi


class Answer:
    """The result of a function. An output is secret if the field is, or if an input was.

    With an explicit `livepull.Provider` in `opts`, or `livepull:host: plugin` in the stack's
    config, the function runs in the plugin; otherwise, in the program's process. Subclasses are
    generated.
    """

    def __init__(
        self, token: str, inputs: Mapping[str, Any], opts: pulumi.InvokeOptions | None
    ) -> None:
        from pulumi_livepull.hosts.invocation import invoke  # noqa: PLC0415

        self._output = invoke(token, inputs, opts)
