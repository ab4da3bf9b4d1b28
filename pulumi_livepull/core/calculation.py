"""Calculation: what is worked out of its inputs alone, without a call to the vendor."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from pulumi_livepull.core.property import Property, properties_of
from pulumi_livepull.core.resource import Failure


class Calculation(BaseModel, ABC):
    """One thing that can be worked out. A subclass is the only place that describes it.

    1. Its fields are the inputs and, those that are `ReadOnly`, the outputs, with their traits,
       types and docstrings.
    2. `rules` yields what no single field can tell.
    3. `call` works it out. The same inputs always give the same outputs.

    The class argument `token` is its name in programs for ever.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: ClassVar[str]

    def __init_subclass__(cls, token: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.token = token

    def rules(self) -> Iterator[Failure]:
        """Yield what is wrong with the inputs together."""
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
