"""Tables and charts a briefing can draw. Every number in them is a figure that opens."""

from collections.abc import Iterable
from typing import Literal

from changai.areas.briefings.queries import unitwise
from changai.areas.briefings.queries.records import (
    ABSENT,
    Drawn,
    DrawnEntry,
    Produced,
    Record,
    figure,
    percent,
    series,
)
from changai.areas.briefings.queries.rows import Part, day_words, line_record
from changai.areas.briefings.queries.sources import Sources
from changai.areas.briefings.queries.unitwise import LEVELS
from changai.areas.organisations.models import Level
from changai.areas.reporting.models import TaskLine
from changai.areas.tasks import queries as tasks
from changai.documents import paper


def drawings(at_hand: Sources) -> Iterable[DrawnEntry]:
    """Yield the tables and charts there are rows for: of the month, and of the round when there is one."""
    if at_hand.parts:
        yield DrawnEntry("table.parts", "各项工作进展", lambda: _parts_table(at_hand))
        yield DrawnEntry("chart.parts", "各项工作进展", lambda: _parts_chart(at_hand))
    if at_hand.lagging:
        yield DrawnEntry("table.lagging", "滞后任务", lambda: _lagging_table(at_hand))
    if at_hand.rates.rows:
        yield DrawnEntry("table.rates", "各类单位报送情况", lambda: _rates_table(at_hand))
    if at_hand.scores:
        yield DrawnEntry("table.scores", "考核得分", lambda: _scores_table(at_hand))
        yield DrawnEntry("chart.scores", "考核得分", lambda: _scores_chart(at_hand))
        yield DrawnEntry("chart.tiles", "考核得分方格图", lambda: _scores_tiles(at_hand))
    yield from unitwise.drawings(at_hand)


def _part_figures(at_hand: Sources) -> list[tuple[str, Produced, Produced, Produced]]:
    return [
        (part.name, *_figures_of(f"parts.{number}", part, at_hand.month.label))
        for number, part in enumerate(at_hand.parts, start=1)
    ]


def _figures_of(key: str, part: Part, month: str) -> tuple[Produced, Produced, Produced]:
    lines, where = part.records, f"截至{month}底，“{part.name}”"
    count = Produced(
        f"{key}.count",
        f"{part.name}任务数",
        str(len(lines)),
        f"{where}的任务数（按承担单位计）",
        f"共 {len(lines)} 项",
        lines,
    )
    progress = Produced(
        f"{key}.progress",
        f"{part.name}平均进度",
        percent(part.progress),
        f"{where}各任务完成进度的算术平均数",
        f"{len(lines)} 项任务完成进度之和 ÷ {len(lines)} = {percent(part.progress)}",
        part.progress_records,
    )
    scheduled = Produced(
        f"{key}.scheduled",
        f"{part.name}平均序时进度",
        percent(part.scheduled),
        f"{where}各任务序时进度的算术平均数",
        f"{len(lines)} 项任务序时进度之和 ÷ {len(lines)} = {percent(part.scheduled)}",
        part.scheduled_records,
    )
    return count, progress, scheduled


def _parts_table(at_hand: Sources) -> Drawn:
    rows = _part_figures(at_hand)
    table = paper.Table(
        caption=f"各项工作进展情况（{at_hand.month.label}）",
        columns=(
            paper.TableColumn("工作", 2.2, "left"),
            paper.TableColumn("任务数"),
            paper.TableColumn("平均进度"),
            paper.TableColumn("序时进度"),
        ),
        rows=tuple(
            ((name,), figure(count), figure(progress), figure(scheduled))
            for name, count, progress, scheduled in rows
        ),
        note=f"注：各任务取截至{at_hand.month.label}底最近一次已采用的月报，已完成的按100%计。",
    )
    return Drawn(table, tuple(f for row in rows for f in row[1:]))


def _lagging_table(at_hand: Sources) -> Drawn:
    """Return the lagging tasks with what the unit itself wrote about them, quoted from its report."""
    produced: list[Produced] = []
    rows: list[tuple[paper.Parts, ...]] = []
    for line in at_hand.lagging:
        record = line_record(line)
        figures = _lagging_figures(line, record, f"{at_hand.month.label}已采用的月报")
        produced += figures
        due_on = day_words(tasks.deadline_of(line.claim))
        rows.append(((record.unit,), (line.claim.text,), (due_on,), *map(figure, figures)))
    table = paper.Table(
        caption=f"滞后任务情况（{at_hand.month.label}）",
        columns=(
            paper.TableColumn("单位", 1.4, "left"),
            paper.TableColumn("任务", 2.8, "left"),
            paper.TableColumn("完成时限", 1.5),
            paper.TableColumn("进度", 1.1),
            paper.TableColumn("序时进度", 1.1),
            paper.TableColumn("单位反映的问题", 2.1, "left"),
        ),
        rows=tuple(rows),
        note="注：到期未完成，或者进度低于序时进度超过10个百分点。问题摘自各单位月报原文。",
    )
    return Drawn(unitwise.of_one_unit(table, at_hand), tuple(produced))


def _lagging_figures(line: TaskLine, record: Record, where: str) -> tuple[Produced, ...]:
    key, task, behind = f"lagging.{line.pk}", record.label, f"{line.scheduled_percent}%"
    evenly = "从下达到完成时限按时间均匀推进"
    quoted = line.problems or ABSENT
    return (
        Produced(f"{key}.percent", f"{task}进度", f"{line.percent}%", f"{where}所报进度", "原数", (record,)),
        Produced(f"{key}.scheduled", f"{task}序时进度", behind, f"{where}中的序时进度", evenly, (record,)),
        Produced(f"{key}.problems", f"{task}存在问题", quoted, f"摘自{where}", "原文", (record,)),
    )


