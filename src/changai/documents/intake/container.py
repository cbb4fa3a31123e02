"""What a file really is, and the parts of an Office Open XML file, checked before any of them is parsed.

Runs inside the limited child (`sandbox`). Every refusal is an `Unreadable` that says what the file is and
what to do. Sizes are counted while inflating; what the archive declares is not believed.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import ClassVar, NoReturn
from xml.etree import ElementTree as ET
from xml.parsers import expat

from changai.core.errors import Unreadable

MOST_ENTRIES = 200
MOST_DOCUMENT_ENTRIES = 2_000
MOST_UNPACKED_BYTES = 600 * 1024 * 1024
MOST_RATIO = 400
_RATIO_MATTERS_FROM_BYTES = 50 * 1024 * 1024
_CHUNK = 1 << 16
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MAGIC = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_ZIP_END_SIZE = 22
_RELATIONSHIP_OF_MAIN_PART = "/officeDocument"
_TORN = "文件不完整或已损坏，请重新导出后上传。"


def refuse_other_formats(source: bytes, wanted: str) -> None:
    """Refuse a file whose first bytes show that it is not the zip container it should be.

    :param wanted: what it should be, in the user's words: `Word 文档（.docx）`
    :raises Unreadable: always when it is something else
    """
    if not source:
        raise Unreadable("文件为空，请检查后重新上传。")
    if source.startswith(_OLE_MAGIC):
        _refuse_ole(source)
    if source.startswith(_ZIP_MAGIC):
        return
    head = source[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"mime-version:")):
        raise Unreadable(f"文件实际是网页格式，请用 Office 或 WPS 打开后另存为 {wanted}。")
    if head.startswith(b"%pdf"):
        raise Unreadable(f"文件实际是 PDF，请上传 {wanted} 原稿。")
    if head.startswith(b"{\\rtf"):
        raise Unreadable(f"文件实际是 RTF 格式，请用 Word 或 WPS 打开后另存为 {wanted}。")
    if head.startswith(b"<?xml"):
        raise Unreadable(f"文件实际是 XML 格式，请用 Office 或 WPS 打开后另存为 {wanted}。")
    raise Unreadable(f"不是有效的 {wanted}，请用 Office 或 WPS 打开检查后重新保存。")


def _refuse_ole(source: bytes) -> NoReturn:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in source

    if holds("EncryptedPackage"):
        raise Unreadable("文件已加密，请取消密码后上传。")
    if holds("WordDocument"):
        raise Unreadable("文件实际是旧版 Word 格式（.doc），请用 Word 或 WPS 打开后另存为 .docx 再上传。")
    if holds("Workbook") or holds("Book"):
        raise Unreadable("文件实际是旧版 Excel 格式（.xls），请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。")
    raise Unreadable("文件是旧版 Office 格式，请用 Office 或 WPS 打开后另存为 .docx 或 .xlsx 再上传。")


def inspect(source: bytes) -> bool:
    """Return True when `source` is a sound archive: whatever it holds, nothing in it is out of proportion.

    For files that are kept and handed on, never opened here.

    :raises Unreadable: for a torn archive, unsafe or repeated names, encryption, a bomb
    """
    Container(source, wanted="", most_entries=MOST_DOCUMENT_ENTRIES)
    return True


class Container:
    """The checked parts of a .docx or .xlsx file."""

    def __init__(self, source: bytes, *, wanted: str, most_entries: int) -> None:
        """Check `source` whole. Without `wanted` it may be any kind of archive.

        :raises Unreadable: for another format, a torn archive, unsafe or repeated names, a bomb, macros
        """
        if wanted:
            refuse_other_formats(source, wanted)
        _refuse_torn(source)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(source))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as broken:
            raise Unreadable(_TORN) from broken
        entries = self._archive.infolist()
        _refuse_entries(entries, most_entries)
        self.names = frozenset(entry.filename for entry in entries if not entry.is_dir())
        if wanted:
            _refuse_kind(self.names, wanted)
        self._refuse_bomb(entries, len(source))

    def _refuse_bomb(self, entries: list[zipfile.ZipInfo], packed: int) -> None:
        unpacked = 0
        for entry in entries:
            for piece in self._pieces(entry.filename):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED_BYTES:
                    raise Unreadable("文件解压后过大（超过 600 MB），疑似异常文件，不予接收。")
                if unpacked > _RATIO_MATTERS_FROM_BYTES and unpacked > MOST_RATIO * packed:
                    raise Unreadable("文件压缩比异常，疑似异常文件，不予接收。")

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._archive.open(name) as part:
                while piece := part.read(_CHUNK):
                    yield piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            struct.error,
            EOFError,
            NotImplementedError,
            OSError,
            ValueError,
        ) as broken:
            raise Unreadable(_TORN) from broken

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of the part `name` piece by piece.

        :raises Unreadable: when the archive has no such part or it is torn
        """
        if name not in self.names:
            raise Unreadable(_TORN)
        return self._pieces(name)

    def tree(self, name: str) -> ET.Element:
        """Return the root of the XML part `name`.

        :raises Unreadable: when it is broken or declares a DOCTYPE
        """
        # No third-party parser in the child; a DOCTYPE, the door to entity attacks, is refused at once.
        parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314
        try:
            for piece in self.pieces(name):
                parser.feed(piece)
            root: ET.Element = parser.close()
        except ET.ParseError as broken:
            raise Unreadable(_TORN) from broken
        return root

    def scan(self, name: str, parser: expat.XMLParserType) -> None:
        """Feed the XML part `name` to `parser`, whose handlers the caller has set.

        :raises Unreadable: when it is broken or declares a DOCTYPE
        """
        for _piece in self.fed(name, parser):
            pass

    def fed(self, name: str, parser: expat.XMLParserType) -> Iterator[bytes | None]:
        """Feed the part to `parser` as `scan` does, stopping after each piece; None is yielded after the last.

        :raises Unreadable: when it is broken or declares a DOCTYPE
        """
        parser.StartDoctypeDeclHandler = _NoDoctype.refuse
        try:
            for piece in self.pieces(name):
                parser.Parse(piece)
                yield piece
            parser.Parse(b"", True)  # noqa: FBT003  # expat takes it by position only
        except expat.ExpatError as broken:
            raise Unreadable(_TORN) from broken
        yield None

    def main_part(self) -> str:
        """Return the name of the part that holds the document or the list of sheets."""
        for kind, target in self.relationships("").values():
            if kind.endswith(_RELATIONSHIP_OF_MAIN_PART):
                return target
        raise Unreadable(_TORN)

    def relationships(self, part: str) -> dict[str, tuple[str, str]]:
        """Return (type, target part) of the inner relationships of `part` by id; "" means the file itself."""
        folder, _, base = part.rpartition("/")
        name = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        if name not in self.names:
            return {}
        return {
            item.get("Id", ""): (item.get("Type", ""), _target(folder, item.get("Target", "")))
            for item in self.tree(name)
            if item.get("TargetMode") != "External"
        }


