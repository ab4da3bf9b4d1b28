"""The base of the answers of the generated functions, whichever host gives them.

Like `resource`, it loads nothing but Pulumi.
"""

from collections.abc import Mapping
from typing import Any

import pulumi


class Answer:
    """What a function tells. Each output is secret if it must not be shown, or if an input is.

    An explicit `livepull.Provider` in `opts`, or `livepull:host: plugin` in the stack's config, has
    the plugin answer; all else is answered in the process of the program. A subclass is generated.
    """

    def __init__(
        self, token: str, inputs: Mapping[str, Any], opts: pulumi.InvokeOptions | None
    ) -> None:
        from pulumi_livepull.hosts.invocation import invoke  # noqa: PLC0415

        self._output = invoke(token, inputs, opts)
