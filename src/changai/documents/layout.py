"""Measures of official papers as data, each with the clause it comes from.

Clauses are those of GB/T 9704-2012 (党政机关公文格式) unless a line says 惯例 (custom of briefings) or 自定
(our choice where neither settles the matter). Lengths end in `_mm` or `_pt`; colours are RRGGBB.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from changai.documents.characters import office_width, single_line, width_in_characters
from changai.documents.titles import title_lines

PT_PER_MM = 72 / 25.4


def twips(points: float) -> int:
    """Return the length in twentieths of a point, as Word counts, rounded down so that text still fits."""
    return int(points * 20 + 1e-6)


def mm_to_twips(millimetres: float) -> int:
    """Return the length in twentieths of a point, rounded to the nearest."""
    return round(millimetres * PT_PER_MM * 20)


# -- sheet and type area (5.1, 5.2.1) ---
SHEET_WIDTH_MM = 210.0
SHEET_HEIGHT_MM = 297.0
MARGIN_TOP_MM = 37.0
MARGIN_LEFT_MM = 28.0
BLOCK_WIDTH_MM = 156.0
BLOCK_HEIGHT_MM = 225.0
MARGIN_RIGHT_MM = SHEET_WIDTH_MM - MARGIN_LEFT_MM - BLOCK_WIDTH_MM
MARGIN_BOTTOM_MM = SHEET_HEIGHT_MM - MARGIN_TOP_MM - BLOCK_HEIGHT_MM

# -- grid (5.2.3): 22 lines of 28 characters ---
LINES_PER_PAGE = 22
CHARACTERS_PER_LINE = 28
# 22 x 29 pt is higher than 225 mm by 4 twips and 28 x 16 pt wider than 156 mm by 116: hence these two.
LINE_PITCH_PT = 28.95
CHARACTER_SPACING_PT = -0.25

# -- type sizes: Chinese size names in points ---
SIZE_2_PT = 22.0  # 2号
SIZE_3_PT = 16.0  # 3号
SIZE_4_PT = 14.0  # 4号
SIZE_SMALL_4_PT = 12.0  # 小4号
SIZE_5_PT = 10.5  # 5号
CHARACTER_ADVANCE_PT = SIZE_3_PT + CHARACTER_SPACING_PT

# -- fonts by name as an office's computer has them (5.2.2, 7.2.4, 7.3.1, 7.3.3, 7.5) ---
XIAOBIAOSONG = "方正小标宋简体"
FANGSONG = "仿宋_GB2312"
KAITI = "楷体_GB2312"
HEITI = "黑体"
SONGTI = "宋体"
LATIN = "Times New Roman"  # 自定: the standard names no Latin face

# -- colours ---
BLACK = "000000"  # 5.2.4
RED = "FF0000"  # 7.2.4: the masthead and its rule

TITLE_CHARACTERS_PER_LINE = 19  # 7.3.1: 20 fit in size 2, and a title does not touch both edges

# -- head of a briefing (惯例: the first third of page one) ---
MASTHEAD_LINES = 4
MASTHEAD_MAX_PT = 54.0
MASTHEAD_LINE_CHARACTERS = 13  # 自定: a longer name takes two lines
MASTHEAD_FILL = 0.94  # 自定: share of the block's width a long name may take
HEAD_RULE_GAP_PT = 6.0  # 7.2.7: with the line's own descent the rule lies 4 mm below the characters
HEAD_RULE_PT = 2.0  # 惯例: heavier than the imprint's rules, readable in a photocopy
GAP_LINES_BELOW_RULE = 2  # 7.3.1: the title stands two lines below the red rule
GAP_LINES_BELOW_TITLE = 1  # 7.3.2: recipients one line below the title

# -- head of a document (7.2) ---
DOCUMENT_MASTHEAD_TOP_MM = 35.0  # 7.2.4: from the block's top to the characters' top
DOCUMENT_MASTHEAD_PT = 48.0  # 7.2.4: 自定, below the 22 x 15 mm a character may measure
NUMBER_GAP_LINES = 2  # 7.2.5: two lines below the masthead
NUMBER_INDENT_CHARACTERS = 1  # 7.2.5: on an upward document one character in, as the signer on the right
NUMBER_RULE_MM = 4.0  # 7.2.7

# -- letter (10.1) ---
LETTER_MASTHEAD_TOP_MM = 30.0  # from the sheet's top
LETTER_MASTHEAD_PT = 36.0  # 自定
LETTER_RULE_WIDTH_MM = 170.0
LETTER_RULE_BELOW_MM = 4.0  # the upper double rule below the masthead
LETTER_FOOT_RULE_MM = 20.0  # the lower double rule above the sheet's foot
# Measured: shares of its size by which a masthead's characters lie below the top of their line, and are high.
MASTHEAD_DROP = 0.115
MASTHEAD_INK = 0.9
SETTER_RISE = 0.09  # the same in our PDF, whose lines are as high as their type
LETTER_RULE_PT = 3.0  # 自定: both lines and the gap between them

# -- body (7.3.3) ---
INDENT_CHARACTERS = 2
HEADING_FONTS = {1: HEITI, 2: KAITI, 3: FANGSONG, 4: FANGSONG}

# -- signature without seal (7.3.5.2) ---
SIGNATURE_GAP_LINES = 1
SIGNATURE_INDENT_CHARACTERS = 2  # 右空二字
SEALED_GAP_LINES = 2  # 7.3.5.1: the seal covers body and date and reaches to within a line of the text
SEALED_DATE_INDENT_CHARACTERS = 4  # 7.3.5.1: 成文日期右空四字
STAMPED_GAP_LINES = 2  # 7.3.5.3: the stamp stands two lines below the text
STAMPED_INDENT_CHARACTERS = 4  # 7.3.5.3: stamp and date 右空四字
LEAST_KEPT_BLOCKS = 2  # 7.3.5.4: of a body of more blocks, the last stays with the signature
LEAST_KEPT_LINES = 2  # 7.3.5.4: so many of a long last paragraph stand on the signature's page
STAMP_CHARACTERS = 5  # 自定: room for the stamped name
DATE_OFFSET_CHARACTERS = 2  # the date begins two characters right of the signature's first

# -- tables and charts (自定) ---
TABLE_LINE_PT = 20.0
DENSE_TABLE_LINE_PT = 16.0
TABLE_RULE_PT = 0.5
TABLE_CELL_MARGIN_PT = 3.0
TABLE_CELL_RISE_PT = 1.0  # in a .docx, whose lines are higher than their type
WIDE_TABLE_COLUMNS = 7  # from here on cells are set in size 5
UNBROKEN_CELL_CHARACTERS = 240
WHOLE_TABLE_LINES = 10
LEAST_TABLE_ROWS = (
    2  # of a table that breaks, at the foot of a page below its head and at the top of the next
)
MOST_GAP_LINES = 5  # left empty with the caption's at the foot of a page for a table that is kept whole
MOST_NEEDED_LINES = 20  # more would leave a page empty
SHORT_COLUMN_SHARE = 0.25  # of the block: a wider text may take two lines
LONG_COLUMN_GIVES = 0.25
LONG_COLUMN_LEAST = 0.15  # of the block, for a column of long text
ACROSS_COLUMNS = 9  # an attachment with a table of so many lies across the sheet
FULL_TABLE_COLUMNS = 5  # with long text in a cell, from here on too
FULL_TABLE_CHARACTERS = 20
CODE_MM = 18.0  # a code of a long address can still be read by a phone
CODE_WORDS = "扫码查看本表数据来源"
CHART_WIDTH_MM = 150.0
CHART_CAPTION_GAP_PT = 9.0
LEAST_CHART_SHARE = 0.7  # of its size, to stand on the rest of a page
PICTURE_MOST_HEIGHT_MM = 200.0  # leaves room for its caption on the same page
PICTURE_LEAST_DPI = 96.0  # fewer dots to the inch show as squares

# -- imprint (7.4) ---
IMPRINT_THICK_RULE_PT = 1.0  # 0.35 mm
IMPRINT_THIN_RULE_PT = 0.75  # 0.25 mm
IMPRINT_LINE_PT = 22.0  # 自定
IMPRINT_RULE_ROOM_PT = 6.0  # room for the rules and the text box's last, empty line
IMPRINT_BOX_DROP_PT = (
    1.3  # 7.4.1: so far below the block the box ends for its last rule to lie on the block's foot
)
_NEVER_FIRST = "，。、；：！？）》」』〕”’"
LEAST_PRINTED_SPACING_PT = -2.5  # 自定: closer letters could not be read
IMPRINT_INDENT_PT = SIZE_4_PT  # 7.4.2: one character in at both sides

# -- page number (7.5) ---
PAGE_NUMBER_DASH_BELOW_BLOCK_MM = 7.0
# How far below the top of its line, as high as its type, the dash lies: measured on rendered pages.
PAGE_NUMBER_DASH_PT = 0.56 * SIZE_4_PT  # in our PDF
PAGE_NUMBER_DASH_WORD_PT = 0.515 * SIZE_4_PT  # in a line of exact height of a .docx
FOOTER_DISTANCE_PT = (
    (MARGIN_BOTTOM_MM - PAGE_NUMBER_DASH_BELOW_BLOCK_MM) * PT_PER_MM + PAGE_NUMBER_DASH_WORD_PT - SIZE_4_PT
)
PAGE_NUMBER_INDENT_PT = SIZE_4_PT  # one character in; right on odd pages, left on even ones

DENSE_TABLE_PT = SIZE_5_PT
TABLE_PT = SIZE_SMALL_4_PT


@dataclass(frozen=True, slots=True)
class MastheadType:
    """Lines, size and extra letter spacing of a masthead."""

    lines: tuple[str, ...]
    size_pt: float
    spacing_pt: float

    @property
    def line_pt(self) -> float:
        """Return the pitch of its lines."""
        return self.size_pt * 1.2


def masthead_type(name: str) -> MastheadType:
    """Return the type for the masthead: as large as fits; short names are spread, long ones take two lines.

    Source: GB/T 9704-2012, 7.2.4: centred, eye-catching, the size is the office's choice.
    """
    lines = title_lines(name, MASTHEAD_LINE_CHARACTERS)
    characters = max((width_in_characters(line) for line in lines), default=1.0)
    width_pt = BLOCK_WIDTH_MM * PT_PER_MM * MASTHEAD_FILL
    height_pt = MASTHEAD_LINES * LINE_PITCH_PT / (1.2 * max(len(lines), 1))
    size = max(SIZE_3_PT, min(MASTHEAD_MAX_PT, int(width_pt / characters * 2) / 2, int(height_pt * 2) / 2))
    spare = width_pt - size * characters
    spacing = max(0.0, min(0.3 * size, spare / characters * 0.6))
    return MastheadType(lines, size, int(spacing * 2) / 2)


@dataclass(frozen=True, slots=True)
class DocumentMasthead(MastheadType):
    """Type of a document's masthead, and how far below the line above it begins."""

    before_pt: float


