"""Describes a field once in the Python API, although a class has it twice; for mkdocstrings."""

from typing import Any

from griffe import Class, Extension, Function


class OnceOnly(Extension):
    """Leaves out an attribute that is an argument of its class, too: the argument says it all."""

    def on_class_members(self, *, cls: Class, **_: Any) -> None:
        """Look at a class that was read."""
        created = cls.members.get("__init__")
        if isinstance(created, Function):
            arguments = {argument.name for argument in created.parameters}
            for name in arguments & cls.members.keys():
                del cls.members[name]
