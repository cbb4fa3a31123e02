"""Rules over sheets: a kind with its severity and its sentence, and what they find."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from changai.core.checks.breaches import Breach
from changai.core.checks.kinds import Kind
from changai.core.checks.sheets import EVERY, Entry, Sheet

WORD = re.compile(r"\{([^{}]*)\}")
_LETTERS = re.compile(r"\w")
# What people write to get past a mandatory field.
_SAYS_NOTHING = frozenset({"没有", "不详", "同上", "如上", "说明"})


class Severity(StrEnum):
    """What a finding does: it stops the submission, asks for a reason, or only tells."""

    BLOCK = "block"
    EXPLAIN = "explain"
    NOTE = "note"


ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Rule:
    """A rule: in force on the days from `valid_from` up to and without `valid_to`; None is without end."""

    code: str
    name: str
    severity: Severity
    kind: Kind
    sentence: str = ""
    origin: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    # Values by the roles of the kind's inputs, under which the rule must keep silent, and must speak.
    passes: Mapping[str, str] = field(default_factory=dict)
    fails: Mapping[str, str] = field(default_factory=dict)

    def holds_on(self, day: date | None) -> bool:
        """Return whether the rule is in force on the day; without a day it always is."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


@dataclass(frozen=True)
class Finding:
    """One rule broken on one sheet. `explanation` is the remark beside the figure when the rule asks for one."""

    rule: Rule
    figure: str
    sentence: str
    entries: tuple[Entry, ...] = ()
    explanation: str = ""

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def is_open(self) -> bool:
        """Return whether it keeps the sheet from being submitted."""
        return self.severity is Severity.BLOCK or (self.severity is Severity.EXPLAIN and not self.explanation)


def findings(rules: Iterable[Rule], sheet: Sheet) -> tuple[Finding, ...]:
    """Return what the rules find on the sheet: blocks first, then in the order of the sheet and of rule codes.

    A rule that reads a figure the sheet does not ask finds nothing, and so does one that needs an absent value.
    """
    day = sheet.month.last_on if sheet.month else None
    found = [
        finding
        for rule in rules
        if rule.holds_on(day)
        for kind in _applied(rule.kind, sheet)
        for breach in kind.breaches(sheet)
        for finding in [_finding(rule, breach, sheet)]
    ]
    places = {code: place for place, code in enumerate(sheet.figures)}
    found.sort(key=lambda one: (ORDER[one.severity], places[one.figure], one.rule.code))
    return tuple(found)


def _applied(kind: Kind, sheet: Sheet) -> Iterator[Kind]:
    """Yield the kind for the sheet: once, for each typed figure, or not at all."""
    every: Any = kind
    typed = [code for code, reading in sheet.figures.items() if reading.is_typed]
    for one in [replace(every, figure=code) for code in typed] if EVERY in kind.reads else [kind]:
        if all(code in sheet.figures for code in one.reads):
            yield one


def _finding(rule: Rule, breach: Breach, sheet: Sheet) -> Finding:
    sentence = told(rule.sentence or rule.kind.sentence, breach.values)
    remark = sheet.figures[breach.figure].remark
    explanation = remark if rule.severity is Severity.EXPLAIN and is_explanation(remark) else ""
    return Finding(rule, breach.figure, sentence, breach.entries, explanation)


def told(template: str, values: Mapping[str, str]) -> str:
    """Return the sentence with its named values put in; a name without a value stays as it is written."""
    return WORD.sub(lambda match: values.get(match[1], match[0]), template)


def is_explanation(remark: str) -> bool:
    """Return whether a remark says anything: two letters or digits at least, and not 没有 or the like."""
    words = "".join(_LETTERS.findall(remark))
    return len(words) >= 2 and words not in _SAYS_NOTHING
