"""A paper read and checked: every requirement of every element, like deviations told once with their number."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from changai.documents.checking import ending, head, imprint, rules, sheet, text
from changai.documents.checking.deviations import Deviation
from changai.documents.checking.elements import Elements, elements_of
from changai.documents.intake.sandbox import parse_limited

_SHAPE = "changai.documents.checking.shape:parse"
_ORDER = ("国标", "条例", "惯例", "本单位")


def check_document(source: bytes, *, name: str) -> list[Deviation]:
    """Return every deviation of the .docx file `source`, binding ones first, then in the order of the paper.

    Deviations alike but for their place are one, with the place of the first and their number.

    :raises Unreadable: when the file is something else, encrypted, damaged or too large
    """
    return deviations_of(parse_limited(_SHAPE, source, name=name))


def deviations_of(shape: dict[str, Any]) -> list[Deviation]:
    """Return the deviations of a paper whose shape `shape.parse` read, as `check_document` does."""
    found = elements_of(shape)
    return sorted(_counted(each for check in CHECKS for each in check(found)), key=_rank)


def _counted(deviations: Iterator[Deviation]) -> list[Deviation]:
    kept: dict[Deviation, Deviation] = {}
    for each in deviations:
        key = replace(each, place="")
        first = kept.get(key)
        kept[key] = each if first is None else replace(first, count=first.count + 1)
    return list(kept.values())


def _rank(each: Deviation) -> int:
    return _ORDER.index(each.level)


CHECKS: tuple[Callable[[Elements], Iterator[Deviation]], ...] = (
    sheet.sheet,
    sheet.lines,
    head.head,
    head.red_rule,
    head.letter_rules,
    text.title,
    text.recipients,
    text.text,
    text.attendance,
    ending.notes,
    ending.signature,
    ending.remarks,
    ending.attachments,
    imprint.imprint,
    sheet.page_numbers,
    rules.regulations,
    rules.own,
)
