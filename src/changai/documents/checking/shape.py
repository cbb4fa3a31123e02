"""How a .docx looks: sections, paragraphs with their resolved type, feet, drawings. Runs inside the limited child."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from changai.core.errors import Unreadable
from changai.documents.checking.drawn import drawings, shown
from changai.documents.checking.resolved import Settings, Styles, border, number
from changai.documents.intake.container import MOST_DOCUMENT_ENTRIES, Container
from changai.documents.intake.numbering import Numbering
from changai.documents.intake.wordml import child, children, value, word

_MOST_PARAGRAPHS = 20_000
_DEEPEST = 40
_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple"}
)
_TRACKED = frozenset({"ins", "del", "moveFrom", "moveTo"})
_BASE_HALF_POINTS = 20  # Word's own where nothing says


def parse(source: bytes) -> dict[str, Any]:
    """Return {"sections", "paragraphs", "heads", "feet", "even_and_odd", "tables", "drawn", "tracked", "remarks"}.

    Lengths are twentieths of a point, type sizes half points, those of drawings millimetres; None where nothing says.

    :raises Unreadable: when it is something else, damaged or far too long
    """
    container = Container(source, wanted="Word 文档（.docx）", most_entries=MOST_DOCUMENT_ENTRIES)
    main = container.main_part()
    related = container.relationships(main)
    parts = {kind.rpartition("/")[2]: target for kind, target in related.values()}

    def tree(kind: str) -> Element | None:
        return container.tree(parts[kind]) if parts.get(kind) in container.names else None

    body = child(container.tree(main), "body")
    if body is None:
        raise Unreadable("不是有效的 Word 文档，请用 Word 或 WPS 打开检查后重新保存。")
    styles = tree("styles")
    kinds = Styles(styles, tree("theme"))
    numbering = tree("numbering")
    shape = _Shape(kinds, Numbering(numbering, styles), _level_places(numbering))
    paragraphs = list(shape.paragraphs(body, "body", 0))

    def edges(tag: str) -> dict[str, list[dict[str, Any]]]:
        return {
            kind: list(_Shape(kinds, None).paragraphs(container.tree(target), "edge", 0))
            for kind, target in _edges(body, tag, related).items()
            if target in container.names
        }

    return {
        "sections": [_section(each) for each in _sections(body)],
        "paragraphs": paragraphs,
        "heads": edges("headerReference"),
        "feet": edges("footerReference"),
        "even_and_odd": child(tree("settings"), "evenAndOddHeaders") is not None,
        "tables": shape.tables,
        "tracked": any(word(each) in _TRACKED for each in body.iter()),
        "remarks": any(word(each) == "commentReference" for each in body.iter()),
    }


def _sections(body: Element) -> list[Element]:
    """Return the sections' properties in the order of the paper."""
    own = [each for each in body.iter() if word(each) == "sectPr"]
    return own or [body]


def _section(section: Element) -> dict[str, Any]:
    size, margins, grid = (child(section, name) for name in ("pgSz", "pgMar", "docGrid"))
    return {
        "width": number(value(size, attribute="w")) or 0,
        "height": number(value(size, attribute="h")) or 0,
        **{
            side: number(value(margins, attribute=side)) or 0
            for side in ("top", "bottom", "left", "right", "header", "footer", "gutter")
        },
        "pitch": number(value(grid, attribute="linePitch")),
        "snaps": value(grid, attribute="type") in ("lines", "linesAndChars", "snapToChars"),
        "has_first": child(section, "titlePg") is not None,
        "begins": value(child(section, "type")) or "nextPage",
    }


