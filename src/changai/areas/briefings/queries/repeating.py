"""The own figures of each unit in a state, for paragraphs repeated unit by unit."""

from collections.abc import Callable
from functools import partial

from changai.areas.briefings.queries.records import Produced, Record
from changai.areas.briefings.queries.sources import Sources
from changai.areas.briefings.rules import COUNT_TOKEN, DETAIL_TOKEN, REPEATS, UNIT_TOKEN


def repeats(at_hand: Sources) -> dict[str, Callable[[], list[dict[str, Produced]]]]:
    """Return for each state of `rules.REPEATS` how to read its units, each with figures of its own."""
    return {state: partial(_units, at_hand, state) for state in REPEATS}


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


def _detail(record: Record) -> str:
    """Return a record in words without the unit: 推进技能培训（进度60%，序时进度100%）."""
    named = record.label.removeprefix(record.unit).removeprefix("：")
    if named.startswith("（"):
        named = named[1:].removesuffix("）")
    said = record.value.replace(" ", "")
    return f"{named}（{said}）" if named else said
