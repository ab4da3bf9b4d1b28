"""Examples of a resource, in languages that need only its inputs."""

import json

from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource

NAME = "main"
"""The resource's name in the stack."""


def python(resource: type[Resource]) -> str:
    """Return the example as a Python program."""
    vendor = _vendor(resource)
    lines = [f"    {name}={json.dumps(value)}," for name, value in resource.example.items()]
    head = [f"from pulumi_livepull import {vendor}", "", f"{vendor}.{resource.__name__}("]
    return "\n".join([*head, f'    "{NAME}",', *lines, ")"])


def typescript(resource: type[Resource]) -> str:
    """Return the example as a TypeScript program."""
    lines = [f"    {prop.camel}: {json.dumps(value)}," for prop, value in _given(resource)]
    made = f"new livepull.{_vendor(resource)}.{resource.__name__}"
    head = ['import * as livepull from "pulumi-livepull";', "", f'{made}("{NAME}", {{']
    return "\n".join([*head, *lines, "});"])


def yaml(resource: type[Resource]) -> str:
    """Return the example as the resources of a YAML program."""
    lines = [f"      {prop.camel}: {json.dumps(value)}" for prop, value in _given(resource)]
    head = ["resources:", f"  {NAME}:", f"    type: {resource.token}", "    properties:"]
    return "\n".join([*head, *lines])


def in_schema(resource: type[Resource]) -> str:
    """Return the examples in the format of Pulumi's schema, for the end of a description."""
    blocks = [
        f"```{language}\n{write(resource)}\n```"
        for language, write in (("typescript", typescript), ("python", python), ("yaml", yaml))
    ]
    return "\n\n".join(
        [
            *("{{% examples %}}", "## Example Usage", "{{% example %}}"),
            *blocks,
            *("{{% /example %}}", "{{% /examples %}}"),
        ]
    )


def _given(resource: type[Resource]) -> list[tuple[Property, object]]:
    return [(resource.properties()[name], value) for name, value in resource.example.items()]


def _vendor(resource: type[Resource]) -> str:
    return resource.token.split(":")[1]
