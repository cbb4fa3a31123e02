"""Tables and charts unit by unit and month by month: ledger, quotes, points lost, progress, ranges of places."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from changai.areas.assessments.models import LeafScore, Round, Score
from changai.areas.assessments.queries import Bands, bands_of, losses, sheet_rows
from changai.areas.briefings.queries.records import (
    Drawn,
    DrawnEntry,
    Produced,
    figure,
    percent,
    series,
)
from changai.areas.briefings.queries.rows import ItemProgress, Part, item_records, line_record
from changai.areas.briefings.queries.sources import Sources
from changai.areas.organisations.models import Level, Unit
from changai.areas.reporting.models import TaskLine
from changai.areas.reporting.rules.standings import mean
from changai.core.periods import Month
from changai.documents import paper

LEVELS = ((Level.MEMBER, "成员单位"), (Level.COUNTY, "县区"), (Level.ENTERPRISE, "直属企业"))
LONGEST_QUOTE = 120
MOST_PLACES = 60


def drawings(at_hand: Sources) -> Iterable[DrawnEntry]:
    """Yield the tables and charts of units and months there are rows for."""
    if at_hand.items:
        yield DrawnEntry("table.units", "各单位任务台账汇总", lambda: _units_table(at_hand))
        yield from _heats(at_hand)
    if at_hand.quotes:
        yield DrawnEntry("table.quotes", "做法摘录", lambda: _quotes_table(at_hand))
    if len(at_hand.told_months) > 1:
        yield DrawnEntry("chart.trend", "进度走势", lambda: _trend_chart(at_hand))
    if len(at_hand.units) > 1 and _lost(at_hand):
        yield DrawnEntry("table.losses", "主送单位失分情况", lambda: _losses_table(at_hand))
    if at_hand.scores and at_hand.round:
        bands = bands_of(at_hand.round)
        if bands is not None and 0 < sum(map(len, bands.bands)) <= MOST_PLACES:
            yield DrawnEntry(
                "chart.places", "名次区间", partial(_places_chart, at_hand, at_hand.round, bands)
            )


# -- units


def _by_unit(items: Iterable[ItemProgress]) -> dict[Unit, list[ItemProgress]]:
    groups: dict[Unit, list[ItemProgress]] = defaultdict(list)
    for item in items:
        groups[item.line.report.obligation.unit].append(item)
    return groups


def _units_table(at_hand: Sources) -> Drawn:
    lagging = {line.claim_id for line in at_hand.lagging}
    rows: list[tuple[str, tuple[Produced, ...]]] = [
        (unit.name, _unit_figures(at_hand, unit, items, lagging))
        for unit, items in _by_unit(at_hand.items).items()
    ]
    table = paper.Table(
        caption=f"各单位任务台账汇总（{at_hand.month.label}）",
        columns=(
            paper.TableColumn("单位", 2.2, "left"),
            *(paper.TableColumn(title) for title in ("任务数", "已完成", "平均进度", "序时进度", "滞后")),
        ),
        rows=tuple(((name,), *map(figure, figures)) for name, figures in rows),
        note=f"注：任务数、已完成、滞后的单位为项。各任务取截至{at_hand.month.label}底最近一次已采用的月报，已完成的按100%计。",
    )
    return Drawn(table, tuple(each for _name, figures in rows for each in figures))


def _unit_figures(
    at_hand: Sources, unit: Unit, items: Sequence[ItemProgress], lagging: set[int]
) -> tuple[Produced, ...]:
    key, where = f"units.{unit.code}", f"截至{at_hand.month.label}底，{unit.name}"
    done = [item for item in items if item.percent >= 100]
    late = [item for item in items if item.line.claim_id in lagging]
    counts = (("count", "任务数", items), ("done", "已完成任务数", done), ("lagging", "滞后任务数", late))
    count, completed, behind = (
        Produced(
            f"{key}.{which}", f"{unit.name}{name}", str(len(listed)), f"{where}的{name}", f"共 {len(listed)} 项",
            item_records(listed),
        )
        for which, name, listed in counts
    )  # fmt: skip
    return count, completed, *_pace(key, unit.name, where, items), behind


def _pace(key: str, whose: str, where: str, items: Sequence[ItemProgress]) -> tuple[Produced, Produced]:
    """Return mean and scheduled progress of items as two figures."""
    means = (
        ("progress", "平均进度", "完成进度", mean(item.percent for item in items)),
        ("scheduled", "平均序时进度", "序时进度", mean(item.scheduled for item in items)),
    )
    progress, scheduled = (
        Produced(
            f"{key}.{which}", f"{whose}{name}", percent(value), f"{where}各任务{each}的算术平均数",
            f"{len(items)} 项任务{each}之和 ÷ {len(items)} = {percent(value)}" if items else "没有任务",
            item_records(items),
        )
        for which, name, each, value in means
    )  # fmt: skip
    return progress, scheduled


def _heats(at_hand: Sources) -> Iterable[DrawnEntry]:
    units = _by_unit(at_hand.items)
    for level, name in LEVELS:
        chosen = [unit for unit in units if unit.level == level]
        if len(chosen) > 1:
            draw = partial(_heat_chart, at_hand, chosen, name)
            yield DrawnEntry(f"chart.heat.{level}", f"{name}各项工作进度热力图", draw)


def _heat_chart(at_hand: Sources, units: Sequence[Unit], whose: str) -> Drawn:
    columns = [
        (part.name, [_heat_figure(at_hand, unit, place, part) for unit in units])
        for place, part in enumerate(at_hand.parts, start=1)
    ]
    spec = paper.ChartSpec(
        kind="heat",
        title=f"{whose}各项工作平均进度（{at_hand.month.label}）",
        unit="%",
        categories=tuple(unit.name for unit in units),
        series=tuple(series(name, cells) for name, cells in columns),
    )
    return Drawn(paper.Chart(spec), tuple(cell for _name, cells in columns for cell in cells))


def _heat_figure(at_hand: Sources, unit: Unit, place: int, part: Part) -> Produced:
    items = [item for item in part.items if item.line.report.obligation.unit_id == unit.pk]
    where = f"截至{at_hand.month.label}底，{unit.name}“{part.name}”"
    return _pace(f"heat.{place}.{unit.code}", f"{unit.name}{part.name}", where, items)[0]


# -- quotes


def _quotes_table(at_hand: Sources) -> Drawn:
    produced = [_quote(line, at_hand.month) for line in at_hand.quotes]
    table = paper.Table(
        caption=f"月报做法摘录（{at_hand.month.label}）",
        columns=(
            paper.TableColumn("单位", 1.4, "left"),
            paper.TableColumn("任务", 2.4, "left"),
            paper.TableColumn("进展情况", 4.2, "left"),
        ),
        rows=tuple(
            ((line.report.obligation.unit.name,), (line.claim.text,), figure(quoted))
            for line, quoted in zip(at_hand.quotes, produced, strict=True)
        ),
        note="注：进度领先序时进度最多的任务，进展情况摘自各单位已采用月报原文。",
    )
    return Drawn(table, tuple(produced))


def _quote(line: TaskLine, month: Month) -> Produced:
    record = line_record(line)
    words = line.progress.strip()
    said = words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1]}…"
    where = f"摘自{month.label}已采用的月报“进展情况”一栏"
    return Produced(f"quotes.{line.pk}", f"{record.label}进展情况", said, where, "原文", (record,))


# -- months


def _trend_chart(at_hand: Sources) -> Drawn:
    months = at_hand.told_months
    pairs = [
        _pace(f"trend.{month}", month.label, f"截至{month.label}底，全部", at_hand.items_of(month))
        for month in months
    ]
    progress, scheduled = ([pair[place] for pair in pairs] for place in (0, 1))
    spec = paper.ChartSpec(
        kind="lines",
        title=f"任务平均进度走势（{months[0].label}至{months[-1].label}）",
        unit="%",
        categories=tuple(month.label for month in months),
        series=(series("平均进度", progress), series("序时进度", scheduled)),
    )
    return Drawn(paper.Chart(spec), (*progress, *scheduled))


# -- results


def _lost(at_hand: Sources) -> dict[Score, list[LeafScore]]:
    """Return the results of the units a paper is sent to, each with the indicators it lost points at."""
    own = [score for score in at_hand.scores if score.unit_id in at_hand.units]
    return {score: lost for score in own if (lost := losses(sheet_rows(score)))}


def _losses_table(at_hand: Sources) -> Drawn:
    produced: list[Produced] = []
    rows: list[tuple[paper.Parts, ...]] = []
    records = dict(zip(at_hand.scores, at_hand.records("scores"), strict=True))
    for score, leaves in _lost(at_hand).items():
        for leaf in leaves:
            lost = Produced(
                f"loss.{score.unit.code}.{leaf.code}",
                f"{score.unit.name}“{leaf.name}”失分",
                f"{Decimal(leaf.lost_hundredths) / 100:.2f}",
                f"满分{Decimal(leaf.full_hundredths) / 100:.2f}分，{at_hand.ruled_by}",
                leaf.sentence,
                (records[score],),
            )
            produced.append(lost)
            rows.append(((score.unit.name,), (f"{leaf.code} {leaf.name}",), figure(lost), (leaf.sentence,)))
    table = paper.Table(
        caption="失分情况",
        columns=(
            paper.TableColumn("单位", 1.4, "left"),
            paper.TableColumn("指标", 2.2, "left"),
            paper.TableColumn("失分", 0.8, "right"),
            paper.TableColumn("说明", 3.6, "left"),
        ),
        rows=tuple(rows),
        note="注：失分单位为分，多的在前。",
    )
    return Drawn(of_one_unit(table, at_hand), tuple(produced))


def of_one_unit(table: paper.Table, at_hand: Sources) -> paper.Table:
    """Return a table without its first column, the unit, in a paper to one unit alone."""
    if len(at_hand.units) != 1:
        return table
    return replace(table, columns=table.columns[1:], rows=tuple(row[1:] for row in table.rows))


def _places_chart(at_hand: Sources, round_: Round, bands: Bands) -> Drawn:
    records = {
        score.unit.code: record
        for score, record in zip(at_hand.scores, at_hand.records("scores"), strict=True)
    }
    places = [
        place for band in bands.bands for place in sorted(band, key=lambda each: (each.official, each.code))
    ]
    draws = bands.sensitivity.report.get("draws", "")
    meanings = (
        ("low", "名次区间上端", "权重在合理范围内变动时，九成情形中最好的名次"),
        ("official", "名次", "公布的名次"),
        ("high", "名次区间下端", "权重在合理范围内变动时，九成情形中最靠后的名次"),
    )
    columns = [
        [
            Produced(
                f"places.{which}.{place.code}", f"{place.name}{name}", str(getattr(place, which)),
                f"{round_.name}：{meaning}", f"随机变动权重 {draws} 次，取 5% 至 95% 的范围",
                (records[place.code],) if place.code in records else (),
            )
            for place in places
        ]
        for which, name, meaning in meanings
    ]  # fmt: skip
    spec = paper.ChartSpec(
        kind="intervals",
        title=f"{round_.name}名次区间",
        unit="名",
        categories=tuple(place.name for place in places),
        series=tuple(
            series(name, made) for (_which, name, _meaning), made in zip(meanings, columns, strict=True)
        ),
        decimals=0,
    )
    return Drawn(paper.Chart(spec), tuple(each for made in columns for each in made))