class _NoDoctype(ET.TreeBuilder):
    REFUSAL: ClassVar[str] = "文件含有不允许的文档类型声明，疑似异常文件，不予接收。"

    def doctype(self, *_declared: object) -> NoReturn:
        self.refuse()

    @classmethod
    def refuse(cls, *_declared: object) -> NoReturn:
        raise Unreadable(cls.REFUSAL)


def _target(folder: str, target: str) -> str:
    """Return the part a relationship of a part in `folder` points to; .. climbs, and never above the root."""
    steps = [] if target.startswith("/") else [step for step in folder.split("/") if step]
    for step in target.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _refuse_torn(source: bytes) -> None:
    """Refuse a file that does not end with the archive's end record: torn, or something hidden behind."""
    at = source.rfind(_ZIP_END, max(0, len(source) - _ZIP_END_SIZE - 0xFFFF))
    if at < 0 or len(source) < at + _ZIP_END_SIZE:
        raise Unreadable("文件不完整，请重新上传。")
    if at + _ZIP_END_SIZE + int.from_bytes(source[at + 20 : at + 22], "little") != len(source):
        raise Unreadable(_TORN)


def _refuse_entries(entries: list[zipfile.ZipInfo], most: int) -> None:
    if len(entries) > most:
        raise Unreadable(f"文件内部结构异常：含 {len(entries)} 个部件（最多 {most} 个），不予接收。")
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise Unreadable("文件结构重复，疑似异常文件，请用 Office 或 WPS 重新保存后上传。")
    for entry in entries:
        if _is_unsafe(entry.orig_filename):
            raise Unreadable("文件内部路径异常，疑似异常文件，不予接收。")
        if entry.flag_bits & 0x1:
            raise Unreadable("文件已加密，请取消密码后上传。")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable("文件压缩方式不受支持，请用 Office 或 WPS 重新保存后上传。")


def _is_unsafe(name: str) -> bool:
    return (
        not name
        or name.startswith("/")
        or any(char in name for char in "\\\0:")
        or any(step in ("..", ".") for step in name.split("/"))
    )


def _refuse_kind(names: frozenset[str], wanted: str) -> None:
    lower = {name.lower() for name in names}
    word = "docx" in wanted
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lower):
        raise Unreadable(f"含宏的文件不接收，请另存为 {wanted}（不含宏）后上传。")
    if "mimetype" in lower or "xl/workbook.bin" in lower:
        raise Unreadable(f"不是 {wanted} 格式，请用 Office 或 WPS 打开后另存为 {wanted}。")
    if any(name.startswith("xl/") for name in lower) and word:
        raise Unreadable(f"文件实际是 Excel 工作簿，请上传 {wanted}。")
    if any(name.startswith("word/") for name in lower) and not word:
        raise Unreadable(f"文件实际是 Word 文档，请上传 {wanted}。")
    if not word and any(name.startswith(("xl/embeddings/", "xl/activex/")) for name in lower):
        raise Unreadable("工作簿含有嵌入对象，不予接收，请删除嵌入对象后重新保存。")
    if "[content_types].xml" not in lower:
        raise Unreadable(f"不是有效的 {wanted}，请用 Office 或 WPS 打开检查后重新保存。")
