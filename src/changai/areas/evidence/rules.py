"""Which files are taken in, and under which name. Pure decisions over a name and the file's bytes."""

import re
import unicodedata
from collections.abc import Callable
from typing import ClassVar

from changai.core.errors import Unreadable

LONGEST_NAME = 200

# Bidirectional controls turn `资料[RLO]fdp.exe` into what reads as `资料exe.pdf` on screen.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class TooLarge(Unreadable):
    """The file is bigger than what is taken in."""

    code: ClassVar[str] = "too_large"
    status: ClassVar[int] = 413


def cleaned_name(written: str) -> str:
    """Return a file name as it is kept: no folder, no control or bidirectional mark, 200 characters at most.

    The extension survives the cut.
    """
    name = unicodedata.normalize("NFC", written).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(mark for mark in _BIDI.sub("", name) if unicodedata.category(mark)[0] != "C")
    name = " ".join(name.split()).strip(". ")
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension if dot else name[:LONGEST_NAME]


def kind_of(name: str, content: bytes) -> str:
    """Return the kind of a file, its extension in small letters, once the bytes agree with it.

    Old office kinds (doc, xls, wps, et, ppt, dps) are kept as they are and never opened here. Archives are
    refused: a reviewer could not see what is inside.

    :raises Unreadable: when the kind is not taken in, or the bytes are of another kind
    """
    extension = name.rpartition(".")[2].casefold() if "." in name else ""
    if extension in _ARCHIVES:
        raise Unreadable(f"“{name}”是压缩包，审核时无法直接查看。请解压后逐个上传其中的文件。")
    if extension not in _SIGNS:
        raise Unreadable(f"“{name}”的类型不在接收范围内。可上传：{'、'.join(KINDS)}。")
    if not content:
        raise Unreadable(f"“{name}”是空文件（0 字节），请检查后重新上传。")
    if not _SIGNS[extension](content):
        raise Unreadable(_disagreement(name, extension, content))
    return extension


def _disagreement(name: str, extension: str, content: bytes) -> str:
    if content.startswith(_OLE) and extension in {"docx", "xlsx", "pptx"}:
        old = extension.removesuffix("x")
        return f"“{name}”的内容是旧版 .{old} 文件。请用办公软件打开，“另存为” .{extension} 后再上传。"
    return f"“{name}”的后缀是 .{extension}，内容却不是这种文件，可能已损坏或改过后缀。请打开核对后重新上传。"


def _starts(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(marks)


def _package(part: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(b"PK\x03\x04") and part in content


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in content and any(_decodes(content, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


_ARCHIVES = frozenset({"zip", "rar", "7z", "gz", "tar", "tgz"})
_SIGNS: dict[str, Callable[[bytes], bool]] = {
    "docx": _package(b"word/"),
    "xlsx": _package(b"xl/"),
    "pptx": _package(b"ppt/"),
    "ofd": _package(b"OFD.xml"),
    "pdf": lambda content: b"%PDF-" in content[:1024],
    "jpg": _starts(b"\xff\xd8\xff"),
    "jpeg": _starts(b"\xff\xd8\xff"),
    "png": _starts(b"\x89PNG\r\n\x1a\n"),
    "txt": _is_text,
    "csv": _is_text,
} | dict.fromkeys(("doc", "xls", "ppt", "wps", "et", "dps"), _starts(_OLE))
KINDS = tuple(_SIGNS)