def _edges(body: Element, tag: str, related: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Return the part of each kind of head or foot: of the first section that has one, which the later ones inherit."""
    found: dict[str, str] = {}
    for section in _sections(body):
        for reference in children(section, tag):
            key = next((text for name, text in reference.attrib.items() if name.endswith("}id")), "")
            if key in related:
                found.setdefault(value(reference, attribute="type") or "default", related[key][1])
    return found


def _level_places(numbering: Element | None) -> dict[tuple[str, str], Element]:
    """Return the place each level of each list gives its paragraphs, by the numbers of list and level."""
    kinds = {value(each, attribute="abstractNumId"): each for each in children(numbering, "abstractNum")}
    found = {}
    for item in children(numbering, "num"):
        for level in children(kinds.get(value(child(item, "abstractNumId"))), "lvl"):
            place = child(level, "pPr")
            if place is not None:
                found[value(item, attribute="numId"), value(level, attribute="ilvl")] = place
    return found


class _Shape:
    """Reads paragraphs in order; keeps tables and where a page or a section ended before the next paragraph."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering | None,
        levels: dict[tuple[str, str], Element] | None = None,
    ) -> None:
        self._styles = styles
        self._numbering = numbering
        self._levels = levels or {}
        self.tables: list[dict[str, Any]] = []
        self._table: int | None = None
        self._row = 0
        self._seen = 0
        self._page_ended = False
        self._section = 0

    def paragraphs(self, parent: Element, where: str, depth: int) -> Iterator[dict[str, Any]]:
        """Yield every paragraph under `parent` in reading order, those of cells and text boxes included."""
        if depth > _DEEPEST:
            raise Unreadable("文档内部嵌套过深，疑似异常文件，不予接收。")
        for item in parent:
            name = word(item)
            if name == "p":
                yield self._paragraph(item, where)
                for each in shown(item):
                    if word(each) == "txbxContent":
                        yield from self.paragraphs(each, "box", depth + 1)
            elif name == "tbl":
                yield from self._cells(item, where, depth)
            elif name in _WRAPPERS:
                yield from self.paragraphs(item, where, depth + 1)

    def _cells(self, table: Element, where: str, depth: int) -> Iterator[dict[str, Any]]:
        rows = list(children(table, "tr"))
        outer, self._table = (self._table, self._row), len(self.tables)
        self.tables.append(_table(table, rows, where))
        inside = where if where in ("box", "edge") else "cell"
        for place, row in enumerate(rows):
            self._row = place
            for cell in children(row, "tc"):
                yield from self.paragraphs(cell, inside, depth + 1)
        self._table, self._row = outer

    def _paragraph(self, paragraph: Element, where: str) -> dict[str, Any]:
        self._seen += 1
        if self._seen > _MOST_PARAGRAPHS:
            raise Unreadable("文档段落超过 2 万段，请拆分后检查。")
        own = child(paragraph, "pPr")
        style = value(child(own, "pStyle")) or self._styles.default
        place, letters = self._styles.of(style)
        label = self._numbering.label(own) if self._numbering is not None else ""
        pieces = list(self._pieces(paragraph, letters, 0))
        if label:
            given, text = pieces[0] if pieces else (letters, "")
            pieces[:1] = [(given, label + text)]
        main = max(pieces, key=lambda piece: len(piece[1].strip()), default=(letters, ""))[0]
        mark = letters | self._styles.letters(child(own, "rPr"))
        place = place | self._styles.place(self._level_of(own)) | self._styles.place(own)
        return {
            "where": where,
            "table": self._table,
            "row": self._row,
            "style": style,
            "name": self._styles.name(style),
            "text": "".join(text for _, text in pieces),
            "pieces": [_piece(given, text) for given, text in pieces],
            "fields": [each.text or "" for each in paragraph.iter() if word(each) == "instrText"]
            + [value(each, attribute="instr") for each in paragraph.iter() if word(each) == "fldSimple"],
            "mark_size": mark.get("size") or _BASE_HALF_POINTS,
            "framed": child(own, "framePr") is not None,
            "frame_align": value(child(own, "framePr"), attribute="xAlign"),
            **_type(main),
            **{name: place.get(name) for name in _PLACE},
            "align": place.get("align") or "left",
            "tabs": place.get("tabs") or [],
            "snaps": place.get("snaps", True),
            "drawn": drawings(paragraph),
            **self._page_ends(paragraph, own, place),
        }

    def _level_of(self, own: Element | None) -> Element | None:
        """Return what the level of its list gives a paragraph: more than its style, less than its own."""
        numbered = child(own, "numPr")
        return self._levels.get((value(child(numbered, "numId")), value(child(numbered, "ilvl")) or "0"))

    def _page_ends(self, paragraph: Element, own: Element | None, place: Settings) -> dict[str, Any]:
        """Return whether the paragraph begins a page, and in which section it stands."""
        begins = self._page_ended or bool(place.get("breaks_before"))
        has_text, ends = False, False
        for each in paragraph.iter():
            if word(each) == "t" and each.text:
                has_text = True
            elif word(each) == "br" and value(each, attribute="type") == "page":
                begins, ends = begins or not has_text, has_text
        found = {"begins_page": begins, "section": self._section}
        if child(own, "sectPr") is not None:
            self._section += 1
            ends = True
        # A page that ended before an empty paragraph still begins with the next that has words.
        self._page_ended = ends or (begins and not has_text)
        return found

    def _pieces(self, parent: Element, letters: Settings, depth: int) -> Iterator[tuple[Settings, str]]:
        if depth > _DEEPEST:
            return
        for item in parent:
            if word(item) == "r":
                given = child(item, "rPr")
                text = "".join(_letters(item))
                if text:
                    named = value(child(given, "rStyle"))
                    found = letters | (self._styles.of_letters(named) if named else {})
                    found |= self._styles.letters(given)
                    if not found.get("hidden"):
                        yield found, text
            elif word(item) in _WRAPPERS:
                yield from self._pieces(item, letters, depth + 1)


