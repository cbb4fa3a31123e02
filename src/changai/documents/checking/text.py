"""Checks of title, recipients, headings and text."""

from collections.abc import Iterator

from changai.documents import layout
from changai.documents.characters import width_in_characters
from changai.documents.checking import words
from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.elements import Elements, Paragraph
from changai.documents.checking.head import lines_below_rule
from changai.documents.checking.places import (
    first_line_pt,
    gap_lines,
    indent_pt,
    leading_characters,
    left_characters,
)
from changai.documents.checking.saying import aligned, black, characters, quoted, typed

_HEADING_FACES = {1: "黑体", 2: "楷体", 3: "仿宋", 4: "仿宋"}
_NO_TITLE = frozenset({"order"})


def title(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with any line of the title, and with its distance to what stands above."""
    if not found.title and found.kind not in _NO_TITLE:
        yield Deviation("标题", "没有找到标题", "2号小标宋体，分一行或多行居中", "7.3.1")
    for each in found.title:
        yield from _title_line(each)
    for each in found.title[-1:]:
        if each["text"].strip().endswith(("。", "，", "；")):
            yield Deviation("标题", "末尾有标点", "末尾不加标点", "公文标题惯例", Level.CUSTOM, quoted(each))
    for upper, lower in zip(found.title, found.title[1:], strict=False):
        gap = gap_lines(found, upper, lower)
        if gap is not None and gap > 0.4:
            yield Deviation(
                "标题", f"两行之间空 {characters(gap)} 行", "各行相连", "7.3.1", place=quoted(lower)
            )
    yield from _title_gap(found)


def _title_line(each: Paragraph) -> Iterator[Deviation]:
    yield from typed("标题", each, face="小标宋", size=44, clause="7.3.1")
    yield from black("标题", each)
    if each["align"] != "center":
        yield Deviation("标题", aligned(each), "居中", "7.3.1", place=quoted(each))
    longest = max(width_in_characters(line) for line in each["text"].split("\n"))
    if longest > layout.TITLE_CHARACTERS_PER_LINE + 3:
        told = f"一行 {characters(longest)} 字"
        yield Deviation("标题", told, "分行排列，词意完整、排列对称、长短适宜", "7.3.1", place=quoted(each))


def _title_gap(found: Elements) -> Iterator[Deviation]:
    above = found.issuer[-1:] or (found.number or found.issue)[-1:]
    if not above or not found.title:
        return
    gap = gap_lines(found, above[0], found.title[0])
    if gap is None:
        return
    required = layout.GAP_LINES_BELOW_RULE
    if not required - 0.6 <= gap <= required + 0.6 + lines_below_rule(found):
        clause = "10.1" if found.kind == "letter" else "7.3.1"
        words_ = "其上最后一个要素" if found.kind == "letter" else "红色分隔线"
        level = Level.CUSTOM if found.kind in ("briefing", "minutes") else Level.STANDARD
        told = f"{words_}下空 {characters(gap)} 行"
        yield Deviation("标题", told, f"{words_}下空二行", clause, level, quoted(found.title[0]))


def recipients(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the main recipients."""
    for each in found.recipients:
        if each["text"].strip().endswith(":"):
            yield Deviation("主送机关", "末尾为半角冒号", "全角冒号", "7.3.2", place=quoted(each))
        if each["align"] in ("center", "right"):
            yield Deviation("主送机关", aligned(each), "居左顶格", "7.3.2", place=quoted(each))
        elif (empty := left_characters(each, found.section)) > 0.3:
            yield Deviation(
                "主送机关", f"左空 {characters(empty)} 字", "居左顶格", "7.3.2", place=quoted(each)
            )
        elif indent_pt(each, "left") > 5:
            yield Deviation("主送机关", "回行时缩进", "回行时仍顶格", "7.3.2", place=quoted(each))
        yield from typed("主送机关", each, face="仿宋", size=32, clause="7.3.2")
        yield from black("主送机关", each)
    for each in found.recipients[:1]:
        gap = gap_lines(found, found.title[-1], each) if found.title else None
        if gap is not None and abs(gap - layout.GAP_LINES_BELOW_TITLE) > 0.6:
            told = f"标题下空 {characters(gap)} 行"
            yield Deviation("主送机关", told, "标题下空一行", "7.3.2", place=quoted(each))


def text(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with headings and text, in every piece of every paragraph."""
    for level, each in found.headings:
        yield from _heading(level, each)
    goes_on = False
    for each in found.body:
        yield from _body(each, goes_on=goes_on)
        goes_on = (
            each["align"] == "distribute"
        )  # parted at a line end: its last line is full, the text goes on
    yield from _begins(found)
    yield from _levels(found)


def _heading(level: int, each: Paragraph) -> Iterator[Deviation]:
    element = f"{level}级标题"
    end = each["text"].find("。") + 1
    told_in_line = level < 3 and 0 < end < len(each["text"].strip())
    part = (0, end) if told_in_line else None
    yield from typed(element, each, face=_HEADING_FACES[level], size=32, clause="7.3.3", part=part)
    if told_in_line:
        yield from typed("正文", each, face="仿宋", size=32, clause="5.2.2", part=(end, len(each["text"])))
    yield from black(element, each)
    yield from _indented(element, each)


def _body(each: Paragraph, *, goes_on: bool) -> Iterator[Deviation]:
    level = words.heading_level(each["text"].strip())
    end = each["text"].find("。") + 1
    if level in (1, 2) and 0 < end < 2 * layout.CHARACTERS_PER_LINE:
        yield from _led(level, each, end)
    else:
        yield from typed("正文", each, face="仿宋", size=32, clause="5.2.2")
    yield from black("正文", each)
    if not (goes_on and abs(first_line_pt(each)) < 1):
        yield from _indented("正文", each)
    half = words.HALF_WIDTH.search(each["text"])
    if half:
        told = f"半角标点“{half[0].strip()}”"
        yield Deviation("正文", told, "中文用全角标点", "GB/T 15834", Level.CUSTOM, quoted(each))
    if "此页无正文" in each["text"]:
        yield Deviation(
            "正文", "“此页无正文”", "调整行距、字距，不写“此页无正文”", "7.3.5.5", place=quoted(each)
        )


def _led(level: int, each: Paragraph, end: int) -> Iterator[Deviation]:
    """Judge a paragraph that begins with its heading: its first sentence may be set as one, or all of it as text."""
    face = _HEADING_FACES[level]
    whole = list(typed("正文", each, face="仿宋", size=32, clause="5.2.2"))
    rest = list(typed("正文", each, face="仿宋", size=32, clause="5.2.2", part=(end, len(each["text"]))))
    lead = list(typed(f"{level}级标题", each, face=face, size=32, clause="7.3.3", part=(0, end)))
    yield from whole if not whole or (lead and rest) else [*lead, *rest]


def _indented(element: str, each: Paragraph) -> Iterator[Deviation]:
    """Judge two characters before the first line and none before the others, by the paragraph's own type."""
    size = (each["size"] or 32) / 2
    first = first_line_pt(each) / size + leading_characters(each["text"])
    if each["text"].startswith("\t"):
        first = 2.0 if each["tabs"] and abs(each["tabs"][0][1] / 20 / size - 2) < 0.3 else first + 21 / size
    if each["align"] in ("center", "right"):
        yield Deviation(element, aligned(each), "左空二字", "7.3.3", place=quoted(each))
    elif abs(first - 2) > 0.25:
        yield Deviation(element, f"首行缩进 {characters(first)} 字", "左空二字", "7.3.3", place=quoted(each))
    elif indent_pt(each, "left") > 5:
        left = characters(indent_pt(each, "left") / size)
        yield Deviation(element, f"回行缩进 {left} 字", "回行顶格", "7.3.3", place=quoted(each))


def _begins(found: Elements) -> Iterator[Deviation]:
    """Judge that nothing stands empty between the recipients and the first line of the text."""
    lines = [each for each in (*(each for _, each in found.headings), *found.body) if each["where"] == "body"]
    if not found.recipients or not lines:
        return
    first = min(lines, key=lambda each: int(each["place"]))
    gap = gap_lines(found, found.recipients[-1], first)
    if gap is not None and gap > 0.4:
        told = f"主送机关下空 {characters(gap)} 行"
        yield Deviation("正文", told, "在主送机关名称下一行", "7.3.3", place=quoted(first))


def _levels(found: Elements) -> Iterator[Deviation]:
    """Judge the order of the labels: each level under the one above it, as far as the paper has that one."""
    seen = {level for level, _ in found.headings}
    if seen and 1 not in seen and 2 in seen and 3 in seen:
        first = next(each for level, each in found.headings if level == 2)
        told = "没有“一、”而有“（一）”"
        yield Deviation(
            "结构层次", told, "依次用“一、”“（一）”“1.”“（1）”", "7.3.3", Level.CUSTOM, quoted(first)
        )


def attendance(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the lists of who attended."""
    for place, each in enumerate(found.attendance):
        match = words.ATTENDANCE.match(each["text"].strip())
        lead = len(each["text"]) - len(each["text"].lstrip())
        end = lead + (match.start("colon") if match else 0)
        element = "出席人员名单"
        yield from typed(element, each, face="黑体", size=32, clause="10.3", part=(lead, end))
        yield from typed(element, each, face="仿宋", size=32, clause="10.3", part=(end, len(each["text"])))
        if match and match["colon"] != "：":
            yield Deviation(element, "半角冒号", "全角冒号", "10.3", place=quoted(each))
        empty = left_characters(each, found.section)
        if abs(empty - 2) > 0.3:
            yield Deviation(element, f"左空 {characters(empty)} 字", "左空二字", "10.3", place=quoted(each))
        if place == 0:
            yield from _attendance_gap(found, each)


def _attendance_gap(found: Elements, each: Paragraph) -> Iterator[Deviation]:
    above = [line for line in found.body if line["place"] < each["place"]]
    gap = gap_lines(found, above[-1], each) if above else None
    if gap is not None and abs(gap - 1) > 0.6:
        told = f"正文下空 {characters(gap)} 行"
        yield Deviation("出席人员名单", told, "正文或附件说明下空一行", "10.3", place=quoted(each))
