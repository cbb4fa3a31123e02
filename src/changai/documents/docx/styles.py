"""The styles of a paper, as data, and the parts of the file that declare them."""

from collections.abc import Sequence
from dataclasses import dataclass

from changai.documents import layout
from changai.documents.docx.elements import Element, node, rule, switched_off, valued
from changai.documents.layout import twips


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style; lengths in points. `line_pt` None lets the line grow with a picture."""

    key: str
    name: str
    font: str = layout.FANGSONG
    size_pt: float = layout.SIZE_3_PT
    spacing_pt: float = 0.0
    line_pt: float | None = layout.LINE_PITCH_PT
    before_pt: float = 0.0
    after_pt: float = 0.0
    align: str = "both"
    first_line_pt: float = 0.0
    hanging_pt: float = 0.0
    left_pt: float = 0.0
    right_pt: float = 0.0
    colour: str = layout.BLACK
    tab_right_pt: float | None = None
    outline_level: int | None = None
    keep_next: bool = False
    rule_below: str | None = None
    built_in: bool = False
    based_on: str | None = "Normal"


_INDENT = layout.INDENT_CHARACTERS * layout.CHARACTER_ADVANCE_PT
_TIGHT = layout.CHARACTER_SPACING_PT
TITLE_GAP_PT = (
    layout.GAP_LINES_BELOW_RULE * layout.LINE_PITCH_PT - layout.HEAD_RULE_GAP_PT - layout.HEAD_RULE_PT
)


def _heading(level: int) -> Style:
    return Style(
        f"Heading{level}",
        f"heading {level}",
        font=layout.HEADING_FONTS[level],
        spacing_pt=_TIGHT,
        first_line_pt=_INDENT,
        outline_level=level - 1,
        keep_next=True,
        built_in=True,
    )


STYLES = (
    Style("Normal", "Normal", built_in=True, based_on=None),
    Style("GwBody", "公文正文", spacing_pt=_TIGHT, first_line_pt=_INDENT),
    Style("GwRecipients", "公文主送", spacing_pt=_TIGHT, align="left"),
    Style(
        "Title",
        "Title",
        font=layout.XIAOBIAOSONG,
        size_pt=layout.SIZE_2_PT,
        align="center",
        before_pt=TITLE_GAP_PT,
        after_pt=layout.GAP_LINES_BELOW_TITLE * layout.LINE_PITCH_PT,
        built_in=True,
    ),
    *(_heading(level) for level in (1, 2, 3, 4)),
    Style("GwSecurity", "公文密级", font=layout.HEITI, align="left"),
    Style("GwMasthead", "简报刊名", font=layout.XIAOBIAOSONG, align="center", colour=layout.RED),
    Style("GwIssue", "简报期号", align="center"),
    Style(
        "GwIssuer",
        "简报编发",
        align="left",
        rule_below=layout.RED,
    ),
    Style(
        "GwCaption", "公文表题", font=layout.HEITI, size_pt=layout.SIZE_4_PT, align="center", keep_next=True
    ),
    Style(
        "GwFigureCaption",
        "公文图题",
        font=layout.HEITI,
        size_pt=layout.SIZE_SMALL_4_PT,
        line_pt=layout.TABLE_LINE_PT,
        after_pt=layout.CHART_CAPTION_GAP_PT,
        align="center",
    ),
    Style(
        "GwCellHead",
        "公文表头",
        font=layout.HEITI,
        size_pt=layout.TABLE_PT,
        line_pt=layout.TABLE_LINE_PT,
        align="center",
        keep_next=True,
    ),
    Style("GwCell", "公文表格", size_pt=layout.TABLE_PT, line_pt=layout.TABLE_LINE_PT, align="center"),
    Style(
        "GwDenseCellHead",
        "公文密排表头",
        font=layout.HEITI,
        size_pt=layout.DENSE_TABLE_PT,
        line_pt=layout.DENSE_TABLE_LINE_PT,
        align="center",
        keep_next=True,
    ),
    Style(
        "GwDenseCell",
        "公文密排表格",
        size_pt=layout.DENSE_TABLE_PT,
        line_pt=layout.DENSE_TABLE_LINE_PT,
        align="center",
    ),
    Style("GwTableNote", "公文表注", size_pt=layout.SIZE_5_PT, line_pt=layout.TABLE_LINE_PT, align="left"),
    Style("GwPicture", "公文图片", line_pt=None, align="center", before_pt=6.0, keep_next=True),
    Style("GwSignature", "公文署名", spacing_pt=_TIGHT, align="left"),
    Style(
        "GwImprint",
        "公文版记",
        size_pt=layout.SIZE_4_PT,
        line_pt=layout.IMPRINT_LINE_PT,
        align="left",
        left_pt=layout.IMPRINT_INDENT_PT + 2 * layout.SIZE_4_PT,
        hanging_pt=2 * layout.SIZE_4_PT,
        right_pt=layout.IMPRINT_INDENT_PT,
    ),
    Style(
        "GwCopies",
        "公文印数",
        size_pt=layout.SIZE_4_PT,
        line_pt=layout.IMPRINT_LINE_PT,
        align="right",
        right_pt=layout.IMPRINT_INDENT_PT,
    ),
    Style(
        "GwPageOdd",
        "单页页码",
        font=layout.SONGTI,
        size_pt=layout.SIZE_4_PT,
        line_pt=layout.SIZE_4_PT,
        align="right",
        right_pt=layout.PAGE_NUMBER_INDENT_PT,
    ),
    Style(
        "GwPageEven",
        "双页页码",
        font=layout.SONGTI,
        size_pt=layout.SIZE_4_PT,
        line_pt=layout.SIZE_4_PT,
        align="left",
        left_pt=layout.PAGE_NUMBER_INDENT_PT,
    ),
)

# Of documents only: a briefing issued before there were any must be written to the same bytes again.
DOCUMENT_STYLES = (
    *STYLES,
    Style("GwNumber", "公文文号", align="center", rule_below=layout.RED),
    Style("GwUpNumber", "上行文文号", align="left", rule_below=layout.RED),
    Style("GwLetterMasthead", "信函标志", font=layout.XIAOBIAOSONG, align="center", colour=layout.RED),
    Style("GwLetterNumber", "信函文号", align="left"),
    Style("GwMinutesNumber", "纪要期号", align="center"),
    Style("GwAttachmentNote", "公文附件说明", spacing_pt=_TIGHT, align="left"),
    Style("GwAttachmentMark", "公文附件序号", font=layout.HEITI, align="left"),
    Style(
        "GwAttachmentTitle",
        "公文附件标题",
        font=layout.XIAOBIAOSONG,
        size_pt=layout.SIZE_2_PT,
        align="center",
        before_pt=layout.LINE_PITCH_PT,
        after_pt=layout.LINE_PITCH_PT,
    ),
    Style("GwRemark", "公文附注", spacing_pt=_TIGHT, first_line_pt=_INDENT),
    Style(
        "GwAttendance",
        "纪要出席人员",
        spacing_pt=_TIGHT,
        before_pt=layout.LINE_PITCH_PT,
        left_pt=_INDENT + 3 * layout.CHARACTER_ADVANCE_PT,
        hanging_pt=3 * layout.CHARACTER_ADVANCE_PT,
    ),
    Style(
        "GwCopyTo",
        "公文抄送",
        size_pt=layout.SIZE_4_PT,
        line_pt=layout.IMPRINT_LINE_PT,
        align="left",
        left_pt=layout.IMPRINT_INDENT_PT + 3 * layout.SIZE_4_PT,
        hanging_pt=3 * layout.SIZE_4_PT,
        right_pt=layout.IMPRINT_INDENT_PT,
    ),
    Style(
        "GwPrinted",
        "公文印发",
        size_pt=layout.SIZE_4_PT,
        line_pt=layout.IMPRINT_LINE_PT,
        align="left",
        left_pt=layout.IMPRINT_INDENT_PT,
        right_pt=layout.IMPRINT_INDENT_PT,
        tab_right_pt=layout.BLOCK_WIDTH_MM * layout.PT_PER_MM - layout.IMPRINT_INDENT_PT,
    ),
)


def run_fonts(font: str) -> Element:
    """Return the fonts of a run; Chinese keeps the default face unless the East Asian one is named apart."""
    latin = layout.SONGTI if font == layout.SONGTI else layout.LATIN
    return node("w:rFonts", {"w:ascii": latin, "w:hAnsi": latin, "w:eastAsia": font, "w:cs": latin})


def styles_part(styles: Sequence[Style]) -> Element:
    """Return the root of styles.xml."""
    defaults = node(
        "w:docDefaults",
        None,
        node("w:rPrDefault", None, _run_properties(styles[0])),
        node("w:pPrDefault", None, node("w:pPr")),
    )
    fixed = [
        node(
            "w:style",
            {"w:type": "character", "w:default": 1, "w:styleId": "DefaultParagraphFont"},
            valued("w:name", "Default Paragraph Font"),
            valued("w:uiPriority", 1),
            node("w:semiHidden"),
        ),
        node(
            "w:style",
            {"w:type": "table", "w:default": 1, "w:styleId": "TableNormal"},
            valued("w:name", "Normal Table"),
            valued("w:uiPriority", 99),
            node("w:semiHidden"),
            node("w:tblPr", None, node("w:tblInd", {"w:w": 0, "w:type": "dxa"})),
        ),
        _table_style(),
    ]
    return node("w:styles", None, defaults, *(_style(style) for style in styles), *fixed)


def _style(style: Style) -> Element:
    attributes: dict[str, str | int] = {"w:type": "paragraph", "w:styleId": style.key}
    if style.key == "Normal":
        attributes["w:default"] = 1
    if not style.built_in:
        attributes["w:customStyle"] = 1
    follows = "GwBody" if style.outline_level is not None or style.key == "Title" else None
    return node(
        "w:style",
        attributes,
        valued("w:name", style.name),
        valued("w:basedOn", style.based_on) if style.based_on else None,
        valued("w:next", follows) if follows else None,
        node("w:qFormat"),
        _paragraph_properties(style),
        _run_properties(style),
    )


def _paragraph_properties(style: Style) -> Element:
    spacing: dict[str, str | int] = {"w:before": twips(style.before_pt), "w:after": twips(style.after_pt)}
    if style.line_pt is None:
        spacing |= {"w:line": 240, "w:lineRule": "auto"}
    else:
        spacing |= {"w:line": twips(style.line_pt), "w:lineRule": "exact"}
    return node(
        "w:pPr",
        None,
        node("w:keepNext") if style.keep_next else None,
        valued("w:widowControl", 0),
        _rule_below(style.rule_below) if style.rule_below else None,
        _right_tab(style.tab_right_pt) if style.tab_right_pt is not None else None,
        node("w:kinsoku"),
        node("w:overflowPunct"),
        *switched_off("w:autoSpaceDE", "w:autoSpaceDN", "w:adjustRightInd", "w:snapToGrid"),
        node("w:spacing", spacing),
        _indents(style),
        valued("w:jc", style.align),
        valued("w:outlineLvl", style.outline_level) if style.outline_level is not None else None,
    )


def _right_tab(place_pt: float) -> Element:
    return node("w:tabs", None, node("w:tab", {"w:val": "right", "w:pos": twips(place_pt)}))


def _indents(style: Style) -> Element:
    indents: dict[str, str | int] = {"w:left": twips(style.left_pt), "w:right": twips(style.right_pt)}
    if style.first_line_pt:
        indents |= {"w:firstLine": twips(style.first_line_pt)}
    if style.hanging_pt:
        indents |= {"w:hanging": twips(style.hanging_pt)}
    return node("w:ind", indents)


def _rule_below(colour: str) -> Element:
    below = rule("w:bottom", layout.HEAD_RULE_PT, space_pt=layout.HEAD_RULE_GAP_PT, colour=colour)
    return node("w:pBdr", None, below)


def _run_properties(style: Style) -> Element:
    half_points = int(style.size_pt * 2)
    return node(
        "w:rPr",
        None,
        run_fonts(style.font),
        *switched_off("w:b", "w:i"),
        valued("w:color", style.colour),
        valued("w:spacing", round(style.spacing_pt * 20)),
        valued("w:kern", 0),
        valued("w:sz", half_points),
        valued("w:szCs", half_points),
        node("w:lang", {"w:val": "en-US", "w:eastAsia": "zh-CN", "w:bidi": "ar-SA"}),
    )


def _table_style() -> Element:
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    beside: dict[str, str | int] = {"w:w": twips(layout.TABLE_CELL_MARGIN_PT), "w:type": "dxa"}
    above: dict[str, str | int] = {"w:w": twips(layout.TABLE_CELL_RISE_PT), "w:type": "dxa"}
    margins = (("top", above), ("left", beside), ("bottom", above), ("right", beside))
    return node(
        "w:style",
        {"w:type": "table", "w:customStyle": 1, "w:styleId": "GwTable"},
        valued("w:name", "公文表"),
        valued("w:basedOn", "TableNormal"),
        node("w:qFormat"),
        node(
            "w:tblPr",
            None,
            node("w:tblBorders", None, *(rule(f"w:{edge}", layout.TABLE_RULE_PT) for edge in edges)),
            node("w:tblCellMar", None, *(node(f"w:{edge}", dict(each)) for edge, each in margins)),
        ),
    )


def font_table() -> Element:
    """Return the root of fontTable.xml; alternative names serve computers without the standard's faces."""
    alternatives = {
        layout.XIAOBIAOSONG: "方正小标宋_GBK",
        layout.FANGSONG: "仿宋",
        layout.KAITI: "楷体",
        layout.HEITI: "SimHei",
        layout.SONGTI: "SimSun",
    }
    return node(
        "w:fonts",
        None,
        *(
            node("w:font", {"w:name": name}, valued("w:altName", other), valued("w:charset", "86"))
            for name, other in alternatives.items()
        ),
    )


def settings_part() -> Element:
    """Return the root of settings.xml: odd and even pages differ, punctuation is compressed."""
    compatibility: dict[str, str | int] = {
        "w:name": "compatibilityMode",
        "w:uri": "http://schemas.microsoft.com/office/word",
        "w:val": 15,
    }
    return node(
        "w:settings",
        None,
        valued("w:defaultTabStop", 420),
        node("w:evenAndOddHeaders"),
        valued("w:characterSpacingControl", "compressPunctuation"),
        node("w:compat", None, node("w:compatSetting", compatibility)),
        node("w:themeFontLang", {"w:val": "en-US", "w:eastAsia": "zh-CN"}),
    )
