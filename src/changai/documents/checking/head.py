"""Checks of the head (版头): copy number, marks, masthead, number, signers, red rule."""

import re
from collections.abc import Iterator
from typing import Any

from changai.documents import layout
from changai.documents.checking import words
from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.elements import Elements, Paragraph
from changai.documents.checking.places import (
    MM,
    block_width_pt,
    gap_lines,
    indent_pt,
    left_characters,
    line_height_pt,
    right_characters,
    top_pt,
)
from changai.documents.checking.saying import aligned, characters, face_words, is_face, quoted, typed

_RED = re.compile(r"^(?:[C-F][0-9A-F])(?:[0-3][0-9A-F]){2}$")
_NOTICE_COLOURS = frozenset({"0070C0", "B58900", "D9730D"})
_TOPS_MM = {
    "official": layout.DOCUMENT_MASTHEAD_TOP_MM,
    "minutes": layout.DOCUMENT_MASTHEAD_TOP_MM,
    "order": 20.0,
}
_TOP_TOLERANCE_MM = 3.0
_GAP_TOLERANCE = 0.6
_DRAWN_RULE_LINES = 1.0  # a rule drawn in an empty line of its own takes that line


def head(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong above the title."""
    yield from _marks(found)
    for each in found.masthead:
        yield from _masthead(found, each)
    yield from _masthead_place(found)
    for each in found.number:
        yield from _number(found, each)
    for each in found.signers:
        yield from _signers(found, each)
    if found.kind == "official":
        yield from _missing(found)


def _missing(found: Elements) -> Iterator[Deviation]:
    if not found.masthead:
        yield Deviation("发文机关标志", "没有找到", "发文机关全称或规范化简称加“文件”，红色居中", "7.2.4")
    if not found.number:
        yield Deviation("发文字号", "没有找到", "机关代字、年份、发文顺序号，在发文机关标志下空二行", "7.2.5")


def _marks(found: Elements) -> Iterator[Deviation]:
    for each in found.copy_number:
        yield from typed("份号", each, size=32, clause="7.2.1")
        yield from _at_left("份号", each, "7.2.1", found)
        digits = re.sub(r"\D", "", each["text"])
        if len(digits) != 6:
            yield Deviation("份号", f"{len(digits)} 位", "6 位阿拉伯数字", "7.2.1", place=quoted(each))
    for each in found.marks:
        yield from typed("密级和紧急程度", each, face="黑体", size=32, clause="7.2.2、7.2.3")
        yield from _at_left("密级和紧急程度", each, "7.2.2、7.2.3", found)
        secret = words.SECRET.match(each["text"].strip())
        if secret and secret["star"] and not re.fullmatch(r"\d+(年|个月|月|天)|长期", secret["term"].strip()):
            found_words = f"“{secret['term'].strip()}”"
            yield Deviation("保密期限", found_words, "数字用阿拉伯数字标注", "7.2.2", place=quoted(each))
    in_order = [*found.copy_number, *sorted(found.marks, key=_is_urgency)]
    if in_order != sorted(in_order, key=lambda each: int(each["place"])):
        yield Deviation("密级和紧急程度", "次序颠倒", "自上而下依次为份号、密级、紧急程度", "7.2.3")


def _is_urgency(each: Paragraph) -> bool:
    return not words.SECRET.match(each["text"].strip())


def _at_left(element: str, each: Paragraph, clause: str, found: Elements) -> Iterator[Deviation]:
    if each["where"] != "body":
        return
    if each["align"] in ("center", "right"):
        yield Deviation(element, aligned(each), "顶格编排在版心左上角", clause, place=quoted(each))
    elif left_characters(each, found.section) > 0.3:
        empty = characters(left_characters(each, found.section))
        yield Deviation(element, f"左空 {empty} 字", "顶格编排在版心左上角", clause, place=quoted(each))


# -- masthead ------------------------------------------------------------------------------------------


def _masthead(found: Elements, each: Paragraph) -> Iterator[Deviation]:
    clause = {"letter": "10.1", "order": "10.2", "minutes": "10.3"}.get(found.kind, "7.2.4")
    custom = Level.CUSTOM if found.kind == "briefing" else Level.STANDARD
    if each["align"] != "center" and each["where"] != "box":
        yield Deviation("发文机关标志", aligned(each), "居中", clause, custom, quoted(each))
    for piece in each["pieces"]:
        if piece["text"].strip() and not is_face(piece["font"], "小标宋"):
            yield Deviation(
                "发文机关标志", face_words(piece), "小标宋体", clause, Level.CUSTOM, quoted(each, piece)
            )
            break
    if not all(_is_right_colour(each, piece) for piece in each["pieces"] if piece["text"].strip()):
        level = Level.CUSTOM if found.kind in ("briefing", "minutes", "order") else Level.STANDARD
        yield Deviation("发文机关标志", "非红色", "红色", clause, level, quoted(each))


def _is_right_colour(each: Paragraph, piece: dict[str, Any]) -> bool:
    """Return whether letters are red, or of the colour a supervision notice is known by here."""
    colour = piece["colour"].upper()
    is_notice = each["text"].strip().endswith("督办单") and colour in _NOTICE_COLOURS
    return bool(_RED.match(colour)) or is_notice


def _masthead_place(found: Elements) -> Iterator[Deviation]:
    if not found.masthead or found.kind not in _TOPS_MM:
        return
    top = top_pt(found, found.masthead[0])
    if top is None:
        return
    required, millimetres = _TOPS_MM[found.kind], top / layout.PT_PER_MM
    clause = {"order": "10.2", "minutes": "10.3"}.get(found.kind, "7.2.4")
    if abs(millimetres - required) > _TOP_TOLERANCE_MM:
        told = f"上边缘距版心上边缘约 {millimetres:.0f} mm"
        must = f"上边缘距版心上边缘 {required:.0f} mm"
        yield Deviation("发文机关标志", told, must, clause, place=quoted(found.masthead[0]))


# -- number --------------------------------------------------------------------------------------------


def _number(found: Elements, each: Paragraph) -> Iterator[Deviation]:
    pieces = [piece.strip() for piece in each["text"].split("\t") if piece.strip()]
    match = next((match for piece in pieces if (match := words.NUMBER.match(piece))), None)
    if match is None:
        return
    if match["open"] != "〔":
        yield Deviation("发文字号", f"年份用“{match['open']}”", "六角括号〔〕", "7.2.5", place=quoted(each))
    if len(match["year"].strip()) not in (0, 4):
        yield Deviation("发文字号", f"年份“{match['year']}”", "四位全称年份", "7.2.5", place=quoted(each))
    ordinal = match["ordinal"].strip()
    if ordinal.startswith("第"):
        yield Deviation("发文字号", "有“第”字", "发文顺序号不加“第”字", "7.2.5", place=quoted(each))
    elif ordinal.startswith("0"):
        told = f"顺序号“{ordinal}”"
        yield Deviation("发文字号", told, "不编虚位（1 不编为 01）", "7.2.5", place=quoted(each))
    yield from _number_type(each, match[0].strip())
    yield from _number_place(found, each, len(pieces))
    upper = found.masthead[-1:] if found.kind == "official" else []
    for masthead in upper:
        gap = gap_lines(found, masthead, each)
        if gap is not None and abs(gap - layout.NUMBER_GAP_LINES) > _GAP_TOLERANCE:
            told = f"发文机关标志下空 {characters(gap)} 行"
            yield Deviation("发文字号", told, "发文机关标志下空二行", "7.2.5", place=quoted(each))


def _number_type(each: Paragraph, number: str) -> Iterator[Deviation]:
    start = max(0, each["text"].find(number))
    part = (start, start + len(number))
    yield from typed("发文字号", each, face="仿宋", size=32, clause="7.2.5", part=part)


def _number_place(found: Elements, each: Paragraph, pieces: int) -> Iterator[Deviation]:
    """Judge whether it is centred, or one character in on an upward document, or at the right on a letter."""
    if each["where"] != "body":
        return
    if found.kind == "letter":
        empty = right_characters(each, found.section)
        if abs(empty) > 0.4:
            told = f"右空 {characters(empty)} 字"
            yield Deviation("发文字号", told, "顶格居版心右边缘", "10.1", place=quoted(each))
    elif found.signers:
        empty = left_characters(each, found.section)
        if pieces > 1 and abs(empty - 1) > 0.4:
            told = f"左空 {characters(empty)} 字"
            yield Deviation("发文字号", told, "上行文居左空一字", "7.2.5", place=quoted(each))
    elif each["align"] != "center":
        yield Deviation("发文字号", aligned(each), "居中", "7.2.5", place=quoted(each))


def _signers(found: Elements, each: Paragraph) -> Iterator[Deviation]:
    match = words.SIGNER.search(each["text"])
    if match is None:
        return
    if match["colon"] != "：":
        told = "没有冒号" if not match["colon"] else "半角冒号"
        yield Deviation("签发人", told, "“签发人”后标全角冒号", "7.2.6", place=quoted(each))
    label = (match.start(), match.start("colon"))
    yield from typed("签发人", each, face="仿宋", size=32, clause="7.2.6", part=label)
    yield from typed("签发人姓名", each, face="楷体", size=32, clause="7.2.6", part=match.span("names"))
    if each["where"] == "body" and each in found.number:
        empty = right_characters(each, found.section)
        if abs(empty - 1) > 0.6:
            yield Deviation(
                "签发人", f"右空 {characters(empty)} 字", "居右空一字", "7.2.6", place=quoted(each)
            )


# -- rule ----------------------------------------------------------------------------------------------


def red_rule(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the rule below the number, or below issuer and day of a briefing."""
    last = {
        "official": found.number,
        "minutes": found.number or found.issue,
        "briefing": found.issuer or found.issue,
    }
    above = last.get(found.kind, [])
    if not above or not found.masthead:
        return
    level = Level.STANDARD if found.kind == "official" else Level.CUSTOM
    element, clause = "红色分隔线", "7.2.7"
    line, rule = _border(found, above[-1])
    bar = _bar(found)
    if rule is None and bar is None:
        yield Deviation(element, "没有", "发文字号之下 4 mm 处，与版心等宽", clause, level)
        return
    if rule is None:
        yield from _drawn_rule(found, bar or {}, level)
        return
    if not _is_rule_colour(rule["colour"], found):
        yield Deviation(element, "非红色", "红色", clause, level)
    width = block_width_pt(found.section) - indent_pt(line, "left") - indent_pt(line, "right")
    yield from _rule_width(found, width / layout.PT_PER_MM, level)
    if line is above[-1]:
        slack = max(0.0, line_height_pt(line, found.section) - layout.SIZE_3_PT)
        yield from _rule_depth((rule["space"] + 0.41 * slack) / layout.PT_PER_MM, level)


def _rule_width(found: Elements, millimetres: float, level: Level) -> Iterator[Deviation]:
    block = block_width_pt(found.section) / layout.PT_PER_MM
    if min(abs(millimetres - layout.BLOCK_WIDTH_MM), abs(millimetres - block)) > 2:
        yield Deviation("红色分隔线", f"宽 {millimetres:.0f} mm", "与版心等宽（156 mm）", "7.2.7", level)


def _rule_depth(millimetres: float, level: Level) -> Iterator[Deviation]:
    if abs(millimetres - layout.NUMBER_RULE_MM) > 1.5:
        yield Deviation(
            "红色分隔线", f"在发文字号之下约 {millimetres:.1f} mm", "发文字号之下 4 mm", "7.2.7", level
        )


def _drawn_rule(found: Elements, bar: dict[str, Any], level: Level) -> Iterator[Deviation]:
    if bar["colour"] and not _is_rule_colour(bar["colour"], found):
        yield Deviation("红色分隔线", "非红色", "红色", "7.2.7", level)
    yield from _rule_width(found, bar["width"], level)


def _is_rule_colour(colour: str, found: Elements) -> bool:
    is_notice = any(each["text"].strip().endswith("督办单") for each in found.masthead)
    return bool(_RED.match(colour.upper())) or (is_notice and colour.upper() in _NOTICE_COLOURS)


def _border(found: Elements, last: Paragraph) -> tuple[Paragraph, dict[str, Any] | None]:
    """Return the paragraph with the border between `last` and the title, and the border."""
    end = found.title[0]["place"] if found.title else last["place"] + 3
    for each in found.shape["paragraphs"][last["place"] : end]:
        for side in ("below", "above"):
            if each[side] and each[side]["kind"] and not (side == "above" and each is last):
                return each, each[side]
    return last, None


def _bar(found: Elements) -> dict[str, Any] | None:
    """Return the first wide line drawn anywhere in the head."""
    end = found.title[-1]["place"] if found.title else 12
    near = found.shape["paragraphs"][: end + 1]
    bars = (drawn for each in near for drawn in each["drawn"] if drawn["kind"] == "bar")
    return next(bars, None)


def lines_below_rule(found: Elements) -> float:
    """Return how many lines may stand empty more than asked: those a rule drawn in a line of its own takes."""
    return _DRAWN_RULE_LINES if _bar(found) is not None else 0.0


# -- letters -------------------------------------------------------------------------------------------


def letter_rules(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the double rules of a letter and the place of its masthead."""
    if found.kind != "letter":
        return
    edge = [each for lines in found.shape["heads"].values() for each in lines]
    near = [*edge, *found.shape["paragraphs"]]
    bars = [
        drawn for each in near for drawn in each["drawn"] if drawn["kind"] == "bar" and drawn["width"] > 120
    ]
    doubled = [each for each in near if "hick" in ((each["below"] or {}).get("kind") or "")]
    middle = layout.SHEET_HEIGHT_MM / 2
    upper = [bar for bar in bars if _from_top(bar) is None or (_from_top(bar) or 0) < middle]
    lower = [bar for bar in bars if (_from_top(bar) or 0) >= middle]
    if not upper and not doubled:
        yield Deviation("信函双线", "发文机关标志下没有双线", "下 4 mm 处印一条红色双线（上粗下细）", "10.1")
    if not lower and not any(_from_top(bar) is None for bar in bars[1:]):
        yield Deviation("信函双线", "页脚处没有双线", "距下页边 20 mm 处印一条红色双线（上细下粗）", "10.1")
    for bar in bars:
        yield from _letter_bar(bar)
    yield from _letter_depth(lower)
    yield from _letter_masthead(found, edge, upper)


def _from_top(bar: dict[str, Any]) -> float | None:
    place = bar["top"]
    return place["mm"] if place and place["from"] == "page" else None


def _letter_bar(bar: dict[str, Any]) -> Iterator[Deviation]:
    if bar["colour"] and not _RED.match(bar["colour"].upper()):
        yield Deviation("信函双线", "非红色", "红色", "10.1")
    if abs(bar["width"] - layout.LETTER_RULE_WIDTH_MM) > 1.5:
        yield Deviation("信函双线", f"长 {bar['width']:.0f} mm", "长 170 mm", "10.1")


def _letter_depth(lower: list[dict[str, Any]]) -> Iterator[Deviation]:
    tops = [_from_top(bar) or 0.0 for bar in lower]
    if tops:
        up = layout.SHEET_HEIGHT_MM - min(tops)
        if abs(up - layout.LETTER_FOOT_RULE_MM) > 1.5:
            yield Deviation("信函双线", f"下双线距下页边 {up:.0f} mm", "距下页边 20 mm", "10.1")


def _letter_masthead(
    found: Elements, edge: list[Paragraph], upper: list[dict[str, Any]]
) -> Iterator[Deviation]:
    """Judge the masthead in the head of page one; one in the flow is measured from the block's top."""
    if not found.masthead:
        return
    each = found.masthead[0]
    size = (each["size"] or 20) / 2
    if each in edge:
        top = found.section["header"] / MM + layout.MASTHEAD_DROP * size / layout.PT_PER_MM
    else:
        below = top_pt(found, each)
        if below is None:
            return
        top = found.section["top"] / MM + below / layout.PT_PER_MM
    if abs(top - layout.LETTER_MASTHEAD_TOP_MM) > _TOP_TOLERANCE_MM:
        told = f"上边缘距上页边约 {top:.0f} mm"
        yield Deviation("发文机关标志", told, "上边缘至上页边 30 mm", "10.1", place=quoted(each))
        return
    tops = [place for bar in upper if (place := _from_top(bar)) is not None]
    if tops:
        gap = min(tops) - top - layout.MASTHEAD_INK * size / layout.PT_PER_MM
        if abs(gap - layout.LETTER_RULE_BELOW_MM) > 2:
            told = f"上双线在发文机关标志下约 {gap:.0f} mm"
            yield Deviation("信函双线", told, "发文机关标志下 4 mm", "10.1")
