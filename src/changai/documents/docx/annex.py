"""An annex as .docx: landscape, tables with cells over several rows, the head row on every page."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from lxml import etree  # type: ignore[import-untyped]

from changai.documents import annex, layout
from changai.documents.annex import Annex, AnnexCell, AnnexTable, placed_cells
from changai.documents.characters import single_line
from changai.documents.docx.blocks import table_frame
from changai.documents.docx.elements import (
    NAMESPACES,
    Element,
    field,
    node,
    paragraph,
    run,
    text_paragraph,
    valued,
)
from changai.documents.docx.package import Properties, pack
from changai.documents.docx.pages import lying
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
    heads = (_head(width, column.title) for column, width in zip(table.columns, widths, strict=True))
    head = node("w:tr", None, node("w:trPr", None, node("w:cantSplit"), node("w:tblHeader")), *heads)
    yield table_frame(widths, [head, *_rows(table, widths)])
    yield text_paragraph("GwTableNote", single_line(table.note))


def _rows(table: AnnexTable, widths: list[int]) -> list[Element]:
    """Return the rows, read from one text: a result of some hundred units has tens of thousands of cells."""
    body = "".join(_row_texts(table, widths))
    return list(etree.fromstring(f'<w:tbl xmlns:w="{NAMESPACES["w"]}">{body}</w:tbl>'))


def _row_texts(table: AnnexTable, widths: list[int]) -> Iterator[str]:
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
            cells.append(_cell(width, cell, align, merge=merge, columns=held.columns))
            column += held.columns
        yield f"<w:tr>{''.join(cells)}</w:tr>"


def _head(width: int, title: str) -> Element:
    properties = node(
        "w:tcPr", None, node("w:tcW", {"w:w": width, "w:type": "dxa"}), valued("w:vAlign", "center")
    )
    lines = text_lines((title,)) or ("",)
    return node(
        "w:tc", None, properties, *(paragraph("GwDenseCellHead", *([run(line)] if line else [])) for line in lines)
    )  # fmt: skip


def _cell(width: int, cell: AnnexCell | None, align: str, *, merge: str, columns: int) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    own = "" if align == "center" else f'<w:jc w:val="{align}"/>'
    start = f'<w:p><w:pPr><w:pStyle w:val="GwDenseCell"/>{own}</w:pPr>'
    lines = (text_lines((cell.text,)) if cell is not None else ()) or ("",)
    runs = (f'<w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r>' if line else "" for line in lines)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merged}<w:vAlign w:val="center"/></w:tcPr>'
        f"{''.join(f'{start}{text}</w:p>' for text in runs)}</w:tc>"
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
    return lying(annex.SHEET_MM, margins, foot="rIdFooter_")
