"""Install the engine as the Python SDK offers it: `python official.py ROOT VERSION`.

A process of its own, because the SDK's download has no time limit and may not be installed.
"""

import socket
import subprocess
import sys

CONNECT_LIMIT_SECONDS = 20


def main(root: str, version: str) -> None:
    """Put the official programs into ROOT/bin."""
    from pulumi.automation import PulumiCommand  # noqa: PLC0415
    from semver import VersionInfo  # noqa: PLC0415

    socket.setdefaulttimeout(CONNECT_LIMIT_SECONDS)
    PulumiCommand.install(root=root, version=VersionInfo.parse(version))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(error.output.decode(errors="replace") or str(error))
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
