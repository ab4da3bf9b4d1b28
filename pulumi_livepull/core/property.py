"""Property: everything about one field of a resource, derived from its class once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    TypeAdapter,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from pulumi_livepull.core.docstrings import docstrings
from pulumi_livepull.core.naming import camel, did_you_mean
from pulumi_livepull.core.traits import Autoname, CarriesKey, Documented, Trait, UnsetMeans, Wire
from pulumi_livepull.core.unknown import UNKNOWN


def has_unknown(value: Any) -> bool:
    """Return whether `value` is unknown or contains something unknown."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def is_unset(value: Any) -> bool:
    """Return whether `value` is unset. For every vendor, an empty text or list counts as unset."""
    return value is None or value in ("", [])


MAX_DIGITS = 18
"""Maximum digits of an integer, so that every language can represent it."""

Path = tuple[str | int, ...]
"""A path in the inputs, such as `("source_urls", 3)`."""


_MESSAGES = {
    "literal_error": "must be one of {expected}",
    "missing": "is required",
    "extra_forbidden": "is not an input",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "too_short": "needs at least {min_length}",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "may hold letters, digits, `_`, `.` and `-` only",
    "timezone_aware": "needs a UTC offset: end it with Z, or with one such as +08:00",
    "datetime_from_date_parsing": "must be a time such as 2030-01-31T20:00:00Z",
    "time_delta_parsing": "must be a duration such as PT1H30M or P6D",
    "datetime_parsing": "must be a time such as 2030-01-31T20:00:00Z",
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "frozen_set_type": "must be a list",
    "greater_than_equal": "must be at least {ge}",
}


@dataclass(frozen=True)
class Property:
    """One field of a resource.

    A value has three forms: the one that a user gave, its *normal* form (JSON, the same for all
    values that mean the same), and its *wire* form.
    """

    name: str
    info: FieldInfo
    owner: type[BaseModel] | None = None
    """The class whose source contains its docstring, unless `info` has a description."""

    @cached_property
    def camel(self) -> str:
        """The name in camelCase, as Pulumi users see it."""
        return camel(self.name)

    @cached_property
    def wire_name(self) -> str:
        """The name in the vendor's spelling."""
        return self.info.serialization_alias or self.name

    @property
    def description(self) -> str:
        """The field's docstring, or an empty text.

        It is read from the source of the class, which is slow; only the generator needs it.
        """
        found = docstrings(self.owner) if self.owner else {}
        return self.info.description or found.get(self.name, "")

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        annotation: Any = self.info.annotation
        for mark in self.info.metadata:
            annotation = _annotated(annotation, mark)
        annotation = _annotated(annotation, AfterValidator(_refuse_large_numbers))
        return TypeAdapter(annotation, config=ConfigDict(hide_input_in_errors=True))

    @cached_property
    def traits(self) -> frozenset[Trait]:
        """The traits of the field."""
        return frozenset(mark for mark in self.info.metadata if isinstance(mark, Trait))

    def has(self, trait: Trait) -> bool:
        """Return whether the field has this trait."""
        return trait in self.traits

    @property
    def chosen_by_server(self) -> bool:
        """Return whether the vendor chooses an unpredictable value if the field is omitted."""
        return self.has(Trait.SERVER_DEFAULT) and self.unset_means is None

    @cached_property
    def is_input(self) -> bool:
        """Return whether the user sets it."""
        return not self.has(Trait.READ_ONLY)

    @cached_property
    def is_output(self) -> bool:
        """Return whether it is in the state: every field except those that only affect creation."""
        return self.has(Trait.IMMUTABLE) or not self.has(Trait.LOCAL)

    @property
    def required(self) -> bool:
        """Return whether the user must set it."""
        return self.is_input and self.info.is_required()

    @cached_property
    def clearable(self) -> bool:
        """Return whether the vendor can unset it in place, in a way that can be observed.

        A text is cleared by sending an empty one; anything else only if its traits or markers say
        how.
        """
        return not self.has(Trait.WRITE_ONLY) and (
            self.has(Trait.OMITTED_TO_CLEAR)
            or self.unset_means is not None
            or bare_type(self.info.annotation) is str
        )

    @cached_property
    def is_set(self) -> bool:
        """Return whether the order of its items is irrelevant."""
        return get_origin(bare_type(self.info.annotation)) is frozenset

    @cached_property
    def carries_key(self) -> bool:
        """Return whether its URLs are secret if they have a query or user info."""
        return any(isinstance(mark, CarriesKey) for mark in marks(self.info))

    @cached_property
    def holds_time(self) -> bool:
        """Return whether a value is or contains a time."""
        return _holds_time(self.info.annotation)

    @property
    def may_be_secret(self) -> bool:
        """Return whether a value is secret, always or if it carries a key."""
        return self.has(Trait.SECRET) or self.carries_key

    @cached_property
    def autoname(self) -> Autoname | None:
        """How to adapt a name that Pulumi proposes, if autonaming is allowed."""
        return next((mark for mark in marks(self.info) if isinstance(mark, Autoname)), None)

    @cached_property
    def documented(self) -> tuple[str, ...]:
        """The values that the vendor documents today, if that list may grow."""
        return next((m.values for m in marks(self.info) if isinstance(m, Documented)), ())

    @cached_property
    def unset_means(self) -> Any:
        """The value, in normal form, that the vendor documents for an omitted field, or `None`."""
        found = next((m for m in self.info.metadata if isinstance(m, UnsetMeans)), None)
        return None if found is None else self.normal(found.value)

    @cached_property
    def _wire(self) -> Wire | None:
        return next((mark for mark in marks(self.info) if isinstance(mark, Wire)), None)

    def normal(self, value: Any) -> Any:
        """Return the normal form of a user's value.

        Raises `ValidationError` if the field does not accept it.
        """
        return self._adapter.dump_python(
            self._adapter.validate_python(value), mode="json", by_alias=True, exclude_none=True
        )

    def problems(self, value: Any) -> Iterator[tuple[Path, str]]:
        """Yield each path in `value` with what is wrong there, except for unknown parts."""
        try:
            self._adapter.validate_python(value)
        except ValidationError as error:
            for problem in error.errors(include_url=False, include_input=False):
                path = _value_path(value, problem["loc"])
                if not has_unknown(_at(value, path)):
                    if problem["type"] == "missing":
                        path = (*path, problem["loc"][-1])
                    wording = _MESSAGES.get(problem["type"], "")
                    if problem["type"] == "extra_forbidden":
                        wording += did_you_mean(str(path[-1]), self._part_names)
                    reason = (
                        wording.format(**problem.get("ctx", {}))
                        if wording
                        else problem["msg"].replace("Input should", "must")
                    )
                    yield (self.name, *path), reason

    @cached_property
    def _part_names(self) -> list[str]:
        """The property names of all objects inside a value."""
        return [camel(name) for name in _inner_names(self.info.annotation)]

    def from_wire(self, value: Any) -> Any:
        """Return the normal form of the vendor's value, or the value itself if it has none.

        An answer may contain undocumented values, or values that are refused as inputs. They must
        not break a refresh, and they keep our names and nesting as far as the wire form can be
        parsed. A zero that the field does not accept is how a vendor spells "none".
        """
        if is_unset(value):
            return None
        faults = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError)
        try:
            value = self._wire.back(value) if self._wire else value
        except faults:
            return None if value == "0" else value or None
        try:
            return self.normal(value)
        except faults:
            if self.is_set and isinstance(value, list) and all(isinstance(x, str) for x in value):
                return sorted(set(value))
            return None if value == "0" else value or None

    def to_wire(self, value: Any) -> Any:
        """Return the wire form of a normal value."""
        return self._wire.to(value) if self._wire else value

    def effective(self, value: Any) -> Any:
        """Return `value`, or if it is unset, the value that the vendor documents for that."""
        return self.unset_means if is_unset(value) else value


