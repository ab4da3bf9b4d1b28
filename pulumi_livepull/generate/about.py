"""What the project says of itself: who publishes it, where, and under which licence.

All of it stands in pyproject.toml. An address names the owner of the repository as `{owner}`.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

_ADDRESS = re.compile(r"github\.com/[\w.-]+/pulumi-livepull\b")
"""The repository in what is written by hand, such as the imports of a program in Go."""

_URLS = re.compile(r"^\[project\.urls\]\n(?:.+\n)*", re.MULTILINE)


@dataclass(frozen=True)
class About:
    """What the schema, the SDKs and the pages for the Registry say of the project."""

    licence: str
    publisher: str
    owner: str
    repository: str
    homepage: str
    site: str
    """Where the documentation is."""
    logo: str
    plugins: str
    """Where the engine looks for the archives of the plugin."""
    go: str
    """What a program in Go imports."""
    attribution: str
    categories: tuple[str, ...]
    """Keywords that the Registry reserves."""

    @classmethod
    def of(cls, root: Path) -> "About":
        """Read pyproject.toml of the checkout at `root`."""
        read = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        own = read["tool"]["livepull"]
        named = {
            name: value.format(owner=own["owner"])
            for name, value in own.items()
            if name != "categories"
        }
        return cls(
            licence=read["project"]["license"],
            publisher=read["project"]["authors"][0]["name"],
            categories=tuple(own["categories"]),
            **named,
        )

    def pyproject(self, text: str) -> str:
        """Return the text of pyproject.toml with the addresses of the project."""
        files = f"{self.repository}/blob/main"
        urls = {
            "Homepage": self.homepage,
            "Repository": self.repository,
            "Documentation": self.site,
            "Changelog": f"{files}/CHANGELOG.md",
            "Issues": f"{self.repository}/issues",
            "Security": f"{files}/SECURITY.md",
        }
        lines = "".join(f'{name} = "{url}"\n' for name, url in urls.items())
        return _URLS.sub(lambda _: f"[project.urls]\n{lines}", text)

    def addressed(self, text: str) -> str:
        """Return a text that names the repository as it is called now."""
        return _ADDRESS.sub(self.repository.removeprefix("https://"), text)
