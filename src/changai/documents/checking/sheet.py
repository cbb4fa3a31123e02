"""Checks of the sheet, the lines of the text and the page numbers."""

from collections.abc import Iterator

from changai.documents import layout
from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.elements import Elements, Paragraph, Section
from changai.documents.checking.places import (
    MM,
    advance_pt,
    after_pt,
    block_height_pt,
    block_width_pt,
    left_characters,
    line_height_pt,
    pitch_pt,
    right_characters,
)
from changai.documents.checking.saying import aligned, characters, is_face, quoted, typed

_DASHES = ("—", "－", "–", "-", "―", "─")
_FOOT_MM = 2.0


def sheet(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with paper and margins; a sheet lying across is only measured whole."""
    for place, section in enumerate(found.shape["sections"]):
        lies = section["width"] > section["height"]
        sides = ("height", "width") if lies else ("width", "height")
        for side, words, required in (
            (sides[0], "纸张宽度", layout.SHEET_WIDTH_MM),
            (sides[1], "纸张高度", layout.SHEET_HEIGHT_MM),
        ):
            millimetres = section[side] / MM
            if abs(millimetres - required) > 0.5:
                yield Deviation(words, f" {millimetres:.1f} mm", f" {required:.0f} mm", "5.1")
        if not lies:
            yield from _margins(section, "" if place == 0 else f"第 {place + 1} 节")


def _margins(section: Section, where: str) -> Iterator[Deviation]:
    for words, millimetres, required in (
        ("天头（上白边）", section["top"] / MM, layout.MARGIN_TOP_MM),
        ("订口（左白边）", (section["left"] + section["gutter"]) / MM, layout.MARGIN_LEFT_MM),
        ("版心宽度", block_width_pt(section) * 20 / MM, layout.BLOCK_WIDTH_MM),
        ("版心高度", block_height_pt(section) * 20 / MM, layout.BLOCK_HEIGHT_MM),
    ):
        if abs(millimetres - required) > 1.05:
            yield Deviation(words, f" {millimetres:.1f} mm", f" {required:.0f} mm", "5.2.1", place=where)


def lines(found: Elements) -> Iterator[Deviation]:
    """Yield what keeps 22 lines of 28 characters from coming out, paragraph by paragraph."""
    if not found.has_text:
        if not found.enclosed:
            yield Deviation("正文", "没有正文段落", "公文首页必须显示正文", "7.3.3")
        return
    height = block_height_pt(found.section)
    for each in _running(found):
        pitch = pitch_pt(each, found.section)
        if pitch is None:
            required = f"固定值 {layout.LINE_PITCH_PT} 磅，每面 22 行"
            yield Deviation("行距", "没有固定行距", required, "5.2.3", place=quoted(each))
        elif int(height / pitch + 0.01) != layout.LINES_PER_PAGE:
            words = f" {pitch:g} 磅，每面 {int(height / pitch + 0.01)} 行"
            yield Deviation("行距", words, f"每面 {layout.LINES_PER_PAGE} 行", "5.2.3", place=quoted(each))
        elif each["before"] or each["after"]:
            yield from _looser(each)
    yield from _width(found)


def _running(found: Elements) -> list[Paragraph]:
    headings = [each for _, each in found.headings]
    lines = [*found.recipients, *headings, *found.body]
    return sorted((each for each in lines if each["where"] == "body"), key=lambda each: int(each["place"]))


def _looser(each: Paragraph) -> Iterator[Deviation]:
    room = (each["before"] or 0) / 20 + (each["after"] or 0) / 20
    if room > 3:
        yield Deviation("段距", f"段前段后共 {room:g} 磅", "段前段后为 0", "5.2.3", place=quoted(each))


def _width(found: Elements) -> Iterator[Deviation]:
    """Judge the characters a line holds by each paragraph that is longer than a line."""
    if found.section["snaps"]:
        return
    width = block_width_pt(found.section)
    for each in found.body:
        long = len(each["text"]) > layout.CHARACTERS_PER_LINE or len(found.body) == 1
        count = int(width / advance_pt(each) + 0.01)
        if long and each["size"] == 32 and each["where"] == "body" and count != layout.CHARACTERS_PER_LINE:
            required = f" {layout.CHARACTERS_PER_LINE} 字"
            yield Deviation("每行字数", f" {count} 字", required, "5.2.3", place=quoted(each))


# -- page numbers --------------------------------------------------------------------------------------


def page_numbers(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the foot of the pages."""
    shown = {kind: _numbered(lines) for kind, lines in found.shape["feet"].items()}
    odd, even = shown.get("default"), shown.get("even")
    if odd is None and even is None:
        yield Deviation("页码", "没有页码", "4号半角宋体阿拉伯数字，左右各放一条一字线", "7.5")
        return
    is_split = found.shape["even_and_odd"]
    for kind, each, side in (("单页", odd, "right"), ("双页", even, "left")):
        words = f"居{'右' if side == 'right' else '左'}空一字"
        if each is None and (kind == "单页" or is_split):
            yield Deviation("页码", f"{kind}没有页码", f"{kind}页码{words}", "7.5")
        elif each is not None and (kind == "单页" or is_split):
            yield from _number_type(kind, each)
            yield from _number_place(found, kind, each, side)
    if not is_split:
        yield Deviation("页码", "单双页未分设", "单页码居右、双页码居左", "7.5")
    yield from _first_page(found, shown.get("first"))


def _numbered(lines: list[Paragraph]) -> Paragraph | None:
    return next((each for each in lines if any("PAGE" in text.upper() for text in each["fields"])), None)


def _number_type(kind: str, each: Paragraph) -> Iterator[Deviation]:
    for piece in each["pieces"]:
        face = str(piece["latin"] or piece["font"])
        has_digit = any(char.isdigit() for char in piece["text"])
        if has_digit and face and not is_face(face, "宋体"):
            yield Deviation(f"{kind}页码", face, "半角宋体", "7.5")
            break
    yield from typed(f"{kind}页码", each, size=28, clause="7.5")
    if sum(each["text"].count(dash) for dash in _DASHES) < 2:
        yield Deviation(f"{kind}页码", "数字左右没有一字线", "左右各放一条一字线", "7.5")
    elif sum(each["text"].count(dash) for dash in _DASHES[:2]) < 2:
        yield Deviation(f"{kind}页码", "数字左右不是一字线", "左右各放一条一字线（—）", "7.5")


def _number_place(found: Elements, kind: str, each: Paragraph, side: str) -> Iterator[Deviation]:
    required = f"居{'右' if side == 'right' else '左'}空一字"
    align = each["frame_align"] or ""
    if align == "outside":
        return
    if each["framed"] or each["where"] == "box":
        if align and align != side:
            yield Deviation(f"{kind}页码", "居中" if align == "center" else f"在{align}", required, "7.5")
        return
    measure = right_characters if side == "right" else left_characters
    if (each["align"] if each["align"] != "both" else "left") != side:
        yield Deviation(f"{kind}页码", aligned(each), required, "7.5")
        return
    empty = measure(each, found.section)
    if abs(empty - 1) > 0.4:
        yield Deviation(f"{kind}页码", f"空 {characters(empty)} 字", required, "7.5")
    yield from _number_depth(found, kind, each)


def _number_depth(found: Elements, kind: str, each: Paragraph) -> Iterator[Deviation]:
    """Judge how far below the block the dash lies; the foot is set upwards from its distance to the sheet's edge."""
    section = found.section
    foot = next(lines for lines in found.shape["feet"].values() if each in lines)
    below = foot[foot.index(each) + 1 :]
    height = sum(line_height_pt(other, section) + after_pt(other) for other in below)
    line = line_height_pt(each, section)
    rise = height + after_pt(each) + line / 2 + (0.015 * line)
    millimetres = (section["bottom"] / 20 - section["footer"] / 20 - rise) / layout.PT_PER_MM
    if abs(millimetres - layout.PAGE_NUMBER_DASH_BELOW_BLOCK_MM) > _FOOT_MM:
        words = f"一字线在版心下边缘之下约 {millimetres:.0f} mm"
        yield Deviation(f"{kind}页码", words, "一字线上距版心下边缘 7 mm", "7.5")


def _first_page(found: Elements, first: Paragraph | None) -> Iterator[Deviation]:
    if found.kind == "letter":
        if not found.section["has_first"] or first is not None:
            yield Deviation("页码", "信函首页显示页码", "首页不显示页码", "10.1")
    elif found.section["has_first"] and first is None and found.kind != "plain":
        yield Deviation("页码", "首页没有页码", "首页同样编排页码", "7.5", Level.CUSTOM)
