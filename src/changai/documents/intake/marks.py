"""Which lines of an official paper begin a numbered item, and how deep each stands.

The usual order is 第一章 > 第一节 > 第一条 > 一、 > （一） > 1. > 1.1 > （1） > 1) > ①; levels may be
missing. The series 一要、二要…, 一是、二是… and 第一，第二，… have no fixed place: they stand below whatever
they first appear in.

A line that merely looks numbered is left alone:

* 一要/一是/第一， count only as a series of paragraphs (一是 must be followed by a paragraph that begins
  二是); a paragraph that holds 一是…；二是… within itself is one paragraph;
* a decimal figure (1.5万人), a year (2022年) or an enumeration (10、11月；一、二、三产业) is no label;
  before a year the label is recognised (1.2022年底前…);
* lines of a 目录 that end in a page number, and the entries of an 附件： list, are no items;
* an attachment's own pages (a line 附件1) have no items when the body before them has as many or more.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from changai.documents.intake.numerals import from_chinese

SPACE = r"[ \t\u3000\xa0]"
_N = "[一二三四五六七八九十百零〇]"
_D = "[0-9０-９]"
_OPEN, _CLOSE = "[（(]", "[）)]"

# kind, rank (None: placed by context), pattern whose first group is the number.
_GRAMMAR: tuple[tuple[str, int | None, re.Pattern[str]], ...] = tuple(
    (kind, rank, re.compile(pattern))
    for kind, rank, pattern in (
        ("part", 0, rf"第({_N}+)(?:编|部分)(?={SPACE}|[、：:]|$)[、：:]?{SPACE}*"),
        ("chapter", 1, rf"第({_N}+)章(?={SPACE}|[、：:]|$|[^，。；]{{1,30}}$){SPACE}*"),
        ("section", 2, rf"第({_N}+)节(?={SPACE}|[、：:]|$){SPACE}*"),
        ("article", 3, rf"第({_N}+|{_D}+)条(?={SPACE}|[：:]|$){SPACE}*"),
        ("series 第", None, rf"第({_N}+)[，,、：:]{SPACE}*"),
        ("一、", 4, rf"({_N}+){SPACE}?[、．.](?!{_N}{{1,2}}(?:[、产线]|{_N}))[、．.]?{SPACE}*"),
        ("（一）", 5, rf"{_OPEN}{SPACE}*({_N}+){SPACE}*{_CLOSE}[、．.]?{SPACE}*"),
        ("（一）", 5, rf"([㈠-㈩])[、．.]?{SPACE}*"),
        ("series 要", None, rf"({_N}+)要(?![素点害闻职]){SPACE}*"),
        ("series 是", None, rf"({_N}+)是{SPACE}*"),
        ("1.1", 7, rf"({_D}{{1,2}}(?:[.．]{_D}{{1,2}}){{1,3}})(?:{SPACE}+|、)(?!{_D})"),
        ("1.", 6, rf"({_D}{{1,3}}){SPACE}?[.．、](?!{_D}|[.．])(?:、)?{SPACE}*"),
        ("1.", 6, rf"({_D}{{1,2}}){SPACE}?[.．、](?=[12]{_D}{{3}}年)"),
        ("1.", 6, rf"([⒈-⒛]){SPACE}*"),
        ("（1）", 8, rf"{_OPEN}{SPACE}*({_D}{{1,3}}){SPACE}*{_CLOSE}[、．.]?{SPACE}*"),
        ("（1）", 8, rf"([⑴-⒇]){SPACE}*"),
        ("1)", 9, rf"({_D}{{1,3}}){SPACE}?[）)][、．.]?{SPACE}*"),
        ("①", 10, rf"([①-⑳])[、．.]?{SPACE}*"),
    )
)
_ENCLOSED = {first: base for base in "①⑴⒈㈠" for first in [chr(ord(base) + step) for step in range(20)]}
_LINE = re.compile(r"[^\n]*\n?")
_INDENT = re.compile(rf"{SPACE}*")
_CONTENTS = re.compile(rf"{SPACE}*目{SPACE}*[录次]{SPACE}*")
_PAGED = re.compile(rf"(?:[.…·]{{2,}}|{SPACE}){SPACE}*-?{SPACE}*{_D}{{1,3}}{SPACE}*-?{SPACE}*")
_ATTACHED = re.compile(rf"{SPACE}*附{SPACE}*件{SPACE}*[：:]")
_ATTACHMENT_PAGE = re.compile(rf"^{SPACE}*附{SPACE}*件{SPACE}*(?:{_D}|{_N}){{0,2}}{SPACE}*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mark:
    """The label of one numbered item: `text[start:end]`, with the blanks that follow it."""

    kind: str
    rank: int | None
    number: int
    start: int
    end: int
    line_end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark with its depth in the tree; 0 is the top."""

    mark: Mark
    depth: int


