"""Which paragraph of a paper is what: by its words and its place among the others, not by its looks alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from changai.documents.checking import words

Paragraph = dict[str, Any]
Section = dict[str, Any]

HEADING_CHARACTERS = 40
_LONG_LINE = 60
_LARGE_HALF_POINTS = 36
_BLACK = ("", "AUTO", "000000")


@dataclass
class Elements:
    """The paragraphs of a paper by what they are; several where there may be several.

    `kind` is official, letter, minutes, order, briefing, or plain for a paper without a head. `enclosed` are the lines
    of the attachments, each list beginning with its mark.
    """

    shape: dict[str, Any]
    kind: str = "plain"
    copy_number: list[Paragraph] = field(default_factory=list)
    marks: list[Paragraph] = field(default_factory=list)
    masthead: list[Paragraph] = field(default_factory=list)
    number: list[Paragraph] = field(default_factory=list)
    signers: list[Paragraph] = field(default_factory=list)
    issue: list[Paragraph] = field(default_factory=list)
    issuer: list[Paragraph] = field(default_factory=list)
    title: list[Paragraph] = field(default_factory=list)
    recipients: list[Paragraph] = field(default_factory=list)
    headings: list[tuple[int, Paragraph]] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    attendance: list[Paragraph] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)
    signature: list[Paragraph] = field(default_factory=list)
    dates: list[Paragraph] = field(default_factory=list)
    remarks: list[Paragraph] = field(default_factory=list)
    enclosed: list[list[Paragraph]] = field(default_factory=list)
    copy_to: list[Paragraph] = field(default_factory=list)
    receivers: list[Paragraph] = field(default_factory=list)
    printed: list[Paragraph] = field(default_factory=list)
    copies: list[Paragraph] = field(default_factory=list)
    after_imprint: list[Paragraph] = field(default_factory=list)

    @property
    def section(self) -> Section:
        """Return the section page one stands in."""
        found: Section = self.shape["sections"][0]
        return found

    @property
    def imprint(self) -> list[Paragraph]:
        """Return the lines of the imprint in the order of the paper."""
        lines = [*self.copy_to, *self.receivers, *self.printed, *self.copies]
        return sorted(lines, key=lambda each: int(each["place"]))

    @property
    def title_text(self) -> str:
        """Return the title in one line."""
        return "".join(each["text"] for each in self.title).replace("\n", "").strip()

    @property
    def has_text(self) -> bool:
        """Return whether anything under the title was read as text."""
        return bool(self.body or self.headings or self.attendance)


def elements_of(shape: dict[str, Any]) -> Elements:
    """Return what each paragraph is; `shape` is what `shape.parse` read."""
    found = Elements(shape)
    for place, each in enumerate(shape["paragraphs"]):
        each["place"] = place
        each["in_flow"] = _is_in_flow(each, shape["tables"])
    written = [each for each in shape["paragraphs"] if each["text"].strip()]
    rest = _without_imprint(written, found)
    begin = next((place for place, each in enumerate(rest) if _begins_text(each)), len(rest))
    head = _without_head_lines(rest[:begin], found)
    _place_title(head, found)
    found.kind = _kind(found)
    _Text(found).read([each for each in rest[begin:] if each["in_flow"]])
    return found


def _is_in_flow(each: Paragraph, tables: Sequence[dict[str, Any]]) -> bool:
    """Return whether a paragraph is part of the text: a table of one column and one or two rows only frames it."""
    if each["where"] != "cell":
        return bool(each["where"] == "body")
    table = tables[each["table"]]
    return bool(table["columns"] == 1 and table["rows"] <= 2)


# -- imprint -------------------------------------------------------------------------------------------


def _without_imprint(written: list[Paragraph], found: Elements) -> list[Paragraph]:
    """Take the lines of the imprint out; what stands after them in the flow is kept apart too."""
    day = next(
        (place for place in range(len(written) - 1, -1, -1) if words.DAY.match(written[place]["text"])), -1
    )
    rest: list[Paragraph] = []
    has_begun = False
    for place, each in enumerate(written):
        is_late = place > day >= 0 or each["where"] in ("box", "cell")
        target = _imprint_kind(each["text"].strip(), found, is_late=is_late)
        if target is not None:
            target.append(each)
            has_begun = True
            continue
        if has_begun and each["in_flow"]:
            found.after_imprint.append(each)
        rest.append(each)
    return rest


def _imprint_kind(text: str, found: Elements, *, is_late: bool) -> list[Paragraph] | None:
    if words.COPY_TO.match(text):
        return found.copy_to
    if words.COPIES.match(text):
        return found.copies
    if is_late or found.copy_to:
        match = words.PRINTED.match(text)
        if match and text.endswith("印发") and len(text) < _LONG_LINE:
            return found.printed
    if is_late and words.RECEIVERS.match(text):
        return found.receivers
    return None


# -- head ----------------------------------------------------------------------------------------------


def _begins_text(each: Paragraph) -> bool:
    """Return whether the text begins here: at the recipients, a heading or a line only text can be."""
    text = each["text"].strip()
    if not each["in_flow"] or _is_head_line(text):
        return False
    if text.endswith(("：", ":")) and not (is_large(each) and each["align"] == "center"):
        return True
    if is_large(each) and each["align"] == "center":
        return False
    if words.heading_level(text) or words.ATTENDANCE.match(text):
        return not _is_spoken_title(text)
    return text.endswith(("。", "；", "！", "？")) or len(text.replace("\n", "")) > _LONG_LINE or "。" in text


def _is_spoken_title(text: str) -> bool:
    return text.startswith(("（", "(")) and text.endswith(("）", ")")) and len(text) < HEADING_CHARACTERS


def _is_head_line(text: str) -> bool:
    return bool(
        words.COPY_NUMBER.match(text)
        or words.MARK.match(text)
        or words.ISSUE.match(text)
        or words.NUMBER.match(text)
        or "签发人" in text
    )


def _without_head_lines(head: list[Paragraph], found: Elements) -> list[Paragraph]:
    """Take out what its words tell apart; the masthead and the title are left."""
    rest = []
    for each in head:
        text = each["text"].strip()
        pieces = [piece.strip() for piece in text.split("\t") if piece.strip()]
        if words.COPY_NUMBER.match(text):
            found.copy_number.append(each)
        elif words.MARK.match(text):
            found.marks.append(each)
        elif any(words.NUMBER.match(piece) for piece in pieces) or "签发人" in text:
            _place_number(each, pieces, found)
        elif words.ISSUE.match(text):
            found.issue.append(each)
        elif found.issue and not found.issuer and words.ISSUER_AND_DAY.match(text):
            found.issuer.append(each)
        else:
            rest.append(each)
    return rest


def _place_number(each: Paragraph, pieces: list[str], found: Elements) -> None:
    if any(words.NUMBER.match(piece) for piece in pieces):
        found.number.append(each)
    if "签发人" in each["text"]:
        found.signers.append(each)


def _place_title(head: list[Paragraph], found: Elements) -> None:
    """Divide what is left of the head: above the number stands the masthead, below it the title."""
    first_page = [each for each in found.shape["heads"].get("first", []) if each["text"].strip()]
    numbered = [each["place"] for each in (*found.number, *found.issue)]
    above = [each for each in head if numbered and each["place"] < numbered[0]]
    below = [each for each in head if not numbered or each["place"] > numbered[0]]
    if numbered and not below:
        # An order (命令、令) has no title: its text follows its number.
        is_order = any(each["text"].strip().endswith("令") and is_large(each) for each in above)
        above, below = (above, []) if is_order else _divided(above)
    elif not numbered:
        above, below = _divided(below)
    if above:
        largest = max(size_of(each) for each in above)
        found.masthead = [each for each in above if size_of(each) == largest]
        found.masthead = found.masthead if largest >= _LARGE_HALF_POINTS or len(above) == 1 else above[-1:]
    elif first_page and not any(words.NUMBER.match(each["text"]) for each in first_page):
        largest = max(size_of(each) for each in first_page)
        found.masthead = [each for each in first_page if size_of(each) == largest >= _LARGE_HALF_POINTS]
    found.title = _title_lines(below)


def _divided(head: list[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """Return masthead and title of a head without a number between them."""
    if len(head) == 1:
        count = int(is_coloured(head[0]) and head[0]["text"].strip().endswith(("文件", "简报")))
    else:
        count = next((place for place, each in enumerate(head[:-1]) if not _is_masthead(each)), len(head) - 1)
    return head[: max(0, count)], head[max(0, count) :]


def _is_masthead(each: Paragraph) -> bool:
    named = each["text"].strip().endswith(("文件", "简报", "参阅", "命令", "令", "督办单", "专报"))
    return is_large(each) and (named or is_coloured(each))


def _title_lines(lines: list[Paragraph]) -> list[Paragraph]:
    """Return the lines of the title: up to the one that names the genre, else those as large as the first."""
    lines = [each for each in lines if not each["text"].strip().startswith(("——", "--"))]
    lines = [each for each in lines if not _is_spoken_title(each["text"].strip())]
    lines = [each for each in lines if not words.DAY.match(each["text"])]
    for place, each in enumerate(lines):
        if words.GENRE.search(each["text"].strip()) and is_in_place(each):
            return lines[: place + 1]
    return [each for each in lines if size_of(each) == size_of(lines[0])] if lines else []


def is_in_place(each: Paragraph) -> bool:
    """Return whether the paragraph stands in the flow, where its distance to others can be told."""
    return bool(each["in_flow"])


def _kind(found: Elements) -> str:
    masthead = "".join(each["text"] for each in found.masthead).replace("\n", "").strip()
    in_issues = any("期" in each["text"] for each in found.issue)
    if found.issuer or (in_issues and not masthead.endswith("纪要")):
        return "briefing"
    if masthead.endswith("纪要"):
        return "minutes"
    if masthead.endswith(("命令", "令")) and not found.number:
        return "order"
    if _is_letter(found, masthead):
        return "letter"
    return "official" if found.masthead or found.number else "plain"


def _is_letter(found: Elements, masthead: str) -> bool:
    """Return whether it is a letter: a bare name as masthead, and double rules or the number at the right."""
    if not masthead or masthead.endswith(("文件", "单")):
        return False
    edge = [each for lines in found.shape["heads"].values() for each in lines]
    near = [*edge, *(each for each in found.shape["paragraphs"] if each["place"] < 12)]
    has_bars = any(
        drawn["kind"] == "bar" and drawn["width"] > 160 for each in near for drawn in each["drawn"]
    )
    in_edge = bool(found.masthead) and found.masthead[0]["where"] == "edge"
    doubled = any("hick" in ((each["below"] or {}).get("kind") or "") for each in near)
    is_right = any(each["align"] == "right" or "\t" in each["text"].lstrip("\t") for each in found.number)
    return in_edge or doubled or (has_bars and is_right) or (is_right and not found.signers)


# -- text ----------------------------------------------------------------------------------------------


class _Text:
    """Reads the lines below the title in order."""

    def __init__(self, found: Elements) -> None:
        self._found = found
        self._short: list[Paragraph] = []  # lines that may yet turn out to be the signature

    def read(self, lines: list[Paragraph]) -> None:
        """Place every line."""
        for each in lines:
            self._place(each, each["text"].strip())
        if self._short and self._short[-1]["place"] == max(
            (each["place"] for each in self._found.body), default=-1
        ):
            self._take_far_in_signature()

    def _place(self, each: Paragraph, text: str) -> None:
        found = self._found
        if self._is_attachment(each, text):
            found.enclosed.append([each])
        elif found.enclosed:
            found.enclosed[-1].append(each)
        elif self._is_note(each, text):
            found.notes.append(each)
        elif words.DAY.match(text) and found.has_text:
            self._place_date(each)
        elif found.dates:
            found.remarks.append(each)
        else:
            self._place_text(each, text)

    def _place_text(self, each: Paragraph, text: str) -> None:
        found = self._found
        if not (found.recipients or found.has_text) and text.endswith(("：", ":")):
            found.recipients.append(each)
        elif words.ATTENDANCE.match(text):
            found.attendance.append(each)
        elif not is_beside_a_table(each, text):
            self._place_body(each, text)

    def _is_attachment(self, each: Paragraph, text: str) -> bool:
        match = words.ATTACHMENT.match(text)
        if not match or (match["colon"] and not match["number"] and not self._found.dates):
            return bool(match and each["begins_page"])
        return True

    def _is_note(self, each: Paragraph, text: str) -> bool:
        found = self._found
        if found.dates:
            return False
        if words.NOTE.match(text) and not each["begins_page"]:
            return True
        previous = found.notes[-1] if found.notes else None
        return previous is not None and not found.dates and bool(words.LISTED.match(text))

    def _place_date(self, each: Paragraph) -> None:
        found = self._found
        if found.dates:
            return
        found.dates.append(each)
        for line in reversed(self._short):
            found.signature.insert(0, line)
            if line in found.body:
                found.body.remove(line)
        self._short = []

    def _place_body(self, each: Paragraph, text: str) -> None:
        found = self._found
        level = words.heading_level(text)
        if level and (len(text) <= HEADING_CHARACTERS or each["name"].lower().startswith("heading")):
            found.headings.append((level, each))
            self._short = []
            return
        if not found.notes or _may_sign(text):
            found.body.append(each)
        self._short = [*self._short, each] if _may_sign(text) else []

    def _take_far_in_signature(self) -> None:
        """A short last line standing far in is a signature even when no day follows."""
        last = self._short[-1]
        if (last["left"] or 0) > 2400 or last["align"] == "right":
            self._found.body.remove(last)
            self._found.signature.append(last)


def _may_sign(text: str) -> bool:
    return len(text) <= HEADING_CHARACTERS and not text.endswith(words.ENDS) and not text.endswith("）")


def is_beside_a_table(each: Paragraph, text: str) -> bool:
    """Return whether a line is a caption or the note of a table or picture, which have a type of their own."""
    short = len(text) <= 2 * HEADING_CHARACTERS
    noted = bool(words.TABLE_NOTE.match(text)) and size_of(each) < 32
    return short and (each["align"] == "center" or noted or _is_code(each, text))


def _is_code(each: Paragraph, text: str) -> bool:
    return text.startswith("扫码") and size_of(each) < 32


def size_of(each: Paragraph) -> int:
    """Return the type size in half points, 0 where nothing says."""
    return int(each["size"] or 0)


def is_large(each: Paragraph) -> bool:
    """Return whether the type is that of a masthead or title."""
    return size_of(each) >= _LARGE_HALF_POINTS


def is_coloured(each: Paragraph) -> bool:
    """Return whether the letters are neither black nor automatic."""
    return each["colour"].upper() not in _BLACK