def document_masthead(name: str, mark_lines: int) -> DocumentMasthead:
    """Return the type of a masthead whose characters begin 35 mm below the block's top, under `mark_lines` lines.

    Source: GB/T 9704-2012, 7.2.4.
    """
    lines, size, spacing = _fitted(title_lines(name, MASTHEAD_LINE_CHARACTERS), DOCUMENT_MASTHEAD_PT)
    above = DOCUMENT_MASTHEAD_TOP_MM * PT_PER_MM - mark_lines * LINE_PITCH_PT
    return DocumentMasthead(lines, size, spacing, max(0.0, above - MASTHEAD_DROP * size))


@dataclass(frozen=True, slots=True)
class LetterMasthead(DocumentMasthead):
    """Type of a letter's masthead; lengths in mm from the sheet's top."""

    top_mm: float
    rule_mm: float


def letter_masthead(name: str) -> LetterMasthead:
    """Return the type of a letter's masthead, where its line begins and where the double rule below it lies.

    Source: GB/T 9704-2012, 10.1: characters 30 mm below the sheet's top, the rule 4 mm below them.
    """
    lines, size, spacing = _fitted((single_line(name),), LETTER_MASTHEAD_PT)
    top = LETTER_MASTHEAD_TOP_MM - MASTHEAD_DROP * size / PT_PER_MM
    rule = LETTER_MASTHEAD_TOP_MM + MASTHEAD_INK * size / PT_PER_MM + LETTER_RULE_BELOW_MM
    return LetterMasthead(lines, size, spacing, 0.0, top, rule)


