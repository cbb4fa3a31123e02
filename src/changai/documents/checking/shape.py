"""How a .docx looks: sheet, paragraphs with their resolved type, feet. Runs inside the limited child."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from changai.core.errors import Unreadable
from changai.documents.intake.container import MOST_DOCUMENT_ENTRIES, Container
from changai.documents.intake.wordml import child, children, value, word

_MOST_PARAGRAPHS = 20_000
_DEEPEST = 40
_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple"}
)


def parse(source: bytes) -> dict[str, Any]:
    """Return {"sheet", "paragraphs", "feet", "even_and_odd", "tables", "pictures"} of the .docx file `source`.

    Lengths are twentieths of a point, type sizes half points; None where nothing says.

    :raises Unreadable: when it is something else, damaged or far too long
    """
    container = Container(source, wanted="Word 文档（.docx）", most_entries=MOST_DOCUMENT_ENTRIES)
    main = container.main_part()
    related = container.relationships(main)
    parts = {kind.rpartition("/")[2]: target for kind, target in related.values()}
    styles = container.tree(parts["styles"]) if parts.get("styles") in container.names else None
    settings = container.tree(parts["settings"]) if parts.get("settings") in container.names else None
    body = child(container.tree(main), "body")
    if body is None:
        raise Unreadable("不是有效的 Word 文档，请用 Word 或 WPS 打开检查后重新保存。")
    shape = _Shape(styles)
    paragraphs = list(shape.paragraphs(body, "body", 0))
    feet = {
        kind: list(_Shape(styles).paragraphs(container.tree(target), "foot", 0))
        for kind, target in _feet(body, related)
        if target in container.names
    }
    return {
        "sheet": _sheet(body),
        "paragraphs": paragraphs,
        "feet": feet,
        "even_and_odd": child(settings, "evenAndOddHeaders") is not None,
        "tables": shape.tables,
        "pictures": shape.pictures,
    }


def _sheet(body: Element) -> dict[str, int | None]:
    section = child(body, "sectPr")
    size, margins, grid = (child(section, name) for name in ("pgSz", "pgMar", "docGrid"))
    return {
        "width": _number(value(size, attribute="w")),
        "height": _number(value(size, attribute="h")),
        **{side: _number(value(margins, attribute=side)) for side in ("top", "bottom", "left", "right")},
        "pitch": _number(value(grid, attribute="linePitch")),
        "snaps": int(value(grid, attribute="type") in ("lines", "linesAndChars", "snapToChars")),
    }


def _feet(body: Element, related: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for reference in children(child(body, "sectPr"), "footerReference"):
        key = next((text for name, text in reference.attrib.items() if name.endswith("}id")), "")
        if key in related:
            yield value(reference, attribute="type") or "default", related[key][1]


class _Shape:
    """Resolves type and place of paragraphs along the styles."""

    def __init__(self, styles: Element | None) -> None:
        self._styles = {value(each, attribute="styleId"): each for each in children(styles, "style")}
        self._default = next(
            (
                key
                for key, each in self._styles.items()
                if value(each, attribute="type") == "paragraph"
                and value(each, attribute="default") in ("1", "true")
            ),
            "",
        )
        defaults = child(styles, "docDefaults")
        self._base = [
            (child(child(defaults, "pPrDefault"), "pPr"), child(child(defaults, "rPrDefault"), "rPr"))
        ]
        self.tables: list[dict[str, Any]] = []
        self.pictures: list[bool] = []
        self._seen = 0

    def paragraphs(self, parent: Element, where: str, depth: int) -> Iterator[dict[str, Any]]:
        """Yield every paragraph under `parent` in reading order, those of cells and text boxes included."""
        if depth > _DEEPEST:
            raise Unreadable("文档内部嵌套过深，疑似异常文件，不予接收。")
        for item in parent:
            name = word(item)
            if name == "p":
                yield self._paragraph(item, where)
                yield from self._boxes(item, depth)
            elif name == "tbl":
                rows = list(children(item, "tr"))
                heads = [child(child(row, "trPr"), "tblHeader") is not None for row in rows]
                self.tables.append({"rows": len(rows), "repeats": bool(heads and heads[0]), "where": where})
                inside = where if where == "box" else "cell"
                for row in rows:
                    for cell in children(row, "tc"):
                        yield from self.paragraphs(cell, inside, depth + 1)
            elif name in _WRAPPERS:
                yield from self.paragraphs(item, where, depth + 1)

    def _boxes(self, paragraph: Element, depth: int) -> Iterator[dict[str, Any]]:
        for item in paragraph.iter():
            if word(item) == "txbxContent":
                yield from self.paragraphs(item, "box", depth + 1)
            elif item.tag.endswith("}docPr") and not any(
                word(each) == "txbxContent" for each in paragraph.iter()
            ):
                self.pictures.append(bool(item.get("descr", "").strip()))

    def _paragraph(self, paragraph: Element, where: str) -> dict[str, Any]:
        self._seen += 1
        if self._seen > _MOST_PARAGRAPHS:
            raise Unreadable("文档段落超过 2 万段，请拆分后检查。")
        own = child(paragraph, "pPr")
        style = value(child(own, "pStyle")) or self._default
        chain = [*self._base, *self._chain(style)]
        runs = list(_runs(paragraph, 0))
        main = max(runs, key=lambda run: len(run[1]), default=(None, ""))
        place = [*(pair[0] for pair in chain), own]
        letters = [*(pair[1] for pair in chain), main[0]]
        return {
            "where": where,
            "style": style,
            "name": value(child(self._styles.get(style), "name")),
            "text": "".join(text for _, text in runs),
            "fields": [each.text or "" for each in paragraph.iter() if word(each) == "instrText"]
            + [value(each, attribute="instr") for each in paragraph.iter() if word(each) == "fldSimple"],
            "font": _last(letters, "rFonts", "eastAsia"),
            "latin": _last(letters, "rFonts", "ascii"),
            "size": _number(_last(letters, "sz", "val")),
            "spacing": _number(_last(letters, "spacing", "val")),
            "bold": _last(letters, "b", "val", present="1") in ("1", "true", "on"),
            "colour": _last(letters, "color", "val"),
            "align": _last(place, "jc", "val"),
            "first_line": _number(_last(place, "ind", "firstLine")),
            "first_characters": _number(_last(place, "ind", "firstLineChars")),
            "hanging": _number(_last(place, "ind", "hanging")),
            "left": _number(_last(place, "ind", "left") or _last(place, "ind", "start")),
            "right": _number(_last(place, "ind", "right") or _last(place, "ind", "end")),
            "line": _number(_last(place, "spacing", "line")),
            "line_rule": _last(place, "spacing", "lineRule"),
            "rule_below": _rule_below(place),
            "breaks_before": _last(place, "pageBreakBefore", "val", present="1") == "1",
        }

    def _chain(self, style: str) -> list[tuple[Element | None, Element | None]]:
        found: list[tuple[Element | None, Element | None]] = []
        seen: set[str] = set()
        while style and style not in seen and style in self._styles:
            seen.add(style)
            each = self._styles[style]
            found.insert(0, (child(each, "pPr"), child(each, "rPr")))
            style = value(child(each, "basedOn"))
        return found


def _runs(parent: Element, depth: int) -> Iterator[tuple[Element | None, str]]:
    if depth > _DEEPEST:
        return
    for item in parent:
        if word(item) == "r":
            yield child(item, "rPr"), "".join(_letters(item))
        elif word(item) in _WRAPPERS:
            yield from _runs(item, depth + 1)


def _letters(run: Element) -> Iterator[str]:
    for item in run:
        name = word(item)
        if name == "t":
            yield item.text or ""
        elif name in ("tab", "br", "cr"):
            yield "\t" if name == "tab" else "\n"


def _last(sources: list[Element | None], name: str, attribute: str, *, present: str = "") -> str:
    """Return the attribute as the last source that has it says; `present` where the element stands without it."""
    for source in reversed(sources):
        found = child(source, name)
        if found is not None:
            text = value(found, attribute=attribute)
            if text or present:
                return text or present
    return ""


def _rule_below(sources: list[Element | None]) -> str:
    for source in reversed(sources):
        below = child(child(source, "pBdr"), "bottom")
        if below is not None:
            return value(below, attribute="color")
    return ""


def _number(text: str) -> int | None:
    try:
        return round(float(text))
    except ValueError:
        return None
