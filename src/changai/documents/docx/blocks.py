"""The body of a paper: its blocks as WordprocessingML."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from changai.documents import charts, layout
from changai.documents.characters import single_line, width_in_characters
from changai.documents.docx.elements import Element, node, paragraph, run, text_paragraph, valued
from changai.documents.docx.listings import items
from changai.documents.docx.shapes import inline_picture
from changai.documents.docx.styles import run_fonts
from changai.documents.layout import mm_to_twips, twips
from changai.documents.paper import (
    Attendance,
    Block,
    Chart,
    Heading,
    Listing,
    Paragraph,
    Parts,
    Picture,
    Seal,
    Signature,
    Table,
    TableColumn,
    chinese_date,
    plain,
    text_lines,
)
from changai.documents.pictures import content_of
from changai.documents.tables import is_dense, kept_rows, widths_mm


@dataclass(slots=True)
class Body:
    """Turns blocks into elements and keeps the pictures met, so that each gets its own part and number.

    `shares` tell what part of its size each chart or picture is set with.
    """

    font_paths: tuple[Path, ...] = ()
    given: Mapping[str, bytes] = field(default_factory=dict)
    shares: Iterator[float] = field(default_factory=lambda: iter(()))
    pictures: list[bytes] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    block_mm: float = layout.BLOCK_WIDTH_MM

    def elements(self, block: Block) -> Iterator[Element]:
        """Yield the paragraphs and tables of the block."""
        match block:
            case Heading() | Paragraph() | Listing():
                yield from self._text(block)
            case Table():
                yield from _table(block, self.block_mm)
                yield from self._code(block)
            case Picture():
                yield from self._picture(block)
            case Chart():
                yield from self._chart(block)
            case Signature():
                yield from signature(block)
            case Attendance():
                yield _attendance(block)

    def _text(self, block: Heading | Paragraph | Listing) -> Iterator[Element]:
        if isinstance(block, Listing):
            self.listings.append(block)
            yield from items(block, len(self.listings))
        elif isinstance(block, Heading):
            yield text_paragraph(f"Heading{block.level}", single_line(plain(block.parts)))
        else:
            yield from (text_paragraph("GwBody", line) for line in text_lines(block.parts))

    def _code(self, block: Table) -> Iterator[Element]:
        """Yield the square code that leads to the table's page, with the words for it."""
        if not block.address:
            return
        from changai.documents.codes import code_png

        self.pictures.append(code_png(block.address))
        words = f"{layout.CODE_WORDS}：{single_line(block.address)}"
        picture = inline_picture(len(self.pictures), (layout.CODE_MM, layout.CODE_MM), words)
        yield paragraph("GwPicture", picture, properties=(valued("w:jc", "right"),))
        yield paragraph("GwTableNote", run(layout.CODE_WORDS), properties=(valued("w:jc", "right"),))

    def _chart(self, block: Chart) -> Iterator[Element]:
        from changai.documents.chart_drawing import draw  # heavy, and most papers have no chart

        picture = draw(block.spec, font_paths=self.font_paths)
        self.pictures.append(picture.png())
        size = self._sized(picture.width_mm, picture.height_mm)
        yield paragraph("GwPicture", inline_picture(len(self.pictures), size, charts.alt_text(block.spec)))
        yield text_paragraph("GwFigureCaption", charts.caption(block.spec))

    def _picture(self, block: Picture) -> Iterator[Element]:
        self.pictures.append(content_of(block, self.given))
        size = self._sized(*layout.picture_size_mm(block.width, block.height, block.share))
        yield paragraph("GwPicture", inline_picture(len(self.pictures), size, single_line(block.description)))
        if block.caption:
            yield text_paragraph("GwFigureCaption", single_line(block.caption))

    def _sized(self, width_mm: float, height_mm: float) -> tuple[float, float]:
        share = next(self.shares, 1.0)
        return width_mm * share, height_mm * share


