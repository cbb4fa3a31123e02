"""Reads papers by the rules that ease the burden at the base: only what they ask of those who receive them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from changai.core.burden.asking import ASKING_RULES
from changai.core.burden.review import BurdenFinding, words_under
from changai.core.burden.rules import BASE_RULES_EN, BASE_RULES_ZH, BurdenRule, Weight

_OFTEN = BurdenRule(
    "asks_monthly",
    Weight.EXPLAIN,
    re.compile(
        r"(?:每月|按月|逐月)[^，。；]{0,12}(?:报送|上报|填报|报告|反馈|报(?=[^到道名考酬废销价告]|$))"
    ),
    "要求另行按月报送",
    "asks for a monthly report of its own",
    f"{BASE_RULES_ZH}“不得频繁要求基层填表格报材料”",
    f"{BASE_RULES_EN}: forms and materials must not be demanded often",
    "从平台已有的月报中取数",
    "the monthly report the platform already holds",
)
PAPER_RULES: tuple[BurdenRule, ...] = (*ASKING_RULES, _OFTEN)
# A paper tells much and asks little: 「召开会议3次」 is no burden, 「请报送会议次数」 is.
_ASKS = re.compile(
    r"请|要求|务必|必须|应当|应(?:于|在|将|每|按|立即|及时)|须|需(?:于|在|将|每|按)|报送|上报|填报|提交|(?:每|按|逐)[月周日]"
)
_SENTENCE = re.compile(r"[^。；！？\n]+")


def paper_findings(paragraphs: Iterable[tuple[str, str]]) -> list[BurdenFinding]:
    """Return one finding for every rule a paragraph's demands fall under, in the order given.

    :param paragraphs: (place, text), such as ("第 3 段", "请于每月5日前……")
    """
    return list(_findings(paragraphs))


def _findings(paragraphs: Iterable[tuple[str, str]]) -> Iterator[BurdenFinding]:
    for place, text in paragraphs:
        demands = tuple(sentence for sentence in _SENTENCE.findall(text) if _ASKS.search(sentence))
        for rule in PAPER_RULES:
            if words := words_under(rule, demands):
                yield BurdenFinding(place, rule, words)
