"""The text of a Word document in reading order. Runs inside the limited child; see `text.read_document`."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from changai.core.errors import Unreadable
from changai.documents.intake.container import MOST_DOCUMENT_ENTRIES, Container
from changai.documents.intake.numbering import Numbering
from changai.documents.intake.wordml import child, value, word

_WANTED = "Word 文档（.docx）"
_LONGEST_TEXT = 5_000_000
_DEEPEST = 60
_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "r"}
)
_CHARACTERS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-"}
# What is left out, and the note that says so. Deleted and moved-away text is no longer part of the paper.
_NOTES = {
    "drawing": "文本框和图片未读取",
    "pict": "文本框和图片未读取",
    "object": "嵌入对象未读取",
    "footnoteReference": "脚注未读取",
    "endnoteReference": "尾注未读取",
    "sym": "特殊符号未读取",
    "ins": "含修订痕迹，按修订后的文字读取",
    "del": "含修订痕迹，按修订后的文字读取",
}
_HIDDEN = "隐藏文字未读取"


def parse(source: bytes) -> dict[str, Any]:
    """Return {"text", "notes"} of the .docx file `source`.

    :raises Unreadable: when it is something else, damaged or far too long
    """
    container = Container(source, wanted=_WANTED, most_entries=MOST_DOCUMENT_ENTRIES)
    main = container.main_part()
    parts = {kind.rpartition("/")[2]: target for kind, target in container.relationships(main).values()}
    trees = [
        container.tree(parts[kind]) if parts.get(kind) in container.names else None
        for kind in ("numbering", "styles")
    ]
    body = child(container.tree(main), "body")
    if body is None:
        raise Unreadable(f"不是有效的 {_WANTED}，请用 Word 或 WPS 打开检查后重新保存。")
    reading = _Reading(Numbering(*trees))
    text = "\n".join(reading.lines(body, 0))
    if len(text) > _LONGEST_TEXT:
        raise Unreadable("文档文字超过 500 万字，请拆分后上传。")
    return {"text": text + "\n" if text else "", "notes": sorted(reading.notes)}


class _Reading:
    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self.notes: set[str] = set()

    def lines(self, parent: Element, depth: int) -> Iterator[str]:
        """Yield each paragraph and table row under `parent`; cells of a row are separated by tabs."""
        if depth > _DEEPEST:
            raise Unreadable("文档内部嵌套过深，疑似异常文件，不予接收。")
        for item in parent:
            name = word(item)
            if name == "p":
                yield self._paragraph(item)
            elif name == "tbl":
                yield from self._rows(item, depth + 1)
            elif name in _WRAPPERS:
                yield from self.lines(item, depth + 1)

    def _rows(self, table: Element, depth: int) -> Iterator[str]:
        for row in _below(table, "tr"):
            yield "\t".join("\n".join(self.lines(cell, depth)) for cell in _below(row, "tc"))

    def _paragraph(self, paragraph: Element) -> str:
        properties = child(paragraph, "pPr")
        text = "".join(self._pieces(paragraph, 0))
        # An empty numbered paragraph counts in Word too, and shows its number.
        return self._numbering.label(properties) + text

    def _pieces(self, parent: Element, depth: int) -> Iterator[str]:
        if depth > _DEEPEST:
            raise Unreadable("文档内部嵌套过深，疑似异常文件，不予接收。")
        for item in parent:
            name = word(item)
            self._note(item, name)
            if name == "t":
                yield item.text or ""
            elif name == "br":
                yield "" if value(item, attribute="type") in ("page", "column") else "\n"
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name in _WRAPPERS and not self._is_hidden(item):
                yield from self._pieces(item, depth + 1)

    def _note(self, item: Element, name: str) -> None:
        if name in _NOTES:
            self.notes.add(_NOTES[name])
        elif not name and item.tag.endswith("}AlternateContent"):
            self.notes.add(_NOTES["drawing"])

    def _is_hidden(self, run: Element) -> bool:
        mark = child(child(run, "rPr"), "vanish")
        hidden = mark is not None and value(mark) not in ("0", "false", "off")
        if hidden:
            self.notes.add(_HIDDEN)
        return hidden


def _below(parent: Element, name: str) -> Iterator[Element]:
    """Yield the rows or cells under `parent`, those wrapped in content controls or revisions included."""
    for item in parent:
        if word(item) == name:
            yield item
        elif word(item) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _below(item, name)
