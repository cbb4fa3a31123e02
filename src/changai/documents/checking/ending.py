"""Checks below the text: note of attachments, signature and day, remark, attachments."""

from collections.abc import Iterator
from dataclasses import dataclass

from changai.documents import layout
from changai.documents.checking import words
from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.elements import Elements, Paragraph, is_beside_a_table
from changai.documents.checking.places import (
    block_width_pt,
    gap_lines,
    left_characters,
    left_pt,
    right_characters,
    right_pt,
)
from changai.documents.checking.saying import aligned, black, characters, quoted, typed

_NEAR = 0.7  # characters a signature may stand off: narrow digits are a half or less


def notes(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the note that lists the attachments below the text."""
    for each in found.notes:
        if each["text"].strip().endswith(("。", "；", "，", ";", ",")):
            yield Deviation("附件说明", "名称后有标点", "附件名称后不加标点符号", "7.3.4", place=quoted(each))
        yield from typed("附件说明", each, face="仿宋", size=32, clause="7.3.4")
        yield from black("附件说明", each)
        listed = words.NOTE.match(each["text"].strip())
        if listed and listed["number"]:
            required = "“附件：”后用阿拉伯数字标注顺序号（附件：1.……）"
            yield Deviation("附件说明", f"“附件{listed['number']}：”", required, "7.3.4", place=quoted(each))
        if "《" in (listed["name"] if listed else ""):
            required = "附件名称不加书名号"
            required = "附件名称不加书名号"
            yield Deviation("附件说明", "名称加书名号", required, "公文标题惯例", Level.CUSTOM, quoted(each))
    for each in found.notes[:1]:
        empty = left_characters(each, found.section)
        if each["where"] == "body" and abs(empty - 2) > 0.3:
            yield Deviation(
                "附件说明", f"左空 {characters(empty)} 字", "左空二字", "7.3.4", place=quoted(each)
            )
        above = _last_above(found, each)
        gap = gap_lines(found, above, each) if above else None
        if gap is not None and abs(gap - 1) > 0.6:
            yield Deviation(
                "附件说明", f"正文下空 {characters(gap)} 行", "正文下空一行", "7.3.4", place=quoted(each)
            )


def _last_above(found: Elements, each: Paragraph) -> Paragraph | None:
    lines = [*(line for _, line in found.headings), *found.body, *found.attendance, *found.notes]
    return max(
        (line for line in lines if line["place"] < each["place"]),
        key=lambda line: int(line["place"]),
        default=None,
    )


# -- signature and day ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Form:
    """One of the three ways to sign: how many lines are left above, how far off body, day and their distance are."""

    clause: str
    required: str
    lines: tuple[float, float]
    body_off: float
    day_off: float
    apart_off: float
    gap: float | None
    usual: float = 0.0  # a seal needs two lines above, though nothing says so

    @property
    def rank(self) -> tuple[int, float]:
        """Return how ill it fits: the number of things that are off, then by how much."""
        offs = [off for off in (self.body_off, self.day_off, self.apart_off) if off > _NEAR]
        is_usual = self.gap is None or self.usual <= self.gap <= self.lines[1]
        return len(offs) + (not is_usual), sum(offs)

    @property
    def has_room(self) -> bool:
        """Return whether as many lines are left above as this way needs."""
        return self.gap is None or self.lines[0] <= self.gap <= self.lines[1]


def signature(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the signing body and the day, whichever of the three ways fits them best."""
    if not found.dates:
        if found.kind in ("official", "letter") and found.has_text and found.masthead:
            yield Deviation("成文日期", "没有成文日期", "署名之下，年、月、日标全", "7.3.5")
        return
    day = found.dates[0]
    for each in (*found.signature, day):
        element = "成文日期" if each is day else "发文机关署名"
        yield from typed(element, each, face="仿宋", size=32, clause="7.3.5")
        yield from black(element, each)
    if not words.PROPER_DAY.match(day["text"].strip()):
        required = "阿拉伯数字，年份标全，月、日不编虚位"
        yield Deviation("成文日期", f"“{day['text'].strip()}”", required, "7.3.5.4")
    elif day["where"] == "body":
        yield from _signature_place(found, day)


def _signature_place(found: Elements, day: Paragraph) -> Iterator[Deviation]:
    """Judge body and day; of several bodies, beside or below each other, the day alone."""
    is_joint = len(found.signature) > 1 or any(
        words.JOINED.search(s["text"].strip()) for s in found.signature
    )
    body = found.signature[0] if found.signature and not is_joint else None
    best = min(_forms(found, body, day), key=lambda form: form.rank)
    if body is not None and best.body_off > _NEAR:
        yield Deviation("发文机关署名", _stands(found, body), best.required, best.clause, place=quoted(body))
    if best.day_off > _NEAR:
        yield Deviation("成文日期", _stands(found, day), best.required, best.clause, place=quoted(day))
    elif body is not None and best.apart_off > _NEAR:
        told = f"署名下空 {characters(gap_lines(found, body, day) or 0)} 行"
        yield Deviation("成文日期", told, "编排在署名之下", best.clause, place=quoted(day))
    yield from _signature_gap(found, best)


def _forms(found: Elements, body: Paragraph | None, day: Paragraph) -> list[_Form]:
    """Return the ways to sign with what is off in each; the place of one is judged by where the other should be."""
    day_left, day_right = _edges(found, day)
    if body is None:
        required = "右空四字（加盖印章）或右空二字"
        return [_Form("7.3.5", required, (0, 9), 0, min(abs(day_right - 4), abs(day_right - 2)), 0, None)]
    room = block_width_pt(found.section) / layout.CHARACTER_ADVANCE_PT
    apart = gap_lines(found, body, day) or 0.0
    above = _last_above(found, body)
    gap = gap_lines(found, above, body) if above else None
    left, right = _edges(found, body)
    place = _Place(room, left, right, day_left, day_right, apart, gap)
    return [_sealed(place), _unsealed(place), _stamped(place)]


def _edges(found: Elements, each: Paragraph) -> tuple[float, float]:
    """Return how far a line stands from both edges, in characters of the text whatever its own size."""
    text = each["text"].split("\n")[0]
    edges = (left_pt(each, found.section, text), right_pt(each, found.section, text))
    return edges[0] / layout.CHARACTER_ADVANCE_PT, edges[1] / layout.CHARACTER_ADVANCE_PT


@dataclass(frozen=True, slots=True)
class _Place:
    """Where signing body and day stand, in characters; `room` is the width of the line.

    `apart` are the lines between them, `gap` those above.
    """

    room: float
    left: float
    right: float
    day_left: float
    day_right: float
    apart: float
    gap: float | None

    @property
    def width(self) -> float:
        return self.room - self.left - self.right

    @property
    def day_width(self) -> float:
        return self.room - self.day_left - self.day_right


def _sealed(place: _Place) -> _Form:
    centre, half = place.left + place.width / 2, place.day_width / 2
    off = min(abs(centre - place.day_left - half), abs(centre - (place.room - 4 - half)))
    if place.right <= 0.3 and place.width > place.day_width:
        off = 0.0  # a long name is set against the right edge
    required = "加盖印章的，日期右空四字，署名以日期为准居中"
    return _Form("7.3.5.1", required, (0.5, 4.5), off, abs(place.day_right - 4), place.apart, place.gap, 1.4)


def _unsealed(place: _Place) -> _Form:
    if place.day_width > place.width:
        day_should = place.room - 2 - place.day_width
        body_off = min(abs(place.left + 2 - place.day_left), abs(place.left + 2 - day_should))
        day_off = abs(place.day_right - 2)
    else:
        should = place.room - 2 - place.width
        body_off = abs(place.right - 2)
        day_off = min(abs(place.day_left - place.left - 2), abs(place.day_left - should - 2))
    required = "不加盖印章的，署名右空二字，日期首字比署名首字右移二字"
    return _Form("7.3.5.2", required, (0.4, 1.6), body_off, day_off, place.apart, place.gap, 0.4)


def _stamped(place: _Place) -> _Form:
    stamp = layout.STAMP_CHARACTERS + layout.STAMPED_INDENT_CHARACTERS
    off = min(abs(place.right - stamp), abs(place.right - layout.STAMPED_INDENT_CHARACTERS))
    required = "加盖签名章的，签名章和日期右空四字"
    lines, apart = (1.4, 3.6), abs(place.apart - 1)
    return _Form("7.3.5.3", required, lines, off, abs(place.day_right - 4), apart, place.gap, 1.4)


def _stands(found: Elements, each: Paragraph) -> str:
    if each["align"] == "center":
        return "居中"
    left, right = left_characters(each, found.section), right_characters(each, found.section)
    return "居左顶格" if left < 0.3 else f"左空 {characters(left)} 字、右空 {characters(right)} 字"


def _signature_gap(found: Elements, best: _Form) -> Iterator[Deviation]:
    if best.has_room or best.gap is None:
        return
    least = "空一行" if best.clause != "7.3.5.3" else "空二行"
    told, first = f"正文（或附件说明）下空 {characters(best.gap)} 行", (found.signature or found.dates)[0]
    yield Deviation("发文机关署名", told, f"正文（或附件说明）下{least}", best.clause, place=quoted(first))


# -- remark --------------------------------------------------------------------------------------------


def remarks(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the remark (附注) under the day."""
    for each in found.remarks:
        text = each["text"].strip()
        if is_beside_a_table(each, text) or each["where"] != "body":
            continue
        if not (text.startswith("（") and text.rstrip("。").endswith("）")):
            yield Deviation("附注", "没有圆括号", "居左空二字加圆括号", "7.3.6", place=quoted(each))
        empty = left_characters(each, found.section)
        if each["align"] in ("center", "right") or abs(empty - 2) > 0.3:
            told = aligned(each) if each["align"] in ("center", "right") else f"左空 {characters(empty)} 字"
            yield Deviation("附注", told, "居左空二字", "7.3.6", place=quoted(each))
        yield from typed("附注", each, face="仿宋", size=32, clause="7.3.6")
    for each in found.remarks[:1]:
        gap = gap_lines(found, found.dates[-1], each)
        if gap is not None and gap > 0.6:
            told = f"成文日期下空 {characters(gap)} 行"
            yield Deviation("附注", told, "成文日期下一行", "7.3.6", place=quoted(each))


# -- attachments ---------------------------------------------------------------------------------------


def attachments(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the attachments' pages, and where they differ from the note that lists them."""
    if found.enclosed and not found.notes:
        yield Deviation("附件说明", "有附件而无附件说明", "正文下空一行左空二字编排", "7.3.4")
    for mark, *rest in found.enclosed:
        yield from _mark(found, mark)
        yield from _attachment_title(found, mark, rest)
        yield from _attachment_text(rest)
    if found.notes:
        yield from _agreement(found)


def _mark(found: Elements, each: Paragraph) -> Iterator[Deviation]:
    yield from typed("附件序号", each, face="黑体", size=32, clause="7.3.7")
    yield from black("附件序号", each)
    match = words.ATTACHMENT.match(each["text"].strip())
    if match and match["colon"]:
        yield Deviation("附件序号", "后有冒号", "“附件”二字及顺序号后不加冒号", "7.3.7", place=quoted(each))
    if match and match["number"] and not match["number"].isascii():
        yield Deviation("附件序号", f"“{match['number']}”", "阿拉伯数字", "7.3.7", place=quoted(each))
    if not each["begins_page"]:
        yield Deviation("附件序号", "没有另面编排", "附件另面编排", "7.3.7", place=quoted(each))
    empty = left_characters(each, found.section)
    if each["align"] in ("center", "right"):
        yield Deviation("附件序号", aligned(each), "顶格编排在版心左上角第一行", "7.3.7", place=quoted(each))
    elif empty > 0.3:
        told = f"左空 {characters(empty)} 字"
        yield Deviation("附件序号", told, "顶格编排在版心左上角第一行", "7.3.7", place=quoted(each))


def attachment_title(rest: list[Paragraph]) -> Paragraph | None:
    """Return the title of an attachment: the first line under its mark."""
    return rest[0] if rest and not rest[0]["text"].strip().endswith("。") else None


def _attachment_title(found: Elements, mark: Paragraph, rest: list[Paragraph]) -> Iterator[Deviation]:
    title = attachment_title(rest)
    if title is None:
        return
    if title["align"] != "center":
        yield Deviation("附件标题", aligned(title), "居中编排在版心第三行", "7.3.7", place=quoted(title))
    gap = gap_lines(found, mark, title)
    if gap is not None and abs(gap - 1) > 0.6:
        told = f"附件序号下空 {characters(gap)} 行"
        yield Deviation("附件标题", told, "居中编排在版心第三行", "7.3.7", place=quoted(title))
    yield from typed("附件标题", title, face="小标宋", size=44, clause="附件格式同正文", level=Level.CUSTOM)


def _attachment_text(rest: list[Paragraph]) -> Iterator[Deviation]:
    for each in rest[1:]:
        text = each["text"].strip()
        if text.endswith("。") and not is_beside_a_table(each, text) and not words.heading_level(text):
            yield from typed("附件正文", each, face="仿宋", size=32, clause="7.3.7")


def _agreement(found: Elements) -> Iterator[Deviation]:
    """Judge numbers and titles of the attachments against the note; those sent apart need not be in the file."""
    listed = _listed(found)
    for mark, *rest in found.enclosed:
        match = words.ATTACHMENT.match(mark["text"].strip())
        number = words.ordinal(match["number"]) if match and match["number"] else None
        if (number or 1) not in listed or (number is None) != (None in listed or len(listed) == 1):
            required = "与附件说明的顺序号一致"
            yield Deviation("附件序号", "与附件说明不一致", required, "7.3.7", place=quoted(mark))
            continue
        title = attachment_title(rest)
        name = listed[number or 1]
        written = () if title is None else (words.bare(_joined(title, rest)), words.bare(title["text"]))
        if title is not None and name and name not in written:
            yield Deviation("附件标题", "与附件说明不一致", f"“{name}”", "7.3.7", place=quoted(title))


def _joined(title: Paragraph, rest: list[Paragraph]) -> str:
    """Return the title with the lines of the same type below it."""
    lines = [title["text"]]
    for each in rest[1:4]:
        if each["align"] != "center" or each["size"] != title["size"]:
            break
        lines.append(each["text"])
    return "".join(lines)


def _listed(found: Elements) -> dict[int, str]:
    """Return the names of the note by their numbers, counted where the writer left the number out."""
    names: dict[int, str] = {}
    for each in found.notes:
        text = each["text"].strip()
        match = words.NOTE.match(text)
        number = words.ordinal(match["number"]) if match and match["number"] else None
        for line in (match["name"] if match else text).split("\n"):
            item = words.LISTED.match(line.strip())
            name = item["name"] if item else line.strip()
            if name:
                place = int(item["number"]) if item else number or len(names) + 1
                names[place] = words.bare(name)
    return names
