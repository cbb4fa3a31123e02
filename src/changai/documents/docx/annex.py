"""An annex as .docx: landscape, tables with cells over several rows, the head row on every page."""

from collections.abc import Iterator

from changai.documents import annex, layout
from changai.documents.annex import Annex, AnnexCell, AnnexTable, placed_cells
from changai.documents.characters import single_line
from changai.documents.docx.blocks import table_frame
from changai.documents.docx.elements import Element, field, node, paragraph, run, text_paragraph, valued
from changai.documents.docx.package import Properties, pack
from changai.documents.layout import mm_to_twips, twips
from changai.documents.paper import chinese_date, text_lines


def render_annex(paper: Annex) -> bytes:
    """Return the annex as a .docx file; equal annexes give equal bytes."""
    content = [text_paragraph("GwSecurity", paper.label)] if paper.label else []
    content += [text_paragraph("Title", line) for line in paper.title.split("\n")]
    content += [text_paragraph("GwBody", line) for each in paper.paragraphs for line in text_lines((each,))]
    for table in paper.tables:
        content += _table(table)
    content += _signature(paper)
    document = node("w:document", None, node("w:body", None, *content, _section()))
    footers = {
        name: node("w:ftr", None, paragraph(style, run("— "), *field("PAGE", "1"), run(" —")))
        for name, style in (("default", "GwPageOdd"), ("even", "GwPageEven"))
    }
    properties = Properties(single_line(paper.title), single_line(paper.issuer), paper.made_on)
    return pack(document, footers, [], properties)


def _table(table: AnnexTable) -> Iterator[Element]:
    if table.caption:
        yield text_paragraph("GwCaption", single_line(table.caption))
    widths = [mm_to_twips(width) for width in table.widths_mm()]
    heads = (
        _cell(width, "GwDenseCellHead", AnnexCell(column.title), "center")
        for column, width in zip(table.columns, widths, strict=True)
    )
    head = node("w:tr", None, node("w:trPr", None, node("w:cantSplit"), node("w:tblHeader")), *heads)
    yield table_frame(widths, [head, *_rows(table, widths)])
    yield text_paragraph("GwTableNote", single_line(table.note))


def _rows(table: AnnexTable, widths: list[int]) -> Iterator[Element]:
    spans: dict[int, AnnexCell] = {}
    for line in placed_cells(table):
        cells, column = [], 0
        for cell in line:
            if cell is not None:
                spans[column] = cell
            held = spans[column]
            width = sum(widths[column : column + held.columns])
            align = table.columns[column].align
            merge = "" if held.rows == 1 else "continue" if cell is None else "restart"
            cells.append(_cell(width, "GwDenseCell", cell, align, merge=merge, columns=held.columns))
            column += held.columns
        yield node("w:tr", None, *cells)


def _cell(
    width: int, style: str, cell: AnnexCell | None, align: str, *, merge: str = "", columns: int = 1
) -> Element:
    own = () if align == "center" else (valued("w:jc", align),)
    lines = (text_lines((cell.text,)) if cell is not None else ()) or ("",)
    properties = node(
        "w:tcPr",
        None,
        node("w:tcW", {"w:w": width, "w:type": "dxa"}),
        valued("w:gridSpan", columns) if columns > 1 else None,
        valued("w:vMerge", merge) if merge else None,
        valued("w:vAlign", "center"),
    )
    return node(
        "w:tc",
        None,
        properties,
        *(paragraph(style, *([run(line)] if line else []), properties=own) for line in lines),
    )


def _signature(paper: Annex) -> Iterator[Element]:
    right = (valued("w:jc", "right"),)
    if paper.issuer:
        yield paragraph("GwSignature", run(single_line(paper.issuer)), properties=right)
    yield paragraph("GwSignature", run(chinese_date(paper.made_on)), properties=right)


def _section() -> Element:
    margins: dict[str, str | int] = {
        f"w:{side}": mm_to_twips(length) for side, length in annex.MARGIN_MM.items()
    }
    margins |= {"w:header": 851, "w:footer": twips(layout.FOOTER_DISTANCE_PT), "w:gutter": 0}
    width, height = annex.SHEET_MM
    sheet: dict[str, str | int] = {
        "w:w": mm_to_twips(width), "w:h": mm_to_twips(height), "w:orient": "landscape",
    }  # fmt: skip
    return node(
        "w:sectPr",
        None,
        *(
            node("w:footerReference", {"w:type": kind, "r:id": f"rIdFooter_{kind}"})
            for kind in ("even", "default")
        ),
        node("w:pgSz", sheet),
        node("w:pgMar", margins),
        node("w:docGrid", {"w:linePitch": twips(layout.LINE_PITCH_PT)}),
    )
