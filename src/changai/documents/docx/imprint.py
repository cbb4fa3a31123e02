"""The imprint (版记) on the foot of the last page."""

from collections.abc import Sequence

from changai.documents import layout
from changai.documents.docx.elements import Element, node, paragraph, rule, run, tab, text_paragraph, valued
from changai.documents.docx.shapes import EMU_PER_MM, form, placed
from changai.documents.layout import mm_to_twips, twips


def imprint(lines: Sequence[tuple[str, str]], *, is_ruled: bool = True) -> list[Element]:
    """Return the imprint as a text box standing on the foot of the page of the body's end.

    Without rules it is that of a letter (GB/T 9704-2012, 10.1). The empty paragraph it is anchored to
    is as high as the box, so the box never lies over text, and both go to the next page when there is no room.
    """
    rows = [_styled(label, text) for label, text in lines]
    if not rows:
        return []
    line_count = sum(
        layout.imprint_line_count(text) if style in ("GwImprint", "GwCopyTo") else 1 for style, text in rows
    )
    height_pt = line_count * layout.IMPRINT_LINE_PT + layout.IMPRINT_RULE_ROOM_PT
    spacing = node("w:spacing", {"w:line": twips(height_pt), "w:lineRule": "exact"})
    box = _text_box(height_pt, [_imprint_table(rows, _rules() if is_ruled else None), _last_line()])
    return [paragraph("Normal", box, properties=(spacing,))]


def _styled(label: str, text: str) -> tuple[str, str]:
    if label:
        return "GwImprint" if len(label) == 1 else "GwCopyTo", f"{label}：{text}"
    return "GwPrinted" if "\t" in text else "GwCopies", text


def _rules() -> Element:
    return node(
        "w:tblBorders",
        None,
        rule("w:top", layout.IMPRINT_THICK_RULE_PT),
        rule("w:bottom", layout.IMPRINT_THICK_RULE_PT),
        rule("w:insideH", layout.IMPRINT_THIN_RULE_PT),
    )


def _imprint_table(rows: list[tuple[str, str]], borders: Element | None) -> Element:
    width = mm_to_twips(layout.BLOCK_WIDTH_MM)
    margins = node(
        "w:tblCellMar", None, *(node(f"w:{side}", {"w:w": 0, "w:type": "dxa"}) for side in ("left", "right"))
    )
    return node(
        "w:tbl",
        None,
        node(
            "w:tblPr",
            None,
            node("w:tblW", {"w:w": width, "w:type": "dxa"}),
            borders,
            node("w:tblLayout", {"w:type": "fixed"}),
            margins,
        ),
        node("w:tblGrid", None, node("w:gridCol", {"w:w": width})),
        *(_imprint_row(width, style, text) for style, text in rows),
    )


def _imprint_row(width: int, style: str, text: str) -> Element:
    cell = node(
        "w:tc",
        None,
        node("w:tcPr", None, node("w:tcW", {"w:w": width, "w:type": "dxa"})),
        _line(style, text),
    )
    return node("w:tr", None, cell)


def _line(style: str, text: str) -> Element:
    left, parted, right = text.partition("\t")
    if not parted:
        return text_paragraph(style, text)
    spacing_pt = layout.printed_spacing(left, right)
    pieces = [run(words, _spaced(spacing_pt)) if spacing_pt else run(words) for words in (left, right)]
    return paragraph(style, pieces[0], tab(), pieces[1])


def _spaced(spacing_pt: float) -> Element:
    return node("w:rPr", None, valued("w:spacing", round(spacing_pt * 20)))


def _last_line() -> Element:
    """Return the paragraph a text box must end with, too low to be seen."""
    spacing = node("w:spacing", {"w:line": 20, "w:lineRule": "exact"})
    return node("w:p", None, node("w:pPr", None, valued("w:pStyle", "Normal"), spacing))


def _text_box(height_pt: float, content: list[Element]) -> Element:
    size = {
        "cx": round(layout.BLOCK_WIDTH_MM * EMU_PER_MM),
        "cy": round(height_pt / layout.PT_PER_MM * EMU_PER_MM),
    }
    shape = node(
        "wps:wsp",
        None,
        node("wps:cNvSpPr", {"txBox": 1}),
        form(size, node("a:noFill")),
        node("wps:txbx", None, node("w:txbxContent", None, *content)),
        node(
            "wps:bodyPr",
            {"wrap": "square", "lIns": 0, "tIns": 0, "rIns": 0, "bIns": 0, "anchor": "b"},
            node("a:noAutofit"),
        ),
    )
    block_height = round(layout.BLOCK_HEIGHT_MM * EMU_PER_MM)
    drop = round(layout.IMPRINT_BOX_DROP_PT / layout.PT_PER_MM * EMU_PER_MM)
    foot = (0, block_height + drop - size["cy"])
    return placed(shape, size, foot, relative_to="margin", number=1000, name="版记")
