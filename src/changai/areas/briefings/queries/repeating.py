"""The own figures of each unit in a state, for paragraphs repeated unit by unit."""

from collections.abc import Callable
from functools import partial

from changai.areas.assessments.models import Score
from changai.areas.briefings.queries.records import Produced, Record
from changai.areas.briefings.queries.sources import Sources
from changai.areas.briefings.rules import COUNT_TOKEN, DETAIL_TOKEN, REPEATS, SCORED, UNIT_TOKEN


def repeats(at_hand: Sources) -> dict[str, Callable[[], list[dict[str, Produced]]]]:
    """Return for each state of `rules.REPEATS` how to read its units, each with figures of its own."""
    states: dict[str, Callable[[], list[dict[str, Produced]]]] = {
        state: partial(_units, at_hand, state) for state in REPEATS
    }
    return states | {SCORED: partial(_scored, at_hand)}


def _units(at_hand: Sources, state: str) -> list[dict[str, Produced]]:
    groups: dict[str, list[Record]] = {}
    for record in at_hand.records(state):
        groups.setdefault(record.unit, []).append(record)
    return [_own(at_hand, state, unit, tuple(records)) for unit, records in groups.items()]


def _own(at_hand: Sources, state: str, unit: str, records: tuple[Record, ...]) -> dict[str, Produced]:
    key, where = f"each.{state}.{records[0].id}", f"{at_hand.month.label}{REPEATS[state]}"
    counted = f"共 {len(records)} 条记录"
    details = "；".join(map(_detail, records))
    return {
        UNIT_TOKEN: Produced(f"{key}.unit", unit, unit, f"{where}之一", counted, records),
        COUNT_TOKEN: Produced(
            f"{key}.count", f"{unit}项数", str(len(records)), f"{where}中，{unit}的记录数", counted, records
        ),
        DETAIL_TOKEN: Produced(
            f"{key}.detail", f"{unit}明细", details, f"{where}中，{unit}各条记录的内容", counted, records
        ),
    }


def _scored(at_hand: Sources) -> list[dict[str, Produced]]:
    """Return the units assessed, those the paper is sent to when it is, each with its result in words."""
    ranked = sum(score.rank is not None for score in at_hand.scores)
    rows = zip(at_hand.scores, at_hand.records("scores"), strict=True)
    return [
        _own_result(at_hand, score, record, ranked)
        for score, record in rows
        if not at_hand.units or score.unit_id in at_hand.units
    ]


def _own_result(at_hand: Sources, score: Score, record: Record, ranked: int) -> dict[str, Produced]:
    # A unit is told its own result in a letter to it alone; every other paper tells it to others too.
    whose = "own" if len(at_hand.units) == 1 else "each"
    key, unit, records = f"{whose}.{SCORED}.{record.id}", record.unit, (record,)
    where = f"{at_hand.round.name if at_hand.round else ''}考核对象，{at_hand.ruled_by}"
    place = f"在{ranked}个参加排名的单位中列第{score.rank}名" if score.rank else "未参加排名"
    grade = f"，等次为“{score.grade}”" if score.grade else ""
    details = f"得分{record.value}分，{place}{grade}"
    return {
        UNIT_TOKEN: Produced(f"{key}.unit", unit, unit, where, "公布的考核结果", records),
        COUNT_TOKEN: Produced(f"{key}.count", f"{unit}项数", "1", where, "一个考核结果", records),
        DETAIL_TOKEN: Produced(f"{key}.detail", f"{unit}考核结果", details, where, "公布的考核结果", records),
    }


def _detail(record: Record) -> str:
    """Return a record in words without the unit: 推进技能培训（进度60%，序时进度100%）."""
    named = record.label.removeprefix(record.unit).removeprefix("：")
    if named.startswith("（"):
        named = named[1:].removesuffix("）")
    return f"{named}（{record.value}）" if named else record.value
