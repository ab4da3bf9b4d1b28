"""The scenes of every vendor, from the file of its name."""

from collections.abc import Mapping, Sequence
from importlib import import_module

from pulumi_livepull.vendors import NAMES
from tests.vendors.messages import Scene

SCENES: Mapping[str, Sequence[Scene]] = {
    name: import_module(f"tests.vendors.messages.{name}").SCENES for name in NAMES
}
