"""What a free scoring sentence of an office's own table may mean: proposed to a person, never taken as read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from changai.core.scoring.decimals import show, to_number
from changai.core.scoring.wordings import COUNTERS, Figures, UnknownWording, read_wording

MOST_FIGURES = 8
_NUMBER = r"\d+(?:\.\d+)?"

# What offices write for words of the closed set. Order matters: later lines see what earlier ones made.
_SAME: tuple[tuple[str, str], ...] = (
    (rf"({_NUMBER})个?百分点", r"\1%"),
    (r"一个?百分点", "1%"),
    (r"每(?:降低|下降|减少)(?=\d)", "每低"),
    (r"每(?:提高|上升|增加|超过)(?=\d)", "每高"),
    (r"([扣加得])(\d+(?:\.\d+)?)(?=$|[,。])", r"\1\2分"),
    (
        rf"(?<!每)(?<![\u4e00-\u9fff])([少缺漏错迟][报交]?)(?:一|1)([{COUNTERS}])扣",
        r"每\1一\2扣",
    ),
    (r"(?:全部|按时|按要求|按期|如期)完成的?得", "完成得"),
    (r"(?<=[扣得])(?:相应)?完$", "完为止"),
    (r"直至扣完(?:为止)?", "扣完为止"),
    (r"扣完本项(?:分值|得分)?为止", "扣完为止"),
    (r"最多(?:不超过)?(?=\d)", "最高"),
    (r"(?:及|或)以上", "以上"),
    (rf"每(?:发现|出现|发生)?(?:一|1)([{COUNTERS}])[^\d,]{{7,20}}?扣", r"每有一\1扣"),
    # 发生一起重大事件扣5分：一起一起地扣，除非后面写明两起怎样。
    (
        rf"(?:^|(?<=,))(?:发现|出现|发生)(?:一|1)([{COUNTERS}])[^\d,]{{0,20}}?扣({_NUMBER})分(?=$|,扣完为止)",
        r"每有一\1扣\2分",
    ),
    # 宣讲不少于12场，每少一场扣0.5分
    (
        rf"(?:^|(?<=,))[^,\d]{{0,20}}?不(?:少|低)于({_NUMBER})([{COUNTERS}]),每(?:少|缺|低)(?:一|1)?\2(?=扣)",
        r"不低于\1\2得满分,每低1\2",
    ),
    # 覆盖率达到90%（以上）得满分，每低1个百分点扣0.5分
    (rf"(?:^|(?<=,))[^,\d]{{0,16}}?({_NUMBER})%(?:以上)?的?得满分,每低", r"不低于\1%得满分,每低"),
    # 按工资总额1.5%足额提取得满分，不足的按比例得分
    (
        rf"(?:^|(?<=,))[^,\d]{{0,16}}?({_NUMBER})%[^,\d]{{0,8}}?得满分,(?:不足|未达到|达不到)的?(?:部分)?按比例[得扣计]分",
        r"\1%得满分,0%以下不得分,其间按比例得分",
    ),
    # 完成目标值得满分，完成80%以上的按比例得分，低于80%不得分
    (
        rf"(?:^|(?<=,))(?:全面|按期)?完成(?:目标|任务)(?:值|数)?的?得满分,(?:完成)?({_NUMBER})%以上的?按比例得分,(?:低于|不足)\1%的?不得分",
        r"100%得满分,\1%以下不得分,其间按比例得分",
    ),
    # 占比达到35%的得20分，30%—35%的得15分，低于30%的不得分
    (rf"(?:^|(?<=,))[^,\d]{{1,16}}?(达到|不低于)(?={_NUMBER}%的?得)", r"\1"),
    (rf"(?:^|(?<=,))({_NUMBER})%?[-~至到—–]+{_NUMBER}%(?:之间)?的?(?=得)", r"\1%"),
    (rf"(?:低于|不足|未达到|小于)?{_NUMBER}%(?:以下)?的?不得分$", "其余不得分"),
    (r"[^,×*]{0,10}完成率[×*xX](?:本项|该项)?(?:分值|标准分|满分|分数)", "按完成率得分"),
    (r"(?<![\d.])(?:[^,\d]{0,16})?(\d+(?:\.\d+)?%),每低", r"不低于\1得满分,每低"),
    (
        r"(?:(?<=,)|^)(?!每|其|扣|按|由|视|酌|发现|出现|发生)[^,\d]{2,14}?扣(\d+(?:\.\d+)?)分(?=,|$)",
        r"每有一项扣\1分",
    ),
    (r"计(?=\d|满分)", "得"),
)
_YES_OR_NO = re.compile(
    rf"(?:^|(?<=,))(?:已|有|按[时期]|按要求)?([\u4e00-\u9fff]{{1,8}}?)的?得(满分|({_NUMBER})分),(?:未|没有?|不)(?:按[时期]|按要求)?\1的?不得分"
)
_JUDGED = re.compile(r"酌情|视情|综合评(?:定|价)|由.{0,8}(?:评定|打分|核定)|扣\d+(?:\.\d+)?[-~至到—]\d")


@dataclass(frozen=True)
class Proposal:
    """A sentence of the closed set that may say the same; `figures` is how many figures it needs.

    `certainty` is "whole" when the sentence was read whole, "part" when `unread` was left over, "judged" when
    it leaves the points to a person, "none" when nothing was recognised (a person's judgement is proposed).
    """

    sentence: str
    figures: int
    is_ratio: bool
    certainty: str
    unread: str = ""


def propose(text: str, points: Fraction) -> Proposal:
    """Return what an office's own sentence may mean for an indicator worth `points`."""
    plain = _with_full_mark(_plain(text), points)
    for sentence, unread in _windows(plain):
        needed = _needed(sentence, points)
        if needed is not None:
            certainty = "part" if unread else "whole"
            return Proposal(_written(sentence), needed.count, needed.is_ratio, certainty, _written(unread))
    judged = bool(_JUDGED.search(plain))
    top = show(points) if points > 0 else "0"
    certainty, unread = ("judged", "") if judged else ("none", text)
    return Proposal(f"在0至{top}分内核定", 1, is_ratio=False, certainty=certainty, unread=unread)


def _plain(text: str) -> str:
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    compact = re.sub(r"[、;:。]", ",", compact).replace("≥", "不低于").replace("≤", "不高于")
    compact = re.sub(r"^[(（]?\d{1,2}[)）.,](?=\D)", "", compact)
    compact = re.sub(r",+", ",", compact).strip(",")
    for pattern, same in _SAME:
        compact = re.sub(pattern, same, compact)
    return compact


def _with_full_mark(plain: str, points: Fraction) -> str:
    """Return the sentence with 列入得10分,未列入不得分 as the yes or no it is, where 10 is the full mark."""
    match = _YES_OR_NO.search(plain)
    if match is None or (match[2] != "满分" and to_number(match[3]) != points):
        return plain
    return f"{plain[: match.start()]}完成得满分,未完成不得分{plain[match.end() :]}"


def _windows(plain: str) -> Iterator[tuple[str, str]]:
    """Yield runs of clauses, the longest first, each with what stands outside it."""
    clauses = [clause for clause in plain.split(",") if clause][:12]
    for length in range(len(clauses), 0, -1):
        for start in range(len(clauses) - length + 1):
            rest = [*clauses[:start], *clauses[start + length :]]
            yield ",".join(clauses[start : start + length]), ",".join(rest)


@dataclass(frozen=True)
class _Needed:
    count: int
    is_ratio: bool


def _needed(sentence: str, points: Fraction) -> _Needed | None:
    """Return what figures a sentence of the closed set takes, None when it is not one."""
    wanted = "%" in sentence or "率" in sentence or "比例" in sentence
    if wanted and _reads(sentence, Figures(("a", "b"), is_ratio=True), points):
        return _Needed(2, is_ratio=True)
    for count in range(1, MOST_FIGURES + 1):
        if _reads(sentence, Figures(tuple(f"f{number}" for number in range(count))), points):
            return _Needed(count, is_ratio=False)
    return None


def _reads(sentence: str, figures: Figures, points: Fraction) -> bool:
    try:
        rule = read_wording(sentence, figures, points if points > 0 else Fraction(1))
    except (UnknownWording, ZeroDivisionError):
        return False
    return not any(not flaw.is_warning for flaw in rule.flaws(points))


def _written(plain: str) -> str:
    return plain.replace(",", "，")
