"""The clause tree of an official plan, proposed from its text; the office corrects the proposal.

Nothing is lost: the fields of an `Outline`, read in order, are the text that went in, character by character
(`Outline.joined()`). To keep labels and headings clean, whatever separates two fields belongs to the later:

* `label` carries the blanks after it (`1. `), never the indentation before it: that ends the text before;
* `heading` is the rest of the label's line when it is a short line of its own, or its first sentence when
  more follows; it has no stop. `text` then begins with that stop or line end; `Clause.body` is the text
  without it;
* `title` ends without line end; `preamble` begins with it.

A first sentence that holds a figure or a date is a demand, not a heading. An article (第一条) has no
heading. A clause without text and children is its heading, and its measures are read from there.

The closing begins, after the last item, at a paragraph that addresses the audience (同志们，), at 附件： or
an attachment's own page, at 特此通知, or at a signature with its date. What stands after it, attachments
included, belongs to the closing. A text without any numbered item becomes one clause without label and
heading. What counts as a measure: `measures`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from changai.documents.intake.marks import SPACE, Placed, find_marks
from changai.documents.intake.measures import Measure, has_figure_or_date, measures_of

_SENTENCE_STOP = re.compile("[。；！？：:;!?]")
_LONGEST_HEADING_LINE = 60
_LONGEST_HEADING_SENTENCE = 40
_LONGEST_HEADING_PHRASE = 20
_LONGEST_TITLE_LINES = 4

_DAY = (
    r"(?:[12１２][0-9０-９]{3}|二[〇○零一二三四五六七八九]{3})年"
    r"[0-9０-９一二三四五六七八九十]{1,3}月[0-9０-９一二三四五六七八九十]{1,3}日"
)
_CLOSING_LINE = re.compile(
    rf"{SPACE}*(?:(?:各位)?同志们[，,：:！!]|各位(?:领导|同志|代表|来宾|委员)[^。]{{0,10}}[，,：:！!]"
    rf"|附{SPACE}*件(?:{SPACE}*[：:]|{SPACE}*[0-9０-９一二三四五六七八九十]{{0,2}}{SPACE}*$)|附[：:]|谢谢(?:大家|各位|同志们)|特此(?:通知|报告|函告))"
)
_SIGNED_ON = re.compile(rf"{SPACE}*{_DAY}{SPACE}*")
_NUMBER_LINE = re.compile(r"[^。；，]{1,20}[〔\[（(【]?20[0-9]{2}[〕\])）】]第?[0-9]{1,4}号")
_DATE_LINE = re.compile(rf"[（(]?{SPACE}*{_DAY}[^。]{{0,20}}[）)]?")
_MASTHEAD = re.compile(r".{2,40}文件|(?:绝密|机密|秘密|内部|特急|加急|急件).{0,10}|[0-9]{6}|签发人.*")
_PLAN_NAME = re.compile(
    r".{2,50}(?:方案|要点|计划|意见|规划|办法|细则|措施|清单|通知|通报|讲话|决定)(?:（[^）]*）|\([^)]*\))?"
)


@dataclass(frozen=True)
class Clause:
    """One numbered item; `text` is its own text, without its children."""

    label: str
    heading: str
    text: str
    measures: tuple[Measure, ...] = ()
    children: tuple["Clause", ...] = ()

    @property
    def body(self) -> str:
        """Return the own text for display: without the heading's stop and outer blanks."""
        return (self.text.lstrip("。；：！？:;!?") if self.heading else self.text).strip()

    def joined(self) -> str:
        """Return label, heading, text and children as they stood in the paper."""
        return self.label + self.heading + self.text + "".join(child.joined() for child in self.children)


@dataclass(frozen=True)
class Outline:
    """A paper as proposed: what precedes the first item, the items, what follows the last."""

    title: str
    preamble: str
    clauses: tuple[Clause, ...]
    closing: str

    @property
    def name(self) -> str:
        """Return the plan's name on one line, or "".

        Of a covering notice with the plan behind it, the name of the plan.
        """
        lines = [line.strip() for line in self.preamble.split("\n")]
        within = [line for line in lines if _PLAN_NAME.fullmatch(line) and "，" not in line]
        if within:
            return within[-1]
        titles = [line.strip() for line in self.title.split("\n")]
        return "".join(
            line for line in titles if line and not _NUMBER_LINE.fullmatch(line) and not _is_masthead(line)
        )

    def joined(self) -> str:
        """Return the text this outline was proposed from."""
        return self.title + self.preamble + "".join(clause.joined() for clause in self.clauses) + self.closing

    def walk(self) -> Iterator[tuple[int, Clause]]:
        """Yield every clause in the order of the paper with its depth; 0 is the top."""
        waiting = [(0, clause) for clause in reversed(self.clauses)]
        while waiting:
            depth, clause = waiting.pop()
            yield depth, clause
            waiting.extend((depth + 1, child) for child in reversed(clause.children))

    def as_json(self) -> dict[str, Any]:
        """Return plain lists, dicts and strings: title, preamble, clauses (label … children), closing."""
        return asdict(self, dict_factory=_plain)


def _plain(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: format(value, "f") if isinstance(value, Decimal) else value for name, value in items}


