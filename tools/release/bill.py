"""The SBOM: what the package and the plugin are made of, as CycloneDX 1.6."""

from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from pulumi_livepull.generate.about import About
from tools.engine.progress import WayError
from tools.release import package


def write(own: Distribution, about: About, out: Path) -> Path:
    """Write the SBOM of a wheel. Raises `WayError` if that is not valid."""
    needed = package.needed(own, *package.PLUGIN_EXTRAS)
    bom = Bom()
    top = _component(own, ComponentType.APPLICATION)
    top.licenses = [LicenseFactory().make_from_string(about.licence)]
    top.external_references.add(
        ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(about.repository))
    )
    bom.metadata.component = top
    components = {name: _component(each) for name, each in needed.items()}
    for component in components.values():
        bom.components.add(component)
    for component, names in _edges(own, top, needed, components):
        bom.register_dependency(component, [components[name] for name in names])
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise WayError(f"the SBOM is not valid: {error}")
    place = out / f"pulumi_livepull-{own.version}.cdx.json"
    place.write_text(text + "\n", encoding="utf-8")
    return place


def _component(each: Distribution, kind: ComponentType = ComponentType.LIBRARY) -> Component:
    name = package.normal(each.metadata["Name"])
    url = PackageURL("pypi", None, name, each.version)
    return Component(
        type=kind,
        name=name,
        version=each.version,
        purl=url,
        bom_ref=url.to_string(),
        description=each.metadata["Summary"],
        licenses=[LicenseFactory().make_from_string(text) for text in _licence(each)],
    )


def _licence(each: Distribution) -> Iterator[str]:
    """Yield the licence that a package names, as an expression if it does so."""
    said = each.metadata.json
    named = str(said.get("license_expression") or said.get("license") or "")
    if named and "\n" not in named:
        yield named
        return
    classifiers = each.metadata.get_all("Classifier") or []
    licences = [text for text in classifiers if text.startswith("License ::")]
    yield from (text.rpartition(" :: ")[2] for text in licences[:1])


def _edges(
    own: Distribution,
    top: Component,
    needed: dict[str, Distribution],
    components: dict[str, Component],
) -> Iterator[tuple[Component, list[str]]]:
    """Yield each component with the names of what it asks for itself."""
    yield top, package.direct(own, *package.PLUGIN_EXTRAS)
    for name, each in needed.items():
        yield components[name], [below for below in package.direct(each) if below in needed]
