"""Calculation: a function of its inputs alone, which calls no vendor."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from pulumi_livepull.core.property import Property, properties_of
from pulumi_livepull.core.resource import Failure


class Calculation(BaseModel, ABC):
    """A function that needs no call to a vendor. Its subclass describes it completely.

    1. Its fields are the inputs, and those marked `ReadOnly` are the outputs. They carry traits,
       types and docstrings.
    2. `rules` yields failures that concern several fields.
    3. `call` returns the outputs. The same inputs always give the same outputs.

    The class argument `token` is its name in users' programs and must never change.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: ClassVar[str]

    def __init_subclass__(cls, token: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.token = token

    def rules(self) -> Iterator[Failure]:
        """Yield what is wrong with the combination of inputs."""
        yield from ()

    @abstractmethod
    def call(self) -> Mapping[str, Any]:
        """Return the outputs by field name."""

    @classmethod
    @cache
    def properties(cls) -> Mapping[str, Property]:
        """Return every field by its name, inputs and outputs."""
        return properties_of(cls)

    @classmethod
    def inputs(cls) -> Iterator[Property]:
        """Yield the fields that a user sets."""
        return (field for field in cls.properties().values() if field.is_input)
