"""Checks of the imprint (版记): its lines, its rules and its place."""

import re
from collections.abc import Iterator
from typing import Any

from changai.documents import layout
from changai.documents.characters import width_in_characters
from changai.documents.checking import words
from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.elements import Elements, Paragraph
from changai.documents.checking.places import block_height_pt, block_width_pt, first_line_pt, indent_pt
from changai.documents.checking.saying import characters, quoted, typed

_THICK = (7, 12)  # eighths of a point: 0.35 mm is 1 pt
_THIN = (3, 6)
_CHARACTER_PT = layout.SIZE_4_PT


def imprint(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the imprint."""
    level = Level.CUSTOM if found.kind == "briefing" else Level.STANDARD
    for element, lines in (("抄送机关", found.copy_to), ("发送机关", found.receivers)):
        for each in lines:
            yield from _receivers(found, element, each, level)
    for each in found.printed:
        yield from _printed(found, each, level)
    for each in found.copies:
        yield from typed("印数", each, face="仿宋", size=28, clause="版记惯例", level=Level.CUSTOM)
    if not found.imprint:
        return
    for each in found.printed if found.kind == "letter" else []:
        yield Deviation(
            "版记", "有印发机关和印发日期", "信函不加印发机关和印发日期", "10.1", place=quoted(each)
        )
    if found.kind == "letter":
        yield from _no_rules(found)
    else:
        yield from _rules(found, level)
    yield from _place(found, level)


def _receivers(found: Elements, element: str, each: Paragraph, level: Level) -> Iterator[Deviation]:
    yield from typed(element, each, face="仿宋", size=28, clause="7.4.2", level=level)
    text = each["text"].strip()
    if not text.endswith("。"):
        yield Deviation(element, "末尾无句号", f"最后一个{element}后标句号", "7.4.2", level, quoted(each))
    if re.match(r"^\S{1,2}:", text):
        yield Deviation(element, "半角冒号", "全角冒号", "7.4.2", level, quoted(each))
    if each["where"] == "body" or _frames_whole(found, each):
        yield from _one_in(element, each, "7.4.2", level)


def _frames_whole(found: Elements, each: Paragraph) -> bool:
    """Return whether the cell the line stands in is as wide as the block, so that its indents tell its place."""
    if each["table"] is None:
        return False
    table = found.shape["tables"][each["table"]]
    off = abs(float(table["width"]) / 20 / layout.PT_PER_MM - layout.BLOCK_WIDTH_MM)
    return bool(table["columns"] == 1) and off < 3


def _one_in(element: str, each: Paragraph, clause: str, level: Level) -> Iterator[Deviation]:
    """Judge one character of size 4 before the first line and after each."""
    lead = each["text"][: len(each["text"]) - len(each["text"].lstrip("\u3000 "))]
    left = first_line_pt(each) / _CHARACTER_PT + lead.count("\u3000") + lead.count(" ") / 2
    if abs(left - 1) > 0.35:
        yield Deviation(element, f"左空 {characters(left)} 字", "左右各空一字", clause, level, quoted(each))
    elif abs(indent_pt(each, "right") / _CHARACTER_PT - 1) > 0.5 and len(each["text"]) > 28:
        right = characters(indent_pt(each, "right") / _CHARACTER_PT)
        yield Deviation(element, f"右空 {right} 字", "左右各空一字", clause, level, quoted(each))


def _printed(found: Elements, each: Paragraph, level: Level) -> Iterator[Deviation]:
    element, clause = "印发机关和印发日期", "7.4.3"
    yield from typed(element, each, face="仿宋", size=28, clause=clause, level=level)
    match = words.PRINTED.match(each["text"].strip())
    if match is None:
        return
    if not words.PROPER_DAY.match(match["day"]):
        required = "阿拉伯数字，年份标全，月、日不编虚位"
        yield Deviation(element, f"“{match['day']}”", required, clause, level, quoted(each))
    if not match["by"].strip():
        return
    if "\t" not in match["gap"]:
        if not _fills_the_line(each):
            told = "中间用空格隔开" if match["gap"] else "机关与日期相连"
            yield Deviation(element, told, "印发机关左空一字、印发日期右空一字", clause, level, quoted(each))
    elif each["where"] == "body" or _frames_whole(found, each):
        yield from _tabbed(element, each, level)


def _tabbed(element: str, each: Paragraph, level: Level) -> Iterator[Deviation]:
    stops = [place / 20 for kind, place in each["tabs"] if kind == "right"]
    left = first_line_pt(each) / _CHARACTER_PT + each["text"].startswith("\u3000")
    right = (layout.BLOCK_WIDTH_MM * layout.PT_PER_MM - stops[-1]) / _CHARACTER_PT if stops else None
    if abs(left - 1) > 0.35 and not each["text"].startswith("\t"):
        yield Deviation(
            element, f"左空 {characters(left)} 字", "印发机关左空一字", "7.4.3", level, quoted(each)
        )
    if right is None or abs(right - 1) > 0.5:
        told = "日期没有对齐到右边" if right is None else f"右空 {characters(right)} 字"
        yield Deviation(element, told, "印发日期右空一字", "7.4.3", level, quoted(each))


def _fills_the_line(each: Paragraph) -> bool:
    """Return whether blanks bring the day to one character from the right, as near as blanks can."""
    width = width_in_characters(each["text"].strip("\n").rstrip()) * (each["size"] or 28) / 2
    width += first_line_pt(each)
    end = (layout.BLOCK_WIDTH_MM * layout.PT_PER_MM - width) / _CHARACTER_PT
    return each["align"] in ("both", "left") and abs(end - 1) <= 0.6


# -- rules ---------------------------------------------------------------------------------------------


def _no_rules(found: Elements) -> Iterator[Deviation]:
    rules = _rules_of(found, _ruled_lines(found))
    if rules is not None and any(rules):
        yield Deviation("版记分隔线", "有分隔线", "信函的版记不加分隔线", "10.1")


def _ruled_lines(found: Elements) -> list[Paragraph]:
    return [each for each in found.imprint if each["where"] != "box" or each["table"] is not None]


def _rules(found: Elements, level: Level) -> Iterator[Deviation]:
    lines = _ruled_lines(found)
    rules = _rules_of(found, lines)
    if rules is None:
        return
    first, *between, last = rules
    clause = "7.4.1"
    for words_, size in (("首条", first), ("末条", last)):
        if size is None:
            yield Deviation("版记分隔线", f"没有{words_}分隔线", "首条和末条用粗线（0.35 mm）", clause, level)
        elif not _THICK[0] <= size <= _THICK[1]:
            told = f"{words_} {size / 8 / layout.PT_PER_MM:.2f} mm"
            yield Deviation("版记分隔线", told, "首条和末条用粗线（0.35 mm）", clause, level)
    for size in between:
        if size is None:
            yield Deviation("版记分隔线", "两个要素之间没有分隔线", "中间用细线（0.25 mm）", clause, level)
        elif not _THIN[0] <= size <= _THIN[1]:
            told = f"中间 {size / 8 / layout.PT_PER_MM:.2f} mm"
            yield Deviation("版记分隔线", told, "中间用细线（0.25 mm）", clause, level)
    yield from _rule_width(found, lines, level)


def _rules_of(found: Elements, lines: list[Paragraph]) -> list[int | None] | None:
    """Return the widths of the rules from the top, None for one that is missing; None when they are drawn."""
    if not lines:
        return None
    drawn = found.shape["paragraphs"][max(0, lines[0]["place"] - 3) : lines[-1]["place"] + 3]
    if any(bar["kind"] == "bar" for each in drawn for bar in each["drawn"]):
        return None
    rows = _rows(lines)
    return [_edge(found, rows, place) for place in range(len(rows) + 1)]


def _rows(lines: list[Paragraph]) -> list[Paragraph]:
    """Return one line for each row: cells beside each other share theirs."""
    kept: dict[tuple[Any, Any], Paragraph] = {}
    for each in lines:
        key = (each["table"], each["row"]) if each["table"] is not None else ("", each["place"])
        kept.setdefault(key, each)
    return list(kept.values())


def _edge(found: Elements, rows: list[Paragraph], place: int) -> int | None:
    """Return the width of the rule above row `place`, as the row above or below says."""
    sizes = []
    if place < len(rows):
        sizes.append(_side(found, rows[place], "top", is_outer=place == 0))
    if place > 0:
        sizes.append(_side(found, rows[place - 1], "bottom", is_outer=place == len(rows)))
    return next((size for size in sizes if size), None)


def _side(found: Elements, each: Paragraph, side: str, *, is_outer: bool) -> int | None:
    own = (each["above"] if side == "top" else each["below"]) or {}
    if own.get("kind"):
        return int(own["size"])
    if each["table"] is None:
        return None
    table = found.shape["tables"][each["table"]]
    cell = table["row_borders"][each["row"]].get(side)
    at_end = each["row"] == (0 if side == "top" else table["rows"] - 1)
    whole = table["borders"].get(side if at_end else "insideH")
    for edge in (cell, whole):
        if edge is not None:
            return int(edge["size"]) if edge["kind"] else None
    return 4 if table["named"] and not table["borders"] and not is_outer else None


def _rule_width(found: Elements, lines: list[Paragraph], level: Level) -> Iterator[Deviation]:
    tables = {each["table"] for each in lines if each["table"] is not None}
    for place in sorted(tables):
        millimetres = found.shape["tables"][place]["width"] / 20 / layout.PT_PER_MM
        block = block_width_pt(found.section) / layout.PT_PER_MM
        if millimetres and min(abs(millimetres - layout.BLOCK_WIDTH_MM), abs(millimetres - block)) > 2:
            yield Deviation("版记分隔线", f"宽 {millimetres:.0f} mm", "与版心等宽（156 mm）", "7.4.1", level)


# -- place ---------------------------------------------------------------------------------------------


def _place(found: Elements, level: Level) -> Iterator[Deviation]:
    if found.after_imprint:
        after = found.after_imprint[0]
        told = "其后还有内容"
        yield Deviation("版记", told, "置于公文最后一面，附件在版记之前", "7.4.1", level, quoted(after))
    places = {each["place"] for each in found.imprint if each["where"] == "box"}
    for each in found.shape["paragraphs"]:
        # The lines of a box follow the paragraph it hangs on.
        if places & {each["place"] + 1, each["place"] + 2}:
            for box in each["drawn"]:
                if box["kind"] == "box":
                    yield from _box(found, box, level)


def _box(found: Elements, box: dict[str, Any], level: Level) -> Iterator[Deviation]:
    place = box["top"]
    if not place or place["mm"] is None or place["from"] not in ("margin", "page"):
        return
    start = 0.0 if place["from"] == "margin" else found.section["top"] / 20 / layout.PT_PER_MM
    millimetres = place["mm"] - start + box["height"] - block_height_pt(found.section) / layout.PT_PER_MM
    if abs(millimetres) > 2.5:
        told = f"末条分隔线在版心下边缘{'之下' if millimetres > 0 else '之上'}约 {abs(millimetres):.0f} mm"
        yield Deviation("版记", told, "末条分隔线与最后一面的版心下边缘重合", "7.4.1", level)
    if abs(box["width"] - layout.BLOCK_WIDTH_MM) > 2:
        yield Deviation("版记分隔线", f"宽 {box['width']:.0f} mm", "与版心等宽（156 mm）", "7.4.1", level)