_PLACE = (
    "first_line", "first_characters", "hanging", "hanging_characters", "left", "right", "left_characters",
    "right_characters", "before", "after", "before_lines", "after_lines", "line", "line_rule", "above", "below",
)  # fmt: skip


def _type(given: Settings) -> dict[str, Any]:
    return {
        "font": given.get("font", ""),
        "latin": given.get("latin", ""),
        "size": given.get("size"),
        "spacing": given.get("spacing"),
        "bold": bool(given.get("bold")),
        "colour": given.get("colour", ""),
    }


def _piece(given: Settings, text: str) -> dict[str, Any]:
    return _type(given) | {"text": text}


def _letters(run: Element) -> Iterator[str]:
    for item in run:
        name = word(item)
        if name == "t":
            yield item.text or ""
        elif name in ("tab", "ptab"):
            yield "\t"
        elif name == "cr" or (name == "br" and value(item, attribute="type") in ("", "textWrapping")):
            yield "\n"


def _table(table: Element, rows: list[Element], where: str) -> dict[str, Any]:
    """Return rows, columns, repeated head and borders of a table."""
    properties = child(table, "tblPr")
    borders = child(properties, "tblBorders")
    cells = max((len(list(children(row, "tc"))) for row in rows), default=0)
    return {
        "where": where,
        "rows": len(rows),
        "columns": cells,
        "repeats": bool(rows) and child(child(rows[0], "trPr"), "tblHeader") is not None,
        "width": sum(
            number(value(each, attribute="w")) or 0 for each in children(child(table, "tblGrid"), "gridCol")
        ),
        "borders": {
            side: border(child(borders, side)) for side in ("top", "bottom", "insideH") if borders is not None
        },
        "row_borders": [_row_borders(row) for row in rows],
        "floats": child(properties, "tblpPr") is not None,
        "named": value(child(properties, "tblStyle")),
    }


def _row_borders(row: Element) -> dict[str, Any]:
    """Return the borders the row's first cell sets for itself."""
    own = child(child(next(iter(children(row, "tc")), None), "tcPr"), "tcBorders")
    return {} if own is None else {side: border(child(own, side)) for side in ("top", "bottom")}
