"""Archives that are the same, byte for byte, if their files are."""

import gzip
import hashlib
import tarfile
from pathlib import Path

CHECKSUMS = "SHA256SUMS"


def pack(folder: Path, archive: Path) -> None:
    """Pack what is in a folder, in order, with neither times nor owners."""
    with (
        archive.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(folder.rglob("*")):
            entry = tar.gettarinfo(path, path.relative_to(folder).as_posix())
            entry.uid = entry.gid = entry.mtime = 0
            entry.uname = entry.gname = ""
            if entry.isfile():
                entry.mode = 0o755 if entry.mode & 0o100 else 0o644
                with path.open("rb") as file:
                    tar.addfile(entry, file)
            else:
                tar.addfile(entry)


def write_checksums(out: Path) -> Path:
    """Write the checksum of each file of a folder, as `sha256sum --check` reads them."""
    place = out / CHECKSUMS
    files = sorted(path for path in out.iterdir() if path.is_file() and path != place)
    lines = (f"{_digest(path)}  {path.name}\n" for path in files)
    place.write_text("".join(lines), encoding="utf-8", newline="\n")
    return place


def wrong(out: Path) -> list[str]:
    """Return the names of files that are missing, not told of, or not what their checksum says."""
    lines = (out / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    said = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    there = {path.name for path in out.iterdir() if path.is_file()} - {CHECKSUMS}
    return sorted(
        name
        for name in said.keys() | there
        if name not in there or said.get(name) != _digest(out / name)
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