def find_marks(text: str) -> list[Placed]:
    """Return the labels that begin an item of `text`, in order, each with its depth."""
    return _place(_without_lone_series(text, _without_attachments(text, list(_candidates(text)))))


def _without_attachments(text: str, marks: Sequence[Mark]) -> Sequence[Mark]:
    """Drop the items of attachments, unless the attachment is the plan and the body its covering notice."""
    page = _ATTACHMENT_PAGE.search(text, marks[0].start) if marks else None
    if page is None:
        return marks
    before = sum(mark.start < page.start() for mark in marks)
    return marks[:before] if before >= len(marks) - before else marks


def _candidates(text: str) -> Iterable[Mark]:
    in_contents = in_attached = False
    for line in _LINE.finditer(text):
        written = line[0].rstrip("\n")
        if not written.strip():
            continue
        if _CONTENTS.fullmatch(written):
            in_contents = True
            continue
        if _ATTACHED.match(written):
            in_attached = True
            continue
        mark = _mark(written, line.start())
        in_contents = in_contents and _is_paged(written)
        in_attached = in_attached and mark is not None and mark.kind == "1."
        if mark is not None and not in_contents and not in_attached:
            yield mark


def _is_paged(line: str) -> bool:
    """Return whether a line of a table of contents ends in a page number; searched from its end only."""
    return _PAGED.search(line[-40:]) is not None and line.rstrip(" \t\u3000-")[-1:].isdigit()


def _mark(line: str, offset: int) -> Mark | None:
    indent = _INDENT.match(line).end()  # type: ignore[union-attr]  # matches the empty string
    for kind, rank, pattern in _GRAMMAR:
        found = pattern.match(line, indent)
        if found is None:
            continue
        number = _number(found[1])
        if number is None:
            continue
        return Mark(kind, rank, number, offset + indent, offset + found.end(), offset + len(line))
    return None


def _number(written: str) -> int | None:
    if written in _ENCLOSED:
        return ord(written) - ord(_ENCLOSED[written]) + 1
    if written[0].isdigit() and written[0] not in _ENCLOSED:
        return int(written.replace("．", ".").rpartition(".")[2])
    return from_chinese(written)


def _without_lone_series(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Drop 一是/一要/第一， lines that do not continue as a series of paragraphs."""
    following: dict[str, Mark] = {}
    later: list[Mark | None] = []
    for mark in reversed(marks):
        later.append(following.get(mark.kind))
        following[mark.kind] = mark
    kept: list[Mark] = []
    running: dict[str, int] = {}
    for mark, successor in zip(marks, reversed(later), strict=True):
        if mark.rank is None:
            if not _continues(text, mark, running.get(mark.kind), successor):
                continue
            running[mark.kind] = mark.number
        kept.append(mark)
    return kept


def _continues(text: str, mark: Mark, previous: int | None, successor: Mark | None) -> bool:
    if mark.number == 1:
        line = text[mark.end : mark.line_end]
        within = re.search(rf"[。；;，：]{SPACE}*{_second(mark.kind)}", line)
        return within is None and successor is not None and successor.number == 2
    return previous is not None and mark.number > previous


def _second(kind: str) -> str:
    return {"series 要": "二要", "series 是": "二是", "series 第": "第二[，,、：:]"}[kind]


def _place(marks: Sequence[Mark]) -> list[Placed]:
    following: dict[str, int] = {}
    next_number: list[int | None] = []
    for mark in reversed(marks):
        next_number.append(following.get(mark.kind))
        following[mark.kind] = mark.number
    next_number.reverse()
    placed: list[Placed] = []
    open_marks: list[tuple[Mark, int | None]] = []
    nested: set[tuple[str, str]] = set()
    for mark, coming in zip(marks, next_number, strict=True):
        del open_marks[_depth(open_marks, mark, nested) :]
        placed.append(Placed(mark, len(open_marks)))
        open_marks.append((mark, coming))
    return placed


def _depth(open_marks: Sequence[tuple[Mark, int | None]], mark: Mark, nested: set[tuple[str, str]]) -> int:
    """Return how many of the open items stay open above `mark`.

    A paper that numbers against the usual order (（一） inside 1.) shows it by going on: when the outer
    series continues with the next number after this item, this item stands inside it. `nested` remembers
    such pairs of kinds for the rest of the paper.
    """
    for depth, (outer, _) in enumerate(open_marks):
        if outer.kind == mark.kind:
            return depth
    if mark.rank is None:
        return len(open_marks)
    for depth, (outer, coming) in enumerate(open_marks):
        if outer.rank is None or outer.rank < mark.rank:
            continue
        if mark.number == 1 and coming == outer.number + 1:
            nested.add((outer.kind, mark.kind))
        if (outer.kind, mark.kind) not in nested:
            return depth
    return len(open_marks)
