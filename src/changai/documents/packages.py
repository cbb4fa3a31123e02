"""Packages for the archive: files with a manifest anybody can check, as BagIt says (RFC 8493), in one .zip.

Files are stored, not compressed: equal files give equal bytes with every library, and the whole package has one digest.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from changai.documents.paper import paper_from_dict

PAYLOAD = "data/"
CONTENT, PROCESS = "内容.json", "办理过程.json"  # the frozen text of a paper, and how it came about
MANIFEST, TAG_MANIFEST, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment a zip can hold
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', "＿"))
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Checked:
    """What a package was found to be: `digest` is of the whole; `faults` are sentences, none when it is whole."""

    digest: str
    files: int
    faults: tuple[str, ...]


def safe_name(name: str) -> str:
    """Return a name that every system takes as one file or folder, at most sixty characters."""
    printable = "".join(mark for mark in name.translate(_NOT_IN_NAMES) if mark.isprintable())
    return printable.strip(". ")[:_LONGEST_NAME].strip(". ") or "＿"


def pack(files: Iterable[tuple[str, bytes]], about: Mapping[str, str], to: IO[bytes]) -> str:
    """Write the files, by path inside the package, and what it is about as one package; return its digest.

    The files are taken one at a time. The digest is that of the list of all digests, so it holds for everything.
    """
    lines: list[tuple[str, str]] = []
    size = 0
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as packed:
        for path, content in files:
            lines.append((PAYLOAD + path, _put(packed, PAYLOAD + path, content)))
            size += len(content)
        told = {**about, "Payload-Oxum": f"{size}.{len(lines)}"}
        tags = {
            "bagit.txt": _DECLARATION,
            INFO: "".join(f"{name}: {_line(value)}\n" for name, value in told.items()),
            MANIFEST: _manifest(lines),
        }
        listed = [(name, _put(packed, name, text.encode())) for name, text in tags.items()]
        return _put(packed, TAG_MANIFEST, _manifest(listed).encode())


def packed_bytes(files: Iterable[tuple[str, bytes]], about: Mapping[str, str]) -> bytes:
    """Return a small package as bytes; see `pack`."""
    written = io.BytesIO()
    pack(files, about, written)
    return written.getvalue()


def check(package: IO[bytes]) -> Checked:
    """Return whether every file of a package is there, is what the manifests say, and nothing was put beside.

    :raises ValueError: when it is no such package
    """
    try:
        packed = zipfile.ZipFile(package)
        names = packed.namelist()
        written = packed.read(TAG_MANIFEST)
        listed = _digests(written) | _digests(packed.read(MANIFEST))
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as fault:
        raise ValueError("不是归档包，或已经损坏。") from fault
    with packed:
        found = {name: _digest_of(packed, name) for name in names if name != TAG_MANIFEST}
    faults = [f"缺少：{name}" for name in sorted(listed.keys() - found.keys())]
    faults += [f"多出：{name}" for name in sorted(found.keys() - listed.keys())]
    faults += [f"重复：{name}" for name in sorted({name for name in names if names.count(name) > 1})]
    faults += [
        f"内容不符：{name}" for name, digest in found.items() if name in listed and digest != listed[name]
    ]
    return Checked(hashlib.sha256(written).hexdigest(), len(found), tuple(faults))


def frozen_faults(package: IO[bytes]) -> list[str]:
    """Return what in a package is not as it was issued: frozen texts whose digest is another than the one kept."""
    with zipfile.ZipFile(package) as packed:
        names = [name for name in packed.namelist() if name.endswith(f"/{PROCESS}")]
        return [f"内容与印发时的摘要不符：{name}" for name in names if not _is_as_issued(packed, name)]


def _is_as_issued(packed: zipfile.ZipFile, process: str) -> bool:
    try:
        content = json.loads(packed.read(process.removesuffix(PROCESS) + CONTENT))
        kept: str = json.loads(packed.read(process))["content_digest"]
        return paper_from_dict(content).digest == kept
    except (KeyError, TypeError, ValueError):
        return False


def _put(packed: zipfile.ZipFile, path: str, content: bytes) -> str:
    packed.writestr(zipfile.ZipInfo(path, _EPOCH), content)
    return hashlib.sha256(content).hexdigest()


def _manifest(lines: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(lines))


def _line(value: str) -> str:
    return " ".join(value.split())


def _digests(manifest: bytes) -> dict[str, str]:
    lines = (line.partition("  ") for line in manifest.decode().splitlines())
    return {path: digest for digest, _gap, path in lines}


def _digest_of(packed: zipfile.ZipFile, name: str) -> str:
    try:
        with packed.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a ZipExtFile reads alike
    except zipfile.BadZipFile:
        return ""
