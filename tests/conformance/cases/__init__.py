"""What shared tests are told of each resource and each vendor: data only."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pulumi_livepull.core.client import Client
from pulumi_livepull.core.resource import Resource

Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One way to use one resource.

    Inputs are in Pulumi's spelling. `changes` holds another good value for every input but those of
    `fixed`, and `None` where it may be cleared; `replaces` names those among them that need
    a replacement. `page_inputs` are those of the vendor's own example and `page_body` is its body.
    `count` tells how many things there are at the vendor's. `operations` are the emulator's names
    of create, read, update and delete. `fault_edit` names what an update changes in the tests of
    faults, if the last input that can be changed in place does not show enough.
    `elsewhere` are inputs of the resource that no case has, because the vendor never shows them or
    they stand in for others: tests of the vendor try them.
    """

    name: str
    resource: type[Resource]
    smallest: Inputs
    full: Inputs
    changes: Inputs
    replaces: frozenset[str]
    same: tuple[tuple[Inputs, Inputs], ...]
    bad: tuple[tuple[Inputs, str], ...]
    page_inputs: Inputs
    page_body: Mapping[str, Any]
    operations: tuple[str, str, str, str]
    count: Callable[[Client], int]
    clear: frozenset[str] = frozenset()
    clear_replaces: frozenset[str] = frozenset()
    drift: Inputs = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    expires: bool = False
    fault_edit: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Facts:
    """What shared tests need to know of a vendor, and neither its `VENDOR` nor its emulator says.

    The vendor owns all hosts whose names end in one of `hosts`: those of the endpoints that its API
    reference names. `broken` is a code of its that says that it is in trouble itself. `pages` makes
    its client go through a list, and `page` is an answer to that, with a hundred things, which
    promises more. `region` is where the cases are, if the vendor needs one.
    """

    hosts: tuple[str, ...]
    broken: str
    pages: Callable[[Any], Iterator[object]]
    page: Mapping[str, Any]
    region: str = ""