@dataclass
class _Open:
    """A clause whose children are still being read."""

    label: str
    after: str
    depth: int
    kind: str
    children: list["_Open"] = field(default_factory=list)


def propose(text: str, *, year: int | None = None) -> Outline:
    """Return the outline of `text`.

    :param year: the year a plan is for; gives 年底前 and 6月底前 their day
    """
    marks = find_marks(text)
    first = marks[0].mark.start if marks else len(text)
    title_end = _title_end(text[:first])
    if not marks:
        return _without_items(text, title_end if text[title_end:].strip() else 0, year)
    last = marks[-1].mark
    closing_at = last.end + _closing_start(text[last.end :], skipped_lines=1)
    roots = _grow(text, marks, closing_at)
    return Outline(
        title=text[:title_end],
        preamble=text[title_end:first],
        clauses=tuple(_finished(root, year) for root in roots),
        closing=text[closing_at:],
    )


def _without_items(text: str, title_end: int, year: int | None) -> Outline:
    closing_at = title_end + _closing_start(text[title_end:], skipped_lines=1 if title_end == 0 else 0)
    body = text[title_end:closing_at]
    if not body.strip():
        return Outline(text[:title_end], body, (), text[closing_at:])
    return Outline(
        text[:title_end], "", (Clause("", "", body, measures_of(body, year=year)),), text[closing_at:]
    )


def _grow(text: str, marks: Sequence[Placed], end: int) -> list[_Open]:
    roots: list[_Open] = []
    path: list[_Open] = []
    ends = [placed.mark.start for placed in marks[1:]] + [end]
    for placed, stop in zip(marks, ends, strict=True):
        mark = placed.mark
        clause = _Open(text[mark.start : mark.end], text[mark.end : stop], placed.depth, mark.kind)
        del path[placed.depth :]
        (path[-1].children if path else roots).append(clause)
        path.append(clause)
    return roots


def _finished(clause: _Open, year: int | None) -> Clause:
    heading_end = 0 if clause.kind == "article" else _heading_end(clause.after)
    heading, own = clause.after[:heading_end], clause.after[heading_end:]
    bare = not own.strip("。；：！？:;!? \t\u3000\xa0\n") and not clause.children
    return Clause(
        label=clause.label,
        heading=heading,
        text=own,
        measures=measures_of(heading if bare else own, year=year),
        children=tuple(_finished(child, year) for child in clause.children),
    )


def _heading_end(after: str) -> int:
    """Return where the heading ends in the text after a label; 0 when the clause has none."""
    line = after.split("\n", 1)[0].rstrip(" \t\u3000\xa0")
    stop = _SENTENCE_STOP.search(line)
    if stop is None:
        return len(line) if len(line) <= _LONGEST_HEADING_LINE else 0
    at = stop.start()
    if stop[0] in "：:":
        return at if at <= _LONGEST_HEADING_PHRASE else 0
    if at > _LONGEST_HEADING_SENTENCE or has_figure_or_date(line[:at]):
        return 0
    ends_line = at + 1 == len(line)
    return 0 if stop[0] in "；;" and not ends_line else at


def _closing_start(rest: str, *, skipped_lines: int) -> int:
    """Return where the closing begins in the text after the last label; its length when there is none."""
    offset, starts = 0, []
    for line in rest.splitlines(keepends=True):
        starts.append((offset, line))
        offset += len(line)
    for index, (start, line) in enumerate(starts[skipped_lines:], start=skipped_lines):
        written = line.rstrip("\n")
        if _CLOSING_LINE.match(written):
            return start
        if _SIGNED_ON.fullmatch(written):
            return _signature_start(starts, index, skipped_lines)
    return len(rest)


def _signature_start(lines: Sequence[tuple[int, str]], dated: int, lowest: int) -> int:
    """Return where the names above the date begin; blank lines between body and names stay with the body."""
    top = dated
    for index in range(dated - 1, max(lowest, dated - 6) - 1, -1):
        written = lines[index][1].strip()
        if written and (len(written) > 30 or written[-1] in "。；：，！"):
            break
        top = index if written else top
    return lines[top][0]


def _title_end(front: str) -> int:
    """Return where the title ends in what precedes the first item; 0 when the paper has none.

    The title is the first lines up to the last one that reads like a title, ahead of the 主送 line or the
    first paragraph. A masthead, a document number or a date in brackets may stand among them.
    """
    offset = 0
    ends: list[int] = []
    for line in front.splitlines(keepends=True):
        written = line.strip()
        if written and _ends_front(written):
            break
        if written and not (
            _NUMBER_LINE.fullmatch(written) or _DATE_LINE.fullmatch(written) or _is_masthead(written)
        ):
            ends.append(offset + len(line.rstrip()))
        offset += len(line)
    if not ends:
        return 0
    return ends[-1] if len(ends) <= _LONGEST_TITLE_LINES else ends[0]


def _is_masthead(line: str) -> bool:
    return _MASTHEAD.fullmatch(line) is not None


def _ends_front(line: str) -> bool:
    outside = re.sub("《[^《》]*》", "", line)
    return len(line) > 60 or line[-1] in "：:。；;，,、！!" or re.search("[。；，,]", outside) is not None
