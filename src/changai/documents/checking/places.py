"""Where a line stands: characters from the left and right edge of the block, lines below the one above."""

import math
from typing import Any

from changai.documents import layout
from changai.documents.characters import width_in_characters
from changai.documents.checking.elements import Elements, Paragraph, Section

SINGLE = 1.3  # share of its size a line takes that is set in single spacing
MM = 20 * layout.PT_PER_MM  # twentieths of a point to the millimetre


def advance_pt(each: Paragraph) -> float:
    """Return how far one character leads, in points; a point at least, however close the letters are set."""
    return max(1.0, float((each["size"] or 20) / 2 + (each["spacing"] or 0) / 20))


def block_width_pt(section: Section) -> float:
    """Return the width of the block."""
    return float(section["width"] - section["left"] - section["right"] - section["gutter"]) / 20


def block_height_pt(section: Section) -> float:
    """Return the height of the block."""
    return float(section["height"] - section["top"] - section["bottom"]) / 20


def indent_pt(each: Paragraph, side: str) -> float:
    """Return an indent (left, right, first_line or hanging); characters count before lengths."""
    in_characters = each[f"{side.removesuffix('_line')}_characters"]
    if in_characters:
        return float(in_characters) / 100 * (each["size"] or 20) / 2
    return float(each[side] or 0) / 20


def first_line_pt(each: Paragraph) -> float:
    """Return how far the first line stands in from the edge of the block."""
    hanging = indent_pt(each, "hanging")
    return indent_pt(each, "left") + (-hanging if hanging else indent_pt(each, "first_line"))


def leading_characters(text: str) -> float:
    """Return the width of the blanks a line begins with."""
    lead = text[: len(text) - len(text.lstrip(" \u3000"))]
    return width_in_characters(lead)


def text_width_pt(each: Paragraph, text: str) -> float:
    """Return about how wide a line of this text is."""
    return width_in_characters(text) * (each["size"] or 20) / 2 + len(text) * (each["spacing"] or 0) / 20


def left_characters(each: Paragraph, section: Section) -> float:
    """Return how many characters from the left the text of the first line begins."""
    text = each["text"].split("\n")[0].rstrip(" \u3000")
    return left_pt(each, section, text) / advance_pt(each)


def left_pt(each: Paragraph, section: Section, text: str) -> float:
    """Return how far from the left edge of the block the line `text` begins, its blanks passed over."""
    words = text.strip(" \u3000\t")
    if each["align"] == "center" and "\t" not in text:
        room = block_width_pt(section) - indent_pt(each, "right") - first_line_pt(each)
        lead = leading_characters(text) * advance_pt(each)
        return first_line_pt(each) + (room - text_width_pt(each, words) + lead) / 2
    if each["align"] == "right" and "\t" not in text:
        return block_width_pt(section) - right_pt(each, section, text) - text_width_pt(each, words)
    start = first_line_pt(each)
    for char in text:
        if char == "\t":
            start = next((place / 20 for _, place in each["tabs"] if place / 20 > start + 0.1), start + 21)
        elif char in " \u3000":
            start += width_in_characters(char) * advance_pt(each)
        else:
            break
    return start


def right_pt(each: Paragraph, section: Section, text: str) -> float:
    """Return how far from the right edge of the block the line `text` ends, its blanks passed over."""
    words = text.strip(" \u3000\t")
    trailing = text[len(text.rstrip(" \u3000")) :]
    if each["align"] == "right" and "\t" not in text:
        return indent_pt(each, "right") + width_in_characters(trailing) * advance_pt(each)
    stops = [place / 20 for kind, place in each["tabs"] if kind == "right"]
    if "\t" in text.rstrip("\t") and stops:
        return float(block_width_pt(section) - stops[-1])
    return block_width_pt(section) - left_pt(each, section, text) - text_width_pt(each, words)


def right_characters(each: Paragraph, section: Section) -> float:
    """Return how many characters from the right the text of the first line ends."""
    return right_pt(each, section, each["text"].split("\n")[0]) / advance_pt(each)


def line_height_pt(each: Paragraph, section: Section) -> float:
    """Return about how high a line of the paragraph is."""
    size = float(each["size"] if each["text"].strip() and each["size"] else each["mark_size"]) / 2
    written, rule = float(each["line"] or 240), each["line_rule"]
    if rule == "exact":
        return written / 20
    if rule == "atLeast":
        return max(written / 20, size * SINGLE)
    if section["snaps"] and section["pitch"] and each["snaps"]:
        pitch = float(section["pitch"]) / 20
        return pitch * max(1, math.ceil(size * SINGLE / pitch - 0.2)) * written / 240
    return size * SINGLE * written / 240


def pitch_pt(each: Paragraph, section: Section) -> float | None:
    """Return the fixed pitch of the paragraph's lines; None when the type decides."""
    if each["line_rule"] == "exact" and each["line"]:
        return float(each["line"]) / 20
    is_single = (each["line"] or 240) == 240
    if section["snaps"] and section["pitch"] and each["snaps"] and each["line_rule"] in (None, "auto"):
        return float(section["pitch"]) / 20 if is_single else None
    return None


def gap_lines(found: Elements, upper: Paragraph, lower: Paragraph) -> float | None:
    """Return how many lines stand empty between two paragraphs of the flow; None when it cannot be told."""
    if upper["where"] != "body" or lower["where"] != "body" or upper["place"] >= lower["place"]:
        return None
    section = found.section
    between = found.shape["paragraphs"][upper["place"] + 1 : lower["place"]]
    if any(each["text"].strip() or each["where"] != "body" or each["framed"] for each in between):
        return None
    rule = upper["below"] or {}
    lines = (after_pt(upper) + before_pt(lower) + _rule_pt(rule)) / layout.LINE_PITCH_PT
    for each in between:
        lines += _empty_lines(each, section)
    return lines


def _rule_pt(rule: dict[str, Any]) -> float:
    return float(rule["space"] + rule["size"] / 8) if rule.get("kind") else 0.0


def _empty_lines(each: Paragraph, section: Section) -> float:
    """Return an empty paragraph in lines: one that is set as text counts whole, whatever its pitch."""
    height = line_height_pt(each, section)
    counted = 1.0 if 0.55 < height / layout.LINE_PITCH_PT < 1.4 else height / layout.LINE_PITCH_PT
    return counted + (before_pt(each) + after_pt(each)) / layout.LINE_PITCH_PT


def before_pt(each: Paragraph) -> float:
    """Return the room above the paragraph."""
    if each["before_lines"]:
        return float(each["before_lines"]) / 100 * layout.LINE_PITCH_PT
    return float(each["before"] or 0) / 20


def after_pt(each: Paragraph) -> float:
    """Return the room below the paragraph."""
    if each["after_lines"]:
        return float(each["after_lines"]) / 100 * layout.LINE_PITCH_PT
    return float(each["after"] or 0) / 20


def top_pt(found: Elements, lower: Paragraph) -> float | None:
    """Return how far below the block's top the letters of a paragraph of page one begin; None when unknown."""
    if lower["where"] != "body" or lower["framed"]:
        return None
    above = found.shape["paragraphs"][: lower["place"]]
    if any(each["where"] != "body" or each["framed"] for each in above):
        return None
    section = found.section
    height: float = sum(
        before_pt(each) + after_pt(each) + line_height_pt(each, section) * (each["text"].count("\n") + 1)
        for each in above
    )
    size = float(lower["size"] or 20) / 2
    slack = max(0.0, line_height_pt(lower, section) - 1.2 * size)
    return height + before_pt(lower) + slack / 2 + layout.MASTHEAD_DROP * size
