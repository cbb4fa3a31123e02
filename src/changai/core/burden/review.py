"""Reads indicators by the burden rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from changai.core.burden.rules import RULES, BurdenRule, Weight
from changai.core.scoring.findings import Finding, Severity
from changai.core.scoring.model import Bonus, Penalty, Scheme, Table

# 「不以拍照留痕评判」 says the opposite of what the words alone seem to say.
_DENIED = re.compile(r"(?:不以|不将|不把|不得|不再|不看|不需|无需|不要求|严禁|禁止|取消|杜绝)[^，。；]{0,8}$")


@dataclass(frozen=True, slots=True)
class Wording:
    """What an indicator says of itself."""

    code: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BurdenFinding:
    """One indicator that falls under a rule, with the words that gave rise to it."""

    code: str
    rule: BurdenRule
    words: str

    def as_finding(self) -> Finding:
        """Return the sentence for people: an error where the source forbids, a warning where a reason is needed."""
        rule = self.rule
        forbidden = rule.weight is Weight.BLOCK
        verdict_zh = "不得列入考核" if forbidden else "确需保留的应书面说明理由"
        verdict_en = "this must not be assessed" if forbidden else "keep it only with a written reason"
        return Finding(
            self.code,
            Severity.ERROR if forbidden else Severity.WARNING,
            f"“{self.words}”，{rule.zh}，{verdict_zh}（依据：{rule.source_zh}），可改用：{rule.instead_zh}",
            f'"{self.words}": {rule.en}; {verdict_en} (source: {rule.source_en}); '
            f"use instead: {rule.instead_en}",
        )


def review(wordings: Iterable[Wording]) -> list[BurdenFinding]:
    """Return one finding for every rule an indicator falls under, in the order given."""
    return [
        BurdenFinding(wording.code, rule, words)
        for wording in wordings
        for rule in RULES
        if (words := words_under(rule, wording.texts))
    ]


def scheme_findings(scheme: Scheme) -> list[Finding]:
    """Return what the burden rules say of all tables of a scheme, bonus and penalty items included."""
    return [found.as_finding() for found in scheme_review(scheme)]


def scheme_review(scheme: Scheme) -> list[BurdenFinding]:
    """Return the same with the rule of each, which names how grave it is."""
    read = (wording for table in scheme.tables.values() for wording in _wordings(table))
    return list(dict.fromkeys(review(read)))


def _wordings(table: Table) -> Iterator[Wording]:
    for leaf in table.leaves:
        yield Wording(leaf.code, (leaf.name, leaf.wording, leaf.evidence, leaf.verification))
    extra: tuple[Bonus | Penalty, ...] = (*table.bonus, *table.penalty)
    for item in extra:
        yield Wording(item.code, (item.name, item.wording, item.evidence))


def words_under(rule: BurdenRule, texts: tuple[str, ...]) -> str:
    """Return the first words that fall under the rule, nothing where they are only denied."""
    for text in texts:
        for match in rule.pattern.finditer(text):
            if not _DENIED.search(text[: match.start()]):
                return match.group()
    return ""
