"""Docstrings of a class's fields, read from its source because Python discards them."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


@cache
def docstrings(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the docstring of each field that has one, its own or that of a base."""
    classes = [each for each in model.__mro__ if issubclass(each, BaseModel)]
    return {
        name: text
        for each in reversed(classes)
        if each is not BaseModel
        for name, text in _in_source(each)
    }


def _in_source(cls: type) -> Iterator[tuple[str, str]]:
    source = textwrap.dedent(inspect.getsource(cls))
    body = next(node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    for field, text in pairwise(body):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(name)),
                ast.Expr(value=ast.Constant(value=str(words))),
            ):
                yield name, inspect.cleandoc(words)
