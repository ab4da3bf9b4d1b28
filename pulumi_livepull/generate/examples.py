"""Examples of a resource, in every language."""

import json
from collections.abc import Iterable

from pulumi_livepull.core.naming import pascal
from pulumi_livepull.core.property import Property
from pulumi_livepull.core.resource import Resource
from pulumi_livepull.generate.shapes import shape

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


def go(resource: type[Resource], sdk: str) -> str:
    """Return the example as a program in Go; `sdk` is what it imports."""
    call = _go_call(resource).replace("\n", "\n\t\t")
    return _go_program([_vendor(resource)], sdk, f"\t\t_, err := {call}\n\t\treturn err")


def go_of_all(resources: Iterable[type[Resource]], sdk: str) -> str:
    """Return the examples of several resources as one program, for a compiler to judge."""
    given = list(resources)
    calls = [_go_call(each, each.label()).replace("\n", "\n\t\t") for each in given]
    lines = [f"\t\tif _, err := {call}; err != nil {{\n\t\t\treturn err\n\t\t}}" for call in calls]
    head = "// Command examples makes the examples of the schema. `make generate` writes it.\n"
    body = "\n".join([*lines, "\t\treturn nil"])
    return head + _go_program(sorted({_vendor(each) for each in given}), sdk, body) + "\n"


def _go_program(vendors: Iterable[str], sdk: str, body: str) -> str:
    imports = "\n".join(f'\t"{sdk}/{vendor}"' for vendor in vendors)
    return f"""\
package main

import (
\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

{imports}
)

func main() {{
\tpulumi.Run(func(ctx *pulumi.Context) error {{
{body}
\t}})
}}"""


def _go_call(resource: type[Resource], name: str = NAME) -> str:
    """Return the call that makes the resource."""
    made = f"{_vendor(resource)}.New{resource.__name__}"
    args = f"&{_vendor(resource)}.{resource.__name__}Args"
    given = [
        (_capital(prop.camel), _in_go(resource, prop, value)) for prop, value in _given(resource)
    ]
    width = max(len(field) for field, _ in given) + 1
    lines = [f"\t{field + ':':{width}} {value}," for field, value in given]
    return "\n".join([f'{made}(ctx, "{name}", {args}{{', *lines, "})"])


_GO = {"string": "String", "integer": "Int", "number": "Float64", "boolean": "Bool"}


def _in_go(resource: type[Resource], prop: Property, value: object) -> str:
    """Return a value of an example in Go; a closed one has a name there."""
    of = shape(prop)
    vendor, enum = _vendor(resource), resource.__name__ + pascal(prop.name)
    if of.items:
        items = value if isinstance(value, list) else [value]
        if of.items.values:
            inner = ", ".join(f"{vendor}.{enum}{enum_name(str(item))}" for item in items)
            return f"{vendor}.{enum}Array{{{inner}}}"
        inner = ", ".join(f"pulumi.{_GO[of.items.json_type]}({json.dumps(item)})" for item in items)
        return f"pulumi.{_GO[of.items.json_type]}Array{{{inner}}}"
    if of.values:
        return f"{vendor}.{enum}{enum_name(str(value))}"
    return f"pulumi.{_GO[of.json_type]}({json.dumps(value)})"


def enum_name(value: str) -> str:
    """Return what a closed value is called in the languages that name them."""
    return "".join(word[:1].upper() + word[1:] for word in value.split("_"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def yaml(resource: type[Resource]) -> str:
    """Return the example as the resources of a YAML program."""
    lines = [f"      {prop.camel}: {json.dumps(value)}" for prop, value in _given(resource)]
    head = ["resources:", f"  {NAME}:", f"    type: {resource.token}", "    properties:"]
    return "\n".join([*head, *lines])


def in_schema(resource: type[Resource], sdk: str) -> str:
    """Return the examples as Pulumi's schema has them at the end of a description.

    `sdk` is what a program in Go imports.
    """
    written = {
        "typescript": typescript(resource),
        "python": python(resource),
        "go": go(resource, sdk),
        "yaml": yaml(resource),
    }
    blocks = [f"```{language}\n{text}\n```" for language, text in written.items()]
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
