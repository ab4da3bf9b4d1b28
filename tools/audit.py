"""The command: `python tools/audit.py`. It looks up all installed packages in the OSV database.

Source: https://google.github.io/osv.dev/post-v1-querybatch/
"""

import sys
from collections.abc import Iterator
from importlib.metadata import distributions

import httpx

OSV = "https://api.osv.dev/v1/querybatch"
SECONDS = 20


def find_installed() -> list[tuple[str, str]]:
    """Return the name and version of every installed distribution except our own."""
    found = {(each.name, each.version) for each in distributions()}
    return sorted(pair for pair in found if pair[0] != "pulumi-livepull")


def find_advisories(
    packages: list[tuple[str, str]], transport: httpx.BaseTransport | None = None
) -> Iterator[str]:
    """Yield a line for every advisory. Raises `httpx.HTTPError` if the database does not answer."""
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in packages
    ]
    with httpx.Client(timeout=SECONDS, transport=transport) as client:
        answer = client.post(OSV, json={"queries": queries}).raise_for_status().json()
    for (name, version), result in zip(packages, answer["results"], strict=True):
        for advisory in result.get("vulns", []):
            yield f"{name} {version}: https://osv.dev/vulnerability/{advisory['id']}"


def main(transport: httpx.BaseTransport | None = None) -> int:
    """Print advisories; exit with 1 if there are any. If the database does not answer, nothing is
    audited."""
    packages = find_installed()
    try:
        advisories = list(find_advisories(packages, transport))
    except (httpx.HTTPError, ValueError, KeyError) as error:
        print(f"audit: not done, because {OSV} does not answer ({type(error).__name__})")
        return 0
    for line in advisories:
        print(line)
    print(f"audit: {len(advisories)} advisories for {len(packages)} packages")
    return 1 if advisories else 0


if __name__ == "__main__":
    sys.exit(main())