def properties_of(model: type[BaseModel]) -> dict[str, Property]:
    """Return every field of a class by name."""
    return {name: Property(name, info, model) for name, info in model.model_fields.items()}


def bare_type(annotation: Any) -> Any:
    """Return a type without markers and `None`: `str` for `Annotated[str, …] | None`."""
    arguments = [each for each in get_args(annotation) if each is not NoneType]
    origin = get_origin(annotation)
    wrapped = origin is Annotated or origin in {Union, UnionType}
    return bare_type(arguments[0]) if wrapped else annotation


def _holds_time(annotation: Any) -> bool:
    bare = bare_type(annotation)
    inner = [field.annotation for field in getattr(bare, "model_fields", {}).values()]
    return bare is AwareDatetime or any(map(_holds_time, [*inner, *get_args(bare)]))


def _refuse_large_numbers(value: Any) -> Any:
    """Return `value`, or raise for an integer in it that is too large for Pulumi's messages.

    Such a number may arrive as text, in an input or in a vendor's answer.
    """
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        raise PydanticCustomError("too_large", f"must have at most {MAX_DIGITS} digits")
    parts = vars(value).values() if isinstance(value, BaseModel) else value
    for part in parts if isinstance(value, BaseModel | list | frozenset) else ():
        _refuse_large_numbers(part)
    return value


def _annotated(annotation: Any, mark: object) -> Any:
    return Annotated[annotation, mark]


def marks(info: FieldInfo) -> Iterator[object]:
    """Yield the markers of a field and of its items."""
    yield from info.metadata
    yield from _inner_marks(info.annotation)


def _inner_names(annotation: Any) -> Iterator[str]:
    for name, part in getattr(annotation, "model_fields", {}).items():
        yield name
        yield from _inner_names(part.annotation)
    for argument in getattr(annotation, "__args__", ()):
        yield from _inner_names(argument)


def _inner_marks(annotation: Any) -> Iterator[object]:
    yield from getattr(annotation, "__metadata__", ())
    for part in getattr(annotation, "model_fields", {}).values():
        yield from marks(part)
    for argument in getattr(annotation, "__args__", ()):
        yield from _inner_marks(argument)


def _value_path(value: Any, location: Path) -> Path:
    """Return the part of pydantic's location that is a path in `value`, without pydantic's
    labels."""
    path: list[str | int] = []
    for step in location:
        inside = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not inside and not (isinstance(value, dict) and step in value):
            break
        value = value[step]
        path.append(step)
    return tuple(path)


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value
