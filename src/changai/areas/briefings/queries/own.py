"""What a paper to one unit tells of that unit's own result: figures and tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import takewhile

from django.urls import reverse

from changai.areas.assessments.models import LeafScore, Score
from changai.areas.assessments.queries import (
    amended_score,
    earlier_of,
    gains_of,
    losses,
    regains,
    sheet_rows,
)
from changai.areas.assessments.queries.results import SheetRow
from changai.areas.briefings.queries.records import (
    ABSENT,
    NOTHING,
    Drawn,
    DrawnEntry,
    Printed,
    Produced,
    Record,
    figure,
)
from changai.areas.briefings.queries.sources import Sources, score_record
from changai.core.periods import Month
from changai.documents import paper

MOST_GAINS = 3
# Tables a unit may have no rows for: in a text common to many units they are left out where there are none.
TABLES = {
    "table.losses": "主送单位失分情况",
    "table.indicators": "主送单位逐项得分",
    "table.lagging": "滞后任务",
}


@dataclass(frozen=True)
class OwnResult:
    """One unit's published result, each part of it read once."""

    score: Score
    record: Record
    ranked: int  # how many units have a place
    ruled_by: str

    @cached_property
    def rows(self) -> list[SheetRow]:
        return sheet_rows(self.score)

    @cached_property
    def lost(self) -> list[LeafScore]:
        return losses(self.rows)

    def under(self, row: SheetRow) -> list[LeafScore]:
        """Return the indicators a line of the sheet is made of: itself, or those below it."""
        if row.leaf is not None:
            return [row.leaf]
        place = self.rows.index(row)
        below = takewhile(lambda other: other.level > row.level, self.rows[place + 1 :])
        return [other.leaf for other in below if other.leaf is not None]

    @cached_property
    def told(self) -> dict[str, str]:
        """Return how lost points are won back, by code of the indicator."""
        return regains(self.score)


def _leaf_record(leaf: LeafScore) -> Record:
    return Record(
        "assessments.leaf",
        leaf.pk,
        f"{leaf.code} {leaf.name}",
        _points(leaf.points_hundredths),
        reverse("assessments:leaf", args=[leaf.pk]),
    )


def own_result(at_hand: Sources) -> OwnResult | None:
    """Return the result of the one unit a paper is sent to, None when it goes to others or tells of no result."""
    if len(at_hand.units) != 1 or at_hand.round is None:
        return None
    found = next((score for score in at_hand.scores if score.unit_id in at_hand.units), None)
    if found is None:
        return None
    found.round = at_hand.round
    ranked = sum(score.rank is not None for score in at_hand.scores)
    return OwnResult(found, score_record(found), ranked, at_hand.ruled_by)


def entries(own: OwnResult) -> Iterator[tuple[str, str, str, str, Callable[[], Printed]]]:
    """Yield key, name, group, definition and how it is worked out of each figure of a unit's own result."""
    name = own.score.round.name
    by_rules = f"，{own.ruled_by}"
    lines: tuple[tuple[str, str, str, Callable[[OwnResult], Printed]], ...] = (
        ("round", "考核名称", "考核的名称", _round),
        ("span", "考核时段", "考核的起止月份", _span),
        ("total", "本单位得分", f"{name}得分{by_rules}", _total),
        ("place", "本单位名次", f"{name}名次{by_rules}", _place),
        ("grade", "本单位等次", f"{name}等次{by_rules}", _grade),
        ("reason", "等次依据", f"{name}评定等次的依据", _reason),
        ("amended", "更正后结果", f"{name}公布后，经更正登记的结果", _amended),
        ("earlier", "与上次考核相比", "与上一次同类考核相比，口径相同的指标得分的变化", _earlier),
        ("lost", "本单位失分", f"{name}各项指标失分之和{by_rules}", _lost),
        ("gains", "最有提升空间的指标", "补足后增加得分最多的指标，其他单位得分不变时的名次", _gains),
    )
    for key, title, definition, work_out in lines:
        yield f"own.{key}", title, f"{own.record.unit}的考核结果", definition, partial(work_out, own)


def _round(own: OwnResult) -> Printed:
    return own.score.round.name, "考核的名称", (own.record,)


def _span(own: OwnResult) -> Printed:
    first, last = (
        Month.of(month).label for month in (own.score.round.first_month, own.score.round.last_month)
    )
    return f"{first}至{last}" if first != last else first, "考核的起止月份", (own.record,)


def _total(own: OwnResult) -> Printed:
    return f"{own.record.value}分", "各项指标得分之和，逐项说明见得分页", (own.record,)


def _place(own: OwnResult) -> Printed:
    if own.score.rank is None:
        reason = f"（{own.score.unranked_reason}）" if own.score.unranked_reason else ""
        return f"未参加排名{reason}", "公布的考核结果", (own.record,)
    told = f"在{own.ranked}个参加排名的单位中列第{own.score.rank}名"
    return told, "1 + 得分严格高于本单位的单位数", (own.record,)


def _grade(own: OwnResult) -> Printed:
    reason = own.score.grade_reason or "按指标体系规定的等次线评定"
    return own.score.grade or NOTHING, reason, (own.record,)