def _fitted(lines: tuple[str, ...], most_pt: float) -> tuple[tuple[str, ...], float, float]:
    """Return lines, size and letter spacing of a masthead no larger than `most_pt`."""
    characters = max((width_in_characters(line) for line in lines), default=0.0) or 1.0
    width_pt = BLOCK_WIDTH_MM * PT_PER_MM * MASTHEAD_FILL
    size = max(SIZE_3_PT, min(most_pt, int(width_pt / characters * 2) / 2))
    spacing = max(0.0, min(0.15 * size, (width_pt - size * characters) / characters))
    return lines, size, int(spacing * 2) / 2


def table_size_pt(columns: int) -> float:
    """Return the type size of a table's cells: smaller when there are many columns."""
    return DENSE_TABLE_PT if columns >= WIDE_TABLE_COLUMNS else TABLE_PT


def is_unbroken_row(cells: Iterable[str]) -> bool:
    """Return whether a table's row stays on one page; a row with long text would be higher than the page."""
    return all(len(cell) <= UNBROKEN_CELL_CHARACTERS for cell in cells)


def fits_whole(weights: tuple[float, ...], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a table is so low that it is kept on one page, as a typist would."""
    size = table_size_pt(len(weights))
    rooms = [width * PT_PER_MM - 2 * TABLE_CELL_MARGIN_PT for width in column_widths_mm(weights)]
    lines = (
        max(math.ceil(width_in_characters(cell) * size / room) for cell, room in zip(row, rooms, strict=True))
        for row in rows
    )
    return sum(max(1, count) for count in lines) <= WHOLE_TABLE_LINES


def column_widths_mm(weights: tuple[float, ...], block_mm: float = BLOCK_WIDTH_MM) -> tuple[float, ...]:
    """Return the widths of a table's columns by their weights; together they fill the block."""
    total = sum(weights)
    return tuple(block_mm * weight / total for weight in weights)


def picture_size_mm(width: int, height: int, share: float) -> tuple[float, float]:
    """Return width and height a picture of so many pixels is printed with, in its own proportions."""
    width_mm = min(BLOCK_WIDTH_MM * share, width * 25.4 / PICTURE_LEAST_DPI)
    height_mm = width_mm * height / width
    scale = min(1.0, PICTURE_MOST_HEIGHT_MM / height_mm)
    return width_mm * scale, height_mm * scale


@dataclass(frozen=True, slots=True)
class IssuerLine:
    """Type size and indents of the line with issuer and date."""

    size_pt: float
    indent_pt: float


def issuer_line(issuer: str, day: str) -> IssuerLine:
    """Return how issuer and date fit into one line: first without the indents, then in smaller type.

    Source: custom of briefings (惯例): 编发单位 at the left, date at the right, on one line.
    """
    characters = width_in_characters(issuer) + 1.15 * width_in_characters(day) + 1
    width_pt = BLOCK_WIDTH_MM * PT_PER_MM
    if characters * SIZE_3_PT + 2 * SIZE_3_PT <= width_pt:
        return IssuerLine(SIZE_3_PT, SIZE_3_PT)
    for size in (SIZE_3_PT, SIZE_4_PT, SIZE_SMALL_4_PT):
        if characters * size <= width_pt:
            return IssuerLine(size, 0.0)
    return IssuerLine(SIZE_5_PT, 0.0)


def signature_starts(
    issuer_characters: float, date_characters: float, seal: str = "none"
) -> tuple[float, float]:
    """Return how many characters from the left the signing body and the date begin.

    Source: GB/T 9704-2012, 7.3.5.2, without seal: 署名 two characters in from the right, the date's first character
    two to the right of its first; a date longer than it stands two characters in from the right instead. 7.3.5.1,
    with seal: the date four characters in from the right, the body centred over it. 7.3.5.3, stamped: the stamp four
    characters in from the right, the post to its left, the date below it four characters in.
    """
    if seal == "sealed":
        date_start = CHARACTERS_PER_LINE - SEALED_DATE_INDENT_CHARACTERS - date_characters
        centred = date_start + (date_characters - issuer_characters) / 2
        return max(0.0, min(centred, CHARACTERS_PER_LINE - issuer_characters)), date_start
    if seal == "stamped":
        right_end = CHARACTERS_PER_LINE - STAMPED_INDENT_CHARACTERS
        return right_end - STAMP_CHARACTERS - issuer_characters, right_end - date_characters
    right_end = CHARACTERS_PER_LINE - SIGNATURE_INDENT_CHARACTERS
    if date_characters > issuer_characters:
        date_start = right_end - date_characters
        return date_start - DATE_OFFSET_CHARACTERS, date_start
    issuer_start = max(0.0, right_end - issuer_characters)
    return issuer_start, issuer_start + DATE_OFFSET_CHARACTERS


def signature_gap_lines(seal: str) -> int:
    """Return how many lines stand empty above the signature: the seal and the stamp need room."""
    return {"sealed": SEALED_GAP_LINES, "stamped": STAMPED_GAP_LINES}.get(seal, SIGNATURE_GAP_LINES)


def printed_spacing(left: str, right: str) -> float:
    """Return the letter spacing, 0 or less, that keeps printing body and date of the imprint on one line.

    Office programmes set a quarter of a character between digits and Chinese, hence the date counts for more.
    Source: GB/T 9704-2012, 7.4.3: 印发机关和印发日期 on one line, in size 4.
    """
    characters = width_in_characters(left) + 1.15 * width_in_characters(right) + 1
    spare = BLOCK_WIDTH_MM * PT_PER_MM - 2 * IMPRINT_INDENT_PT - characters * SIZE_4_PT
    letters = len(left) + len(right)
    return max(LEAST_PRINTED_SPACING_PT, math.floor(min(0.0, spare / letters) * 20) / 20) if letters else 0.0


def imprint_line_count(text: str) -> int:
    """Return how many lines a group of receivers takes in the imprint, its label included.

    A line goes on under the first receiver; a mark that may not begin one takes the character before it along.
    Office programmes set a quarter of a character between digits and Chinese.
    """
    room = int((BLOCK_WIDTH_MM * PT_PER_MM - 2 * IMPRINT_INDENT_PT) / SIZE_4_PT)
    lines, filled, last = 1, 0.0, 0.0
    for place, character in enumerate(text):
        wide = office_width(text[max(0, place - 1) : place + 1]) - width_in_characters(
            text[max(0, place - 1) : place]
        )
        if filled + wide > room:
            lines += 1
            filled = text.find("：") + 1.0 + (last if character in _NEVER_FIRST else 0.0)
        filled, last = filled + wide, wide
    return lines
