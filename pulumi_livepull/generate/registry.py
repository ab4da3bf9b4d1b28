"""The pages that the Pulumi Registry shows of a package, beside the reference that it makes.

It reads `docs/_index.md` and `docs/installation-configuration.md`, with front matter and with tabs
for languages. Source: https://www.pulumi.com/docs/iac/guides/building-extending/packages/publishing-packages/
"""

from collections.abc import Callable, Iterator, Mapping

from pulumi_livepull.core.resource import Resource
from pulumi_livepull.core.vendor import NAMESPACE, Vendor
from pulumi_livepull.generate import examples
from pulumi_livepull.generate.about import About
from pulumi_livepull.generate.tables import GENERATED, paragraphs, table
from pulumi_livepull.vendors import VENDORS

LANGUAGES: Mapping[str, Callable[[type[Resource], About], str]] = {
    "python": lambda resource, _: examples.python(resource),
    "typescript": lambda resource, _: examples.typescript(resource),
    "go": lambda resource, about: examples.go(resource, about.go),
    "yaml": lambda resource, _: f"name: relay\nruntime: yaml\n{examples.yaml(resource)}",
}

TITLE = "Livepull"

DESCRIPTION = "Live-stream relay tasks and recording callbacks on Chinese clouds, with Pulumi."


def index_page(about: About) -> str:
    """Return the overview, with an example for each vendor in every language."""
    titles = [vendor.title for vendor in VENDORS]
    parts = [
        _front(TITLE, DESCRIPTION),
        GENERATED,
        f"Livepull relays live streams on {', '.join(titles[:-1])} and {titles[-1]}: it manages "
        "the tasks that pull a stream from one place and push it to another, and the callbacks "
        "that report recordings.",
        f"{about.attribution} See "
        "[Installation & Configuration](./installation-configuration/) for how to begin, and "
        f"[the repository]({about.repository}#readme) for guides, an emulator of all these clouds "
        "that needs no account, and what each vendor's API is known to do.",
        "## Resources",
        table(
            ["Vendor", "Resource", "What it does"],
            (
                [vendor.title, f"`{resource.token}`", paragraphs(resource.__doc__ or "")[0]]
                for vendor in VENDORS
                for resource in vendor.resources
            ),
        ),
    ]
    for vendor in VENDORS:
        parts += [f"## Example for {vendor.title}", *_tabs(vendor.resources[0], about)]
    return "\n\n".join(parts) + "\n"


def installation_page(about: About) -> str:
    """Return how to install the package in every language, and how to sign in."""
    parts = [
        _front(f"{TITLE} Installation & Configuration", f"How to install and configure {TITLE}."),
        GENERATED,
        "## Installation",
        *_chosen(
            {
                "python": "```sh\npip install pulumi-livepull\n```\n\n"
                "In Python you need no plugin: the package itself manages resources. For what only "
                "the plugin can do, such as explicit providers and `pulumi import`, also run "
                "`livepull plugin install`, and set `livepull:host` to `plugin`.",
                "typescript": "```sh\nnpm install pulumi-livepull\n```\n\n" + _DOWNLOADED,
                "go": f"```sh\ngo get {about.go.removesuffix('/livepull')}\n```\n\n" + _DOWNLOADED,
                "yaml": "A program in YAML needs the plugin only. Install it as below.",
            }
        ),
        "To install the plugin by hand:",
        f"```sh\npulumi plugin install resource livepull <version> --server {about.plugins}\n```",
        "Its executable needs neither Python nor this package. Each release has its checksums "
        "and attestations of how it was built.",
        "## Credentials",
        "Set the keys of the vendors that you use. Their secrets are encrypted in the stack's "
        "settings, are sent to the vendor only, and are never shown.",
    ]
    for vendor in VENDORS:
        parts += [f"### {vendor.title}", *_credentials(vendor)]
    parts += [
        "## Configuration",
        f"[All settings]({about.repository}/blob/main/docs/configuration.md), such as timeouts and "
        "the pace of calls, are in the repository. An explicit provider takes the same settings as "
        f"its inputs, without `{NAMESPACE}`.",
    ]
    return "\n\n".join(parts) + "\n"


_DOWNLOADED = "Pulumi downloads the plugin of the same version when you first run your program."


def _credentials(vendor: Vendor) -> Iterator[str]:
    """Yield the commands that set the keys of a vendor, and where else they are looked for."""
    commands = [
        f"pulumi config set --secret {vendor.config_key(setting.name)} "
        f"<{setting.description.lower().rstrip('.')}>"
        for setting in vendor.keys[:2]
    ]
    if any(setting.name == "region" for setting in vendor.settings):
        commands.insert(0, f"pulumi config set {vendor.config_key('region')} <region>")
    yield "```sh\n" + "\n".join(commands) + "\n```"
    yield "Without them, these places are looked at, in this order:"
    others = [source.description for source in vendor.credentials[1:]]
    yield "\n".join(f"{number}. {other}" for number, other in enumerate(others, 1))


def _front(title: str, description: str) -> str:
    return f"---\ntitle: {title}\nmeta_desc: {description}\nlayout: package\n---"


def _tabs(resource: type[Resource], about: About) -> Iterator[str]:
    """Yield an example of a resource in every language."""
    yield from _chosen({
        language: f"```{language}\n{write(resource, about)}\n```"
        for language, write in LANGUAGES.items()
    })  # fmt: skip


def _chosen(texts: Mapping[str, str]) -> Iterator[str]:
    """Yield texts of which a reader sees the one of the chosen language."""
    yield f'{{{{< chooser language "{",".join(texts)}" >}}}}'
    for language, text in texts.items():
        yield f"{{{{% choosable language {language} %}}}}"
        yield text
        yield "{{% /choosable %}}"
    yield "{{< /chooser >}}"