def _reason(own: OwnResult) -> Printed:
    told = own.score.grade_reason.rstrip("。")
    return told or "按指标体系规定的等次线评定", "公布的考核结果", (own.record,)


def _amended(own: OwnResult) -> Printed:
    amended = amended_score(own.score)
    if amended is None or amended.before == amended.after:
        return NOTHING, "没有更正", ()
    now = amended.after
    place = f"，列第{now.rank}名" if now.rank else ""
    grade = f"，等次为“{now.grade}”" if now.grade else ""
    made = "、".join(f"第{row.number}次" for row in amended.amendments)
    return f"总分{now.total}分{place}{grade}", f"经{made}更正", (own.record,)


def _earlier(own: OwnResult) -> Printed:
    earlier = earlier_of(own.score)
    if earlier is None or not earlier.leaves:
        return NOTHING, "没有可以比较的考核结果", ()
    points = earlier.change
    changed = f"{'增加' if points > 0 else '减少'}{_points(abs(points))}分" if points else "持平"
    told = f"与{earlier.score.round.name}相比，{len(earlier.leaves)}项口径相同的指标合计{changed}"
    formula = f"{len(earlier.leaves)} 项指标本次得分之和 − 上次得分之和 = {_points(points)}"
    earlier.score.unit = own.score.unit
    return told, formula, (own.record, score_record(earlier.score, called=earlier.score.round.name))


def _lost(own: OwnResult) -> Printed:
    points = _points(sum(leaf.lost_hundredths for leaf in own.lost))
    return f"{points}分", f"{len(own.lost)} 项指标失分之和 = {points}", (own.record,)


def _gains(own: OwnResult) -> Printed:
    gains = gains_of(own.score, most=MOST_GAINS)
    told = "；".join(
        f"“{gain.name}”补足可增加{_points(gain.points)}分"
        + (f"，其他单位得分不变时列第{gain.rank}名" if gain.rank else "")
        for gain in gains
    )
    return told or NOTHING, "按补足后增加的得分从多到少取前三项", (own.record,) if gains else ()


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}"


def drawings(own: OwnResult) -> Iterator[DrawnEntry]:
    """Yield the tables of a unit's own result."""
    if own.lost:
        yield DrawnEntry("table.losses", TABLES["table.losses"], lambda: _losses_table(own))
    yield DrawnEntry("table.indicators", TABLES["table.indicators"], lambda: _indicators_table(own))


def _losses_table(own: OwnResult) -> Drawn:
    produced = [_loss(own, leaf) for leaf in own.lost]
    columns = (
        paper.TableColumn("指标", 2, "left"),
        paper.TableColumn("失分", 0.8, "right"),
        paper.TableColumn("说明", 3, "left"),
        paper.TableColumn("改进办法", 2.4, "left"),
    )
    rows: tuple[tuple[paper.Parts, ...], ...] = tuple(
        ((leaf.name,), figure(lost), (leaf.sentence,), (own.told.get(leaf.code, ABSENT),))
        for leaf, lost in zip(own.lost, produced, strict=True)
    )
    return Drawn(paper.Table("失分情况", columns, rows, "注：失分单位为分，多的在前。"), tuple(produced))


def _loss(own: OwnResult, leaf: LeafScore) -> Produced:
    return Produced(
        f"loss.{leaf.code}", f"“{leaf.name}”失分", _points(leaf.lost_hundredths),
        f"满分{_points(leaf.full_hundredths)}分，{own.ruled_by}", leaf.sentence, (_leaf_record(leaf),),
    )  # fmt: skip


def _indicators_table(own: OwnResult) -> Drawn:
    produced = [_indicator(own, row) for row in own.rows]
    columns = (
        paper.TableColumn("编号", 0.8),
        paper.TableColumn("指标", 2.2, "left"),
        paper.TableColumn("满分", 0.8, "right"),
        paper.TableColumn("得分", 0.8, "right"),
        paper.TableColumn("说明", 4, "left"),
    )
    rows: tuple[tuple[paper.Parts, ...], ...] = tuple(
        (
            (row.code,),
            (row.name,),
            (_points(row.full),),
            figure(earned),
            (row.leaf.sentence if row.leaf else "",),
        )
        for row, earned in zip(own.rows, produced, strict=True)
    )
    note = f"注：总分{own.record.value}分。结果摘要值：{own.score.round.result_digest[:16]}"
    return Drawn(paper.Table("逐项得分", columns, rows, note), tuple(produced))


def _indicator(own: OwnResult, row: SheetRow) -> Produced:
    leaf = row.leaf
    said = leaf.sentence if leaf else "下列各项得分之和"
    told = _points(row.points)
    if leaf is not None and (leaf.is_open or leaf.is_left_out):
        told = "待核" if leaf.is_open else ABSENT
    return Produced(
        f"points.{row.code}", f"“{row.name}”得分", told, f"满分{_points(row.full)}分，{own.ruled_by}", said,
        tuple(map(_leaf_record, own.under(row))),
    )  # fmt: skip
