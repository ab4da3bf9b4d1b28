"""schema.json: the package as Pulumi describes one to every language."""

import json
from typing import Any

from pulumi_livepull.core.naming import camel, respell
from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.traits import Trait
from pulumi_livepull.core.types import Part
from pulumi_livepull.core.vendor import LIMIT_KEYS, NAMESPACE, Vendor
from pulumi_livepull.generate.shapes import Shape, parts, shape, shape_of
from pulumi_livepull.vendors import VENDORS


def package() -> str:
    """Return the text of schema.json. Source: Pulumi's package schema reference."""
    resources = [resource for vendor in VENDORS for resource in vendor.resources]
    document = {
        "name": "livepull",
        "displayName": "Livepull",
        "description": "Live-stream relay tasks and recording callbacks on Chinese clouds.",
        "keywords": ["pulumi", "live", "streaming", "relay", *(vendor.name for vendor in VENDORS)],
        # The SDK that Pulumi would generate must not take the name of this package.
        "language": {"python": {"packageName": "pulumi_livepull_sdk"}},
        "config": {"variables": _config()},
        "provider": {"inputProperties": _config()},
        "types": {
            _type_token(vendor, part): _part(part)
            for vendor in VENDORS
            for part in parts(vendor.resources)
        },
        "resources": {resource.token: _resource(resource) for resource in resources},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _config() -> dict[str, Any]:
    return {key: value for vendor in VENDORS for key, value in _vendor_config(vendor)} | {
        key: {"type": "number", "description": meaning}
        for key, (_, _, meaning) in LIMIT_KEYS.items()
    }


def _vendor_config(vendor: Vendor) -> list[tuple[str, dict[str, Any]]]:
    return [
        (
            vendor.config_key(setting.name).removeprefix(NAMESPACE),
            {"type": "string", "description": f"{vendor.title}: {setting.description}"}
            | ({"secret": True} if setting.secret else {})
            | (
                {"defaultInfo": {"environment": list(setting.variables)}}
                if setting.variables
                else {}
            ),
        )
        for setting in (*vendor.keys, *vendor.settings)
    ]


def _resource(resource: type[Resource]) -> dict[str, Any]:
    outputs = [prop for prop in resource.properties().values() if prop.is_output]
    return {
        "description": _text(resource, resource.__doc__ or ""),
        "properties": {prop.camel: _property(resource, prop) for prop in outputs},
        "required": [prop.camel for prop in outputs if prop.required],
        "inputProperties": {prop.camel: _property(resource, prop) for prop in resource.inputs()},
        "requiredInputs": [prop.camel for prop in resource.inputs() if prop.required],
    }


def _property(resource: type[Resource], prop: Property) -> dict[str, Any]:
    return (
        _type(resource, shape(prop))
        | {"description": _text(resource, prop.description)}
        | ({"secret": True} if prop.has(Trait.SECRET) else {})
        | ({"willReplaceOnChanges": True} if prop.has(Trait.IMMUTABLE) else {})
    )


def _type(resource: type[Resource], of: Shape) -> dict[str, Any]:
    if of.part:
        vendor = resource.token.split(":")[1]
        return {"$ref": f"#/types/livepull:{vendor}:{of.part.__name__}"}
    return {"type": of.json_type} | ({"items": _type(resource, of.items)} if of.items else {})


def _type_token(vendor: Vendor, part: type[Part]) -> str:
    return f"livepull:{vendor.name}:{part.__name__}"


def _part(part: type[Part]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": part.__doc__,
        "properties": {
            camel(name): {
                "type": shape_of(info.annotation).json_type,
                "description": " ".join((info.description or "").split()),
            }
            for name, info in part.model_fields.items()
        },
        "required": [camel(name) for name, info in part.model_fields.items() if info.is_required()],
    }


def _text(resource: type[Resource], text: str) -> str:
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return respell("\n\n".join(paragraphs), resource.properties())