def _parts_chart(at_hand: Sources) -> Drawn:
    rows = _part_figures(at_hand)
    spec = paper.ChartSpec(
        kind="bars",
        title=f"各项工作平均进度（{at_hand.month.label}）",
        unit="%",
        categories=tuple(row[0] for row in rows),
        series=(
            series("平均进度", [row[2] for row in rows]),
            series("序时进度", [row[3] for row in rows]),
        ),
    )
    return Drawn(paper.Chart(spec), tuple(f for row in rows for f in row[2:]))


RATE_COLUMNS = (
    ("owed", "应报"),
    ("on_time", "按时"),
    ("late", "迟报"),
    ("missing", "未报"),
    ("returned", "退回"),
)
MEANINGS = {
    "owed": "应报送月报的单位数，不含经批准免报的单位",
    "arrived": "已由单位负责人审签报出的单位数",
    "on_time": "在截止日（含当日）前报出的单位数",
    "late": "超过截止日报出的单位数",
    "missing": "尚未报出的单位数",
    "returned": "月报被退回修改过的单位数",
    "accepted": "月报已被采用的单位数",
}


def _rates_table(at_hand: Sources) -> Drawn:
    produced: list[Produced] = []
    rows: list[tuple[paper.Parts, ...]] = []
    for level, name in _levels(at_hand):
        figures = [_rate(at_hand, level, name, which, title) for which, title in RATE_COLUMNS]
        produced += figures
        rows.append(((name,), *map(figure, figures)))
    table = paper.Table(
        caption=f"月报报送情况（{at_hand.month.label}）",
        columns=(
            paper.TableColumn("单位类别", 1.6, "left"),
            *(paper.TableColumn(title) for _, title in RATE_COLUMNS),
        ),
        rows=tuple(rows),
        note="注：单位为份，一个单位报送多张报表的分别计数。"
        if at_hand.of_several_forms
        else "注：单位为份。",
    )
    return Drawn(table, tuple(produced))


def _levels(at_hand: Sources) -> Iterable[tuple[str, str]]:
    """Yield the levels that owe reports, the usual ones first, then all of them together."""
    usual = dict(LEVELS)
    others = {level: str(Level(level).label) for level in at_hand.owing_levels if level not in usual}
    yield from ((level, name) for level, name in (usual | others).items() if level in at_hand.owing_levels)
    yield "all", "合计"


def _rate(at_hand: Sources, level: str, name: str, which: str, title: str) -> Produced:
    is_all = level == "all"
    records = at_hand.records(which) if is_all else at_hand.of_level(which, level)
    whose = "各类单位" if is_all else name
    return Produced(
        f"rates.{level}.{which}",
        f"{whose}{title}数",
        str(len(records)),
        f"{at_hand.month.label}{whose}中{MEANINGS[which]}",
        f"共 {len(records)} 份",
        records,
    )


def _score_figures(at_hand: Sources) -> list[tuple[str, Produced, Produced, Produced]]:
    rows = []
    for score, record in zip(at_hand.scores, at_hand.records("scores"), strict=True):
        unit, key = score.unit.name, f"scores.{score.unit.code}"
        rank = ABSENT if score.rank is None else str(score.rank)
        name = at_hand.round.name if at_hand.round else ""
        rows.append(
            (
                unit,
                Produced(
                    f"{key}.total",
                    f"{unit}得分",
                    record.value,
                    f"{name}得分，{at_hand.ruled_by}",
                    "各项指标得分之和，逐项说明见得分页",
                    (record,),
                ),
                Produced(
                    f"{key}.rank",
                    f"{unit}名次",
                    rank,
                    f"{name}名次，{at_hand.ruled_by}",
                    "1 + 得分严格高于本单位的单位数",
                    (record,),
                ),
                Produced(
                    f"{key}.grade",
                    f"{unit}等次",
                    score.grade or ABSENT,
                    f"{name}等次，{at_hand.ruled_by}",
                    score.grade_reason or "按指标体系规定的等次线评定",
                    (record,),
                ),
            )
        )
    return rows


def _scores_table(at_hand: Sources) -> Drawn:
    rows = _score_figures(at_hand)
    table = paper.Table(
        caption=f"{at_hand.round.name}得分" if at_hand.round else "",
        columns=(
            paper.TableColumn("名次"),
            paper.TableColumn("单位", 2.4, "left"),
            paper.TableColumn("得分", 1.2, "right"),
            paper.TableColumn("等次"),
        ),
        rows=tuple(
            (figure(rank), (unit,), figure(total), figure(grade)) for unit, total, rank, grade in rows
        ),
        note="注：得分相同的名次并列。",
    )
    return Drawn(table, tuple(f for row in rows for f in row[1:]))


def _scores_chart(at_hand: Sources) -> Drawn:
    return _scores_drawn(at_hand, "bars")


def _scores_tiles(at_hand: Sources) -> Drawn:
    return _scores_drawn(at_hand, "tiles")


def _scores_drawn(at_hand: Sources, kind: Literal["bars", "tiles"]) -> Drawn:
    rows = _score_figures(at_hand)
    spec = paper.ChartSpec(
        kind=kind,
        title=f"{at_hand.round.name}得分" if at_hand.round else "",
        unit="分",
        categories=tuple(row[0] for row in rows),
        series=(series("得分", [row[1] for row in rows]),),
        decimals=2,
    )
    return Drawn(paper.Chart(spec), tuple(row[1] for row in rows))
