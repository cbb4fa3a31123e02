"""Which paragraph of a paper is what: masthead, number, title, recipients, headings, body, notes, imprint."""

import re
from dataclasses import dataclass, field
from typing import Any

Paragraph = dict[str, Any]
Sheet = dict[str, Any]

NUMBER = re.compile(
    r"^\s*(?P<code>[^\s〔\[（(【\d]{1,24})\s*(?P<open>[〔\[（(【])\s*(?P<year>\d{2,4})\s*[〕\]）)】]"
    r"\s*(?P<ordinal>第?\s*\d+)\s*号"
)
ISSUE = re.compile(r"^\s*[（(]?第\s*[\d\u3000 ]*\s*期")
_DAY = re.compile(
    r"^\s*(?:\d{2,4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}\s*[.\-/．]\s*\d{1,2}\s*[.\-/．]\s*\d{1,2}"
    r"|[〇○零一二三四五六七八九十]{2,5}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)\s*$"
)
_SECURITY = re.compile(r"^(绝密|机密|秘密)(★.{1,8})?$")
_URGENCY = re.compile(r"^(特提|特急|加急|平急)$")
_LABELS = (
    re.compile(r"^[一二三四五六七八九十]{1,3}、"),
    re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"^\d{1,2}[.．、](?!\d)"),
    re.compile(r"^[（(]\d{1,2}[）)]"),
)
_NOTE = re.compile(r"^(注|备注|说明|资料来源|数据来源|单位)[：:]")
_HEADING_CHARACTERS = 40
_TITLE_HALF_POINTS = 36
_ATTACHMENT = re.compile(r"^附件\s*(\d*)\s*[：:]?$")


@dataclass
class Elements:
    """The paragraphs of a paper by what they are; several where there may be several."""

    shape: dict[str, Any]
    copy_number: list[Paragraph] = field(default_factory=list)
    marks: list[Paragraph] = field(default_factory=list)
    masthead: list[Paragraph] = field(default_factory=list)
    number: list[Paragraph] = field(default_factory=list)
    issue: list[Paragraph] = field(default_factory=list)
    title: list[Paragraph] = field(default_factory=list)
    recipients: list[Paragraph] = field(default_factory=list)
    headings: list[tuple[int, Paragraph]] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)
    dates: list[Paragraph] = field(default_factory=list)
    attachments: list[Paragraph] = field(default_factory=list)
    copy_to: list[Paragraph] = field(default_factory=list)
    printed: list[Paragraph] = field(default_factory=list)
    is_signed: bool = False


def elements_of(shape: dict[str, Any]) -> Elements:
    """Return what each paragraph of the flow is; `shape` is what `shape.parse` read."""
    found = Elements(shape)
    for each in shape["paragraphs"]:
        if each["text"].strip() and each["where"] in ("body", "box"):
            _place(each, found)
    return found


def _place(each: Paragraph, found: Elements) -> None:
    text = each["text"].strip()
    if text.startswith(("抄送：", "抄送:")):
        found.copy_to.append(each)
    elif text.endswith("印发") and "\t" in each["text"]:
        found.printed.append(each)
    elif each["where"] == "box":
        return
    elif not found.title:
        _place_head(each, text, found)
    else:
        _place_text(each, text, found)


def _place_head(each: Paragraph, text: str, found: Elements) -> None:
    if re.fullmatch(r"\d{6}", text):
        found.copy_number.append(each)
    elif _SECURITY.match(text) or _URGENCY.match(text):
        found.marks.append(each)
    elif NUMBER.search(text.partition("\t")[2] or text) or NUMBER.match(text):
        found.number.append(each)
    elif ISSUE.match(text):
        found.issue.append(each)
    elif not found.masthead and not found.number and _is_large(each) and _is_coloured(each):
        found.masthead.append(each)
    elif _is_large(each) and each["align"] == "center":
        found.title.append(each)


def _place_text(each: Paragraph, text: str, found: Elements) -> None:
    if _ATTACHMENT.match(text):
        found.attachments.append(each)
    elif found.attachments or _is_beside_a_table(each, text):
        return
    elif not (found.recipients or found.body or found.headings) and text.endswith(("：", ":")):
        found.recipients.append(each)
    elif text.startswith(("附件：", "附件:")) or (found.notes and re.match(r"^\d+[.．]", text)):
        found.notes.append(each)
    elif _DAY.match(text):
        _place_date(each, found)
    else:
        _place_body(each, text, found)


def _place_date(each: Paragraph, found: Elements) -> None:
    found.dates.append(each)
    if not found.is_signed and found.body and _is_issuer(found.body[-1]):
        found.body.pop()


def _place_body(each: Paragraph, text: str, found: Elements) -> None:
    level = heading_level(text)
    if level and (len(text) <= _HEADING_CHARACTERS or each["style"].startswith("Heading")):
        found.headings.append((level, each))
    elif _is_signature(each):
        found.is_signed = True
    elif not found.dates and not found.notes:
        found.body.append(each)


def heading_level(text: str) -> int:
    """Return the level 1 to 4 a heading's label has, 0 without one."""
    return next((level for level, label in enumerate(_LABELS, start=1) if label.match(text)), 0)


def _is_large(each: Paragraph) -> bool:
    return (each["size"] or 0) >= _TITLE_HALF_POINTS


def _is_coloured(each: Paragraph) -> bool:
    return each["colour"].upper() not in ("", "AUTO", "000000")


def _is_beside_a_table(each: Paragraph, text: str) -> bool:
    """Return whether a line is a caption or the note of a table or picture, which have a type of their own."""
    short = len(text) <= 2 * _HEADING_CHARACTERS
    return short and (each["align"] == "center" or bool(_NOTE.match(text) and (each["size"] or 32) < 32))


def _is_issuer(each: Paragraph) -> bool:
    text = each["text"].strip()
    return len(text) <= _HEADING_CHARACTERS and not text.endswith(("。", "；", "："))


def _is_signature(each: Paragraph) -> bool:
    """Return whether a short line standing far in is a signing body, not text."""
    far_in = (each["left"] or 0) > 2400 or each["align"] == "right"
    return far_in and len(each["text"].strip()) <= _HEADING_CHARACTERS