def signature(block: Signature) -> Iterator[Element]:
    """Yield the signing body and the date, set for their seal."""
    day = chinese_date(block.signed_on)
    issuer = single_line(block.signer if block.seal == "stamped" else block.issuer)
    starts = layout.signature_starts(width_in_characters(issuer), width_in_characters(day), block.seal)
    gap = layout.signature_gap_lines(block.seal) * layout.LINE_PITCH_PT
    spacing = node(
        "w:spacing",
        {"w:before": twips(gap), "w:after": 0, "w:line": twips(layout.LINE_PITCH_PT), "w:lineRule": "exact"},
    )
    yield paragraph("GwSignature", run(issuer), properties=(node("w:keepNext"), spacing, _left(starts[0])))
    if block.seal == "stamped":
        yield paragraph("GwSignature", properties=(node("w:keepNext"),))
    yield paragraph("GwSignature", run(day), properties=_date_place(block.seal, starts[1]))


def _date_place(seal: Seal, start: float) -> tuple[Element, ...]:
    """Return where the date stands: from the right when it is counted from there, whatever the digits' width."""
    if seal == "none":
        return (_left(start),)
    indent = {"sealed": layout.SEALED_DATE_INDENT_CHARACTERS}.get(seal, layout.STAMPED_INDENT_CHARACTERS)
    return (node("w:ind", {"w:right": twips(indent * layout.CHARACTER_ADVANCE_PT)}), valued("w:jc", "right"))


def _attendance(block: Attendance) -> Element:
    label = single_line(block.label)
    name = run(label, node("w:rPr", None, run_fonts(layout.HEITI)))
    return paragraph("GwAttendance", name, run("：" + single_line(block.people)))


def _left(characters: float) -> Element:
    return node("w:ind", {"w:left": twips(characters * layout.CHARACTER_ADVANCE_PT)})


def _table(table: Table, block_mm: float) -> Iterator[Element]:
    if table.caption:
        yield text_paragraph("GwCaption", single_line(table.caption))
    widths = [mm_to_twips(width) for width in widths_mm(table, block_mm)]
    dense = "Dense" if is_dense(table) else ""
    head = node(
        "w:tr",
        None,
        node("w:trPr", None, node("w:cantSplit"), node("w:tblHeader")),
        *(
            _cell(width, f"Gw{dense}CellHead", (column.title,), "center")
            for column, width in zip(table.columns, widths, strict=True)
        ),
    )
    kept = kept_rows(table, widths_mm(table, block_mm))
    rows = (
        _row(row, table.columns, widths, f"Gw{dense}Cell", is_kept=place in kept)
        for place, row in enumerate(table.rows)
    )
    yield table_frame(widths, [head, *rows], valued("w:tblCaption", single_line(table.caption)))
    kept_note = (node("w:keepNext"),) if table.address else ()
    yield paragraph(
        "GwTableNote", *([run(single_line(table.note))] if table.note else []), properties=kept_note
    )


def table_frame(widths: list[int], rows: list[Element], *properties: Element) -> Element:
    """Return a table of the paper's own style around its rows; `widths` are of its columns, in twips."""
    return node(
        "w:tbl",
        None,
        node(
            "w:tblPr",
            None,
            valued("w:tblStyle", "GwTable"),
            node("w:tblW", {"w:w": sum(widths), "w:type": "dxa"}),
            valued("w:jc", "center"),
            node("w:tblLayout", {"w:type": "fixed"}),
            *properties,
        ),
        node("w:tblGrid", None, *(node("w:gridCol", {"w:w": width}) for width in widths)),
        *rows,
    )


def _row(
    row: tuple[Parts, ...], columns: tuple[TableColumn, ...], widths: list[int], style: str, *, is_kept: bool
) -> Element:
    short = layout.is_unbroken_row(map(plain, row))
    cells = (
        _cell(width, style, cell, column.align, is_kept=is_kept)
        for cell, column, width in zip(row, columns, widths, strict=True)
    )
    return node("w:tr", None, node("w:trPr", None, node("w:cantSplit")) if short else None, *cells)


def _cell(width: int, style: str, parts: Parts, align: str, *, is_kept: bool = False) -> Element:
    kept = (node("w:keepNext"),) if is_kept else ()
    own = (*kept, *(() if align == "center" else (valued("w:jc", align),)))
    lines = text_lines(parts) or ("",)
    return node(
        "w:tc",
        None,
        node("w:tcPr", None, node("w:tcW", {"w:w": width, "w:type": "dxa"}), valued("w:vAlign", "center")),
        *(
            paragraph(style, *([run(line)] if line else []), properties=tuple(map(deepcopy, own)))
            for line in lines
        ),
    )
