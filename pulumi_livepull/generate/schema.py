"""Generate schema.json, which describes the package for every language.

A closed set of values is an enum as an input, so that compilers and editors report wrong values. As
an output it is a string, because a vendor may return undocumented values.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import Any

from pulumi_livepull.core.calculation import Calculation
from pulumi_livepull.core.function import (
    SHARED_FUNCTIONS,
    Calculate,
    Function,
    ListFunction,
    functions_of,
    item_of,
    item_properties,
)
from pulumi_livepull.core.naming import camel, pascal, respell
from pulumi_livepull.core.property import Property, properties_of
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.schedule import TASK_IDS, Schedule, schedules
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import Part
from pulumi_livepull.core.vendor import FLAG_KEYS, LIMIT_KEYS, NAMESPACE, Vendor
from pulumi_livepull.generate import examples
from pulumi_livepull.generate.about import About
from pulumi_livepull.generate.shapes import Shape, parts, shape
from pulumi_livepull.vendors import VENDORS

Spec = dict[str, Any]

_AS_RELEASED = {"respectSchemaVersion": True}
"""An SDK has the package's version and requests the plugin of the same version."""


def package(about: About) -> str:
    """Return the text of schema.json. Source: Pulumi's package schema reference."""
    resources = [resource for vendor in VENDORS for resource in vendor.resources]
    document = {
        **described(about),
        "config": {"variables": _config()},
        "provider": {
            "description": "The accounts that resources belong to, and the limits of calls.",
            "inputProperties": _config(),
        },
        "types": {token: spec for vendor in VENDORS for token, spec in _types(vendor)},
        "resources": {resource.token: _resource(resource, about.go) for resource in resources}
        | {schedule.token: _schedule(schedule) for schedule in schedules(resources)},
        "functions": {
            function.token: _function(vendor.name, function)
            for vendor in VENDORS
            for function in functions_of(vendor)
        }
        | {token: _function("", function) for token, function in SHARED_FUNCTIONS.items()},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def described(about: About) -> Spec:
    """Return what the schema says of the package itself."""
    return {
        "name": "livepull",
        "displayName": "Livepull",
        "version": version("pulumi-livepull"),
        "description": "Live-stream relay tasks and recording callbacks on Chinese clouds.",
        "keywords": [
            *("pulumi", "live", "streaming", "relay"),
            *(vendor.name for vendor in VENDORS),
            *about.categories,
        ],
        "homepage": about.homepage,
        "license": about.licence,
        "attribution": about.attribution,
        "repository": about.repository,
        "logoUrl": about.logo,
        "pluginDownloadURL": about.plugins,
        "publisher": about.publisher,
        # With it the Go SDK is a module, and the version is in every language's package.
        "meta": {"supportPack": True},
        "language": {
            "go": {"importBasePath": about.go, **_AS_RELEASED},
            # Pulumi's own name for it would be in the npm scope @pulumi, which is not ours.
            "nodejs": {"packageName": "pulumi-livepull", **_AS_RELEASED},
            # The SDK that Pulumi would generate must not take the name of this package.
            "python": {
                "packageName": "pulumi_livepull_sdk",
                "pyproject": {"enabled": True},
                **_AS_RELEASED,
            },
        },
    }


def _config() -> Spec:
    return (
        {key: value for vendor in VENDORS for key, value in _vendor_config(vendor)}
        | {
            key: {"type": "number", "description": meaning}
            for key, (_, _, meaning) in LIMIT_KEYS.items()
        }
        | {
            key: {"type": "boolean", "description": meaning}
            for key, (_, meaning) in FLAG_KEYS.items()
        }
    )


def _vendor_config(vendor: Vendor) -> list[tuple[str, Spec]]:
    return [
        (
            vendor.config_key(setting.name).removeprefix(NAMESPACE),
            {"type": setting.type, "description": f"{vendor.title}: {setting.description}"}
            | ({"secret": True} if setting.secret else {})
            | (
                {"defaultInfo": {"environment": list(setting.variables)}}
                if setting.variables
                else {}
            ),
        )
        for setting in (*vendor.keys, *vendor.settings)
    ]


def _types(vendor: Vendor) -> Iterator[tuple[str, Spec]]:
    for part in parts(vendor.resources):
        yield _part_token(vendor.name, part), _part(vendor.name, part)
    classes: list[type[Resource | Calculation]] = [*vendor.resources, *vendor.calculations]
    for described in classes:
        for prop in described.inputs():
            if values := shape(prop).closed:
                text = {"description": _text(described.properties(), prop.description)}
                yield _enum_token(described, prop), _enum(values) | text
    for resource in vendor.resources:
        item = item_of(resource)
        described_as = {"type": "object", "description": item.__doc__}
        fields = _object(vendor.name, item_properties(resource))
        yield _token(vendor.name, item.__name__), described_as | fields


def _enum(values: tuple[str, ...]) -> Spec:
    return {
        "type": "string",
        "enum": [{"name": examples.enum_name(value), "value": value} for value in values],
    }


def _part(vendor: str, part: type[Part]) -> Spec:
    fields = properties_of(part).values()
    return {
        "type": "object",
        "description": part.__doc__,
        "properties": {
            prop.camel: _type(vendor, shape(prop))
            | {"description": " ".join(prop.description.split())}
            for prop in fields
        },
        "required": [prop.camel for prop in fields if prop.required],
    }


def _resource(resource: type[Resource], sdk: str) -> Spec:
    outputs = [prop for prop in resource.properties().values() if prop.is_output]
    inputs = list(resource.inputs())
    return {
        "description": _text(resource.properties(), resource.__doc__ or "")
        + f"\n\n{examples.in_schema(resource, sdk)}",
        "properties": {prop.camel: _property(resource, prop) for prop in outputs},
        "required": [prop.camel for prop in outputs if prop.required],
        "inputProperties": {
            prop.camel: _property(resource, prop, _enum_token(resource, prop)) for prop in inputs
        },
        # Pulumi can choose a name, so it is not required.
        "requiredInputs": [prop.camel for prop in inputs if prop.required and not prop.autoname],
        "listInputs": _object(_vendor(resource), ListFunction(resource).inputs),
    }


def _function(vendor: str, function: Function) -> Spec:
    names = [prop.name for prop in (*function.inputs, *function.outputs)]
    # A list may be filtered by any value that a vendor returns.
    closed = _token(vendor, function.title) if isinstance(function, Calculate) else ""
    return {
        "description": _text(names, function.description),
        "inputs": _object(vendor, function.inputs, closed),
        "outputs": _object(vendor, function.outputs),
    }


def _object(vendor: str, fields: Sequence[Property], closed: str = "") -> Spec:
    """Return an object type. `closed` is the prefix of its enums' tokens, or empty for plain
    strings."""
    names = [prop.name for prop in fields]
    return {
        "properties": {
            prop.camel: _value(vendor, names, prop, closed and closed + pascal(prop.name))
            for prop in fields
        },
        "required": [prop.camel for prop in fields if prop.required],
    }


def _schedule(schedule: Schedule) -> Spec:
    task = schedule.task
    inputs = {
        prop.camel: _property(task, prop, _enum_token(task, prop)) for prop in schedule.inputs()
    }
    for described in inputs.values():
        # A component is never replaced, only its tasks.
        described.pop("willReplaceOnChanges", None)
    ids = {"type": "object", "additionalProperties": {"type": "string"}, "description": TASK_IDS}
    return {
        "isComponent": True,
        "description": _text(task.properties(), schedule.description),
        "properties": {"taskIds": ids},
        "required": ["taskIds"],
        "inputProperties": inputs,
        "requiredInputs": [prop.camel for prop in schedule.inputs() if prop.required],
    }


def _property(resource: type[Resource], prop: Property, enum: str = "") -> Spec:
    value = _value(_vendor(resource), resource.properties(), prop, enum)
    if prop.is_input and prop.has(Trait.IMMUTABLE):
        return value | {"willReplaceOnChanges": True}
    return value | {"description": " ".join([value["description"], *_replacements(resource, prop)])}


def _replacements(resource: type[Resource], prop: Property) -> Iterator[str]:
    """Yield sentences that say when a change of a mutable input replaces the resource."""
    if not prop.is_input or not prop.is_output:
        return
    if resource.frozen_if:
        when = " and ".join(
            f"`{camel(name)}` is `{value}`" for name, value in resource.frozen_if.items()
        )
        yield f"A change replaces the resource if {when}."
    if not (prop.required or prop.has(Trait.SERVER_DEFAULT) or prop.clearable):
        yield "Clearing it replaces the resource."


def _value(vendor: str, names: Iterable[str], prop: Property, enum: str = "") -> Spec:
    return (
        _type(vendor, shape(prop), enum)
        | {"description": _text(names, prop.description)}
        | ({"secret": True} if prop.has(Trait.SECRET) else {})
    )


def _type(vendor: str, of: Shape, enum: str = "") -> Spec:
    """Return a type. `enum` is the token of its enum, or empty for a plain string."""
    if of.part:
        return {"$ref": f"#/types/{_part_token(vendor, of.part)}"}
    if of.values and enum:
        return {"$ref": f"#/types/{enum}"}
    return {"type": of.json_type} | ({"items": _type(vendor, of.items, enum)} if of.items else {})


def _enum_token(described: type[Resource | Calculation], prop: Property) -> str:
    return _token(_vendor(described), described.__name__ + pascal(prop.name))


def _part_token(vendor: str, part: type[Part]) -> str:
    return _token(part.module or vendor, part.__name__)


def _token(vendor: str, name: str) -> str:
    return f"{NAMESPACE}{vendor}:{name}"


def _vendor(described: type[Resource | Calculation]) -> str:
    return described.token.split(":")[1]


def _text(names: Iterable[str], text: str) -> str:
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return respell("\n\n".join(paragraphs), names)
