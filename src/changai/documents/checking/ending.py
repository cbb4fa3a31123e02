"""Checks below the text: note of attachments, signature and day, remark, attachments."""

from collections.abc import Iterator
from dataclasses import dataclass

from changai.documents import layout
from changai.documents.characters import width_in_characters
from changai.documents.checking import words
from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.elements import Elements, Paragraph, is_beside_a_table
from changai.documents.checking.places import gap_lines, left_characters, right_characters
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
    """One of the three ways to sign: how far off body and day stand, and how many lines are left above."""

    clause: str
    required: str
    least: float
    most: float
    body_off: float
    day_off: float

    @property
    def off(self) -> float:
        return max(0.0, self.body_off - _NEAR) + max(0.0, self.day_off - _NEAR)


def signature(found: Elements) -> Iterator[Deviation]:
    """Yield what is wrong with the signing body and the day, whichever of the three ways fits them best."""
    yield from _day_words(found)
    if not found.dates:
        if found.kind in ("official", "letter") and found.has_text and found.masthead:
            yield Deviation("成文日期", "没有成文日期", "署名之下，年、月、日标全", "7.3.5")
        return
    day = found.dates[0]
    for each in (*found.signature, day):
        element = "成文日期" if each is day else "发文机关署名"
        yield from typed(element, each, face="仿宋", size=32, clause="7.3.5")
        yield from black(element, each)
    if len(found.signature) > 1 or day["where"] != "body":
        return
    forms = _forms(found, found.signature[0] if found.signature else None, day)
    best = min(forms, key=lambda form: form.off)
    if best.body_off > _NEAR:
        told = _stands(found, found.signature[0])
        yield Deviation("发文机关署名", told, best.required, best.clause, place=quoted(found.signature[0]))
    if best.day_off > _NEAR:
        required = best.required if found.signature else "右空四字或右空二字"
        yield Deviation("成文日期", _stands(found, day), required, best.clause, place=quoted(day))
    yield from _signature_gap(found, [form for form in forms if form.off == best.off])


def _day_words(found: Elements) -> Iterator[Deviation]:
    for each in found.dates:
        if not words.PROPER_DAY.match(each["text"].strip()):
            required = "阿拉伯数字，年份标全，月、日不编虚位"
            yield Deviation("成文日期", f"“{each['text'].strip()}”", required, "7.3.5.4")


def _forms(found: Elements, body: Paragraph | None, day: Paragraph) -> list[_Form]:
    section = found.section
    day_right, day_left = right_characters(day, section), left_characters(day, section)
    day_width = width_in_characters(day["text"].strip())
    if body is None:
        return [_Form("7.3.5", "", 0, 9, 0, min(abs(day_right - 4), abs(day_right - 2)))]
    body_right, body_left = right_characters(body, section), left_characters(body, section)
    width = width_in_characters(body["text"].strip())
    centre = abs((body_left + width / 2) - (day_left + day_width / 2))
    at_edge = 0.0 if body_right <= 0.3 and width > day_width else centre
    required = "加盖印章的，日期右空四字，署名以日期为准居中"
    sealed = _Form("7.3.5.1", required, 0.5, 4.5, min(centre, at_edge), abs(day_right - 4))
    if day_width > width:
        plain = (abs(body_left + 2 - day_left), abs(day_right - 2))
    else:
        plain = (abs(body_right - 2), abs(day_left - body_left - 2))
    required = "不加盖印章的，署名右空二字，日期首字比署名首字右移二字"
    unsealed = _Form("7.3.5.2", required, 0.4, 1.6, *plain)
    stamp = layout.STAMP_CHARACTERS + layout.STAMPED_INDENT_CHARACTERS
    off = min(abs(body_right - stamp), abs(body_right - layout.STAMPED_INDENT_CHARACTERS))
    stamped = _Form("7.3.5.3", "加盖签名章的，签名章和日期右空四字", 1.4, 3.6, off, abs(day_right - 4))
    return [sealed, unsealed, stamped]


def _stands(found: Elements, each: Paragraph) -> str:
    if each["align"] == "center":
        return "居中"
    left, right = left_characters(each, found.section), right_characters(each, found.section)
    return "居左顶格" if left < 0.3 else f"左空 {characters(left)} 字、右空 {characters(right)} 字"


def _signature_gap(found: Elements, forms: list[_Form]) -> Iterator[Deviation]:
    first = (found.signature or found.dates)[0]
    above = _last_above(found, first)
    gap = gap_lines(found, above, first) if above else None
    if gap is None or any(form.least <= gap <= form.most for form in forms):
        return
    least = "空一行" if forms[0].clause != "7.3.5.3" else "空二行"
    told = f"正文（或附件说明）下空 {characters(gap)} 行"
    yield Deviation(
        "发文机关署名", told, f"正文（或附件说明）下{least}", forms[0].clause, place=quoted(first)
    )


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
