"""One year's days off and days worked instead, as the State Council's notice gives them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from changai.core.errors import Invalid

_ONE_DAY = timedelta(days=1)
_LONGEST_HOLIDAY = 14
_MOST_ENTRIES = 40
_WEEKEND = (5, 6)


@dataclass(frozen=True)
class Holiday:
    """Days off in a row, weekends among them included."""

    name: str
    first_on: date
    last_on: date

    def days(self) -> Iterator[date]:
        """Yield every day of it."""
        day = self.first_on
        while day <= self.last_on:
            yield day
            day += _ONE_DAY


@dataclass(frozen=True)
class YearPlan:
    """The arrangement of one year. `workdays` are weekend days on which people work.

    New Year's holiday may begin in the last days of the year before; they belong to this plan.
    """

    year: int
    source: str
    number: str
    published_on: date | None
    holidays: tuple[Holiday, ...]
    workdays: tuple[date, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON values; `read_year` reads them back."""
        return {
            "year": self.year,
            "source": self.source,
            "number": self.number,
            "published_on": self.published_on.isoformat() if self.published_on else "",
            "holidays": [
                {"name": found.name, "first": found.first_on.isoformat(), "last": found.last_on.isoformat()}
                for found in self.holidays
            ],
            "workdays": [day.isoformat() for day in self.workdays],
        }


def read_year(written: Any) -> YearPlan:
    """Return the plan in the JSON values of a year's file.

    :raises Invalid: with one sentence for every fault
    """
    if not isinstance(written, Mapping):
        raise Invalid("年度日历文件的内容应是一个对象，请使用系统导出的年度文件。")
    faults: list[str] = []
    year = written.get("year")
    holidays = [_holiday(entry, faults) for entry in _listed(written, "holidays", faults)]
    workdays = [_day(entry, faults) for entry in _listed(written, "workdays", faults)]
    published = written.get("published_on") or ""
    plan = YearPlan(
        year=year if isinstance(year, int) else 0,
        source=str(written.get("source") or "").strip()[:120],
        number=str(written.get("number") or "").strip()[:60],
        published_on=_day(published, faults) if published else None,
        holidays=tuple(sorted((h for h in holidays if h), key=lambda holiday: holiday.first_on)),
        workdays=tuple(sorted(day for day in workdays if day)),
    )
    require_sound(plan, faults)
    return plan


def _listed(written: Mapping[str, Any], name: str, faults: list[str]) -> list[Any]:
    found = written.get(name)
    if not isinstance(found, list) or len(found) > _MOST_ENTRIES:
        faults.append(f"缺少“{name}”一项，或其内容不是列表。")
        return []
    return found


def _holiday(written: Any, faults: list[str]) -> Holiday | None:
    if not isinstance(written, Mapping):
        faults.append("“holidays”中的每一项应写明 name、first、last。")
        return None
    first, last = _day(written.get("first"), faults), _day(written.get("last"), faults)
    if first is None or last is None:
        return None
    return Holiday(str(written.get("name") or "").strip()[:20], first, last)


def _day(written: Any, faults: list[str]) -> date | None:
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        faults.append(f"“{str(written)[:20]}”不是日期，应写作 2026-01-01 的样式。")
        return None


def require_sound(plan: YearPlan, faults: Sequence[str] = ()) -> None:
    """Let a plan pass that could have been announced.

    :raises Invalid: with one sentence for every fault, those handed in first
    """
    found = [*faults, *_faults(plan)]
    if found:
        raise Invalid("年度放假安排有误，没有载入。", faults=tuple(dict.fromkeys(found)))


def _faults(plan: YearPlan) -> Iterator[str]:
    if not 2000 <= plan.year <= 2100:
        yield "年份应在 2000 到 2100 之间。"
        return
    if not plan.source:
        yield "请写明出处（国务院办公厅通知的名称）。"
    if not plan.holidays:
        yield "没有任何放假日期。"
    yield from _faults_of_holidays(plan)
    yield from _faults_of_workdays(plan)


def _faults_of_holidays(plan: YearPlan) -> Iterator[str]:
    for holiday in plan.holidays:
        told = f"{holiday.name or '放假'}（{_written(holiday.first_on)}至{_written(holiday.last_on)}）"
        if not holiday.name:
            yield f"{told}没有节日名称。"
        if not 0 <= (holiday.last_on - holiday.first_on).days < _LONGEST_HOLIDAY:
            yield f"{told}的起止日期不对：应先起后止，不超过 {_LONGEST_HOLIDAY} 天。"
        elif not (_belongs(plan.year, holiday.first_on) and holiday.last_on.year == plan.year):
            yield f"{told}不在{plan.year}年内。"
    for earlier, later in pairwise(plan.holidays):
        if later.first_on <= earlier.last_on:
            yield f"{earlier.name}和{later.name}的日期重叠。"


def _faults_of_workdays(plan: YearPlan) -> Iterator[str]:
    off = {day: holiday.name for holiday in plan.holidays for day in _few_days(holiday)}
    for day in plan.workdays:
        if not _belongs(plan.year, day):
            yield f"上班日{_written(day)}不在{plan.year}年内。"
        elif day.weekday() not in _WEEKEND:
            yield f"上班日{_written(day)}本来就是工作日，请核对。"
        elif day in off:
            yield f"上班日{_written(day)}又在{off[day]}假期内。"
    for earlier, later in pairwise(plan.workdays):
        if earlier == later:
            yield f"上班日{_written(later)}重复。"


def _few_days(holiday: Holiday) -> list[date]:
    return list(holiday.days()) if (holiday.last_on - holiday.first_on).days < _LONGEST_HOLIDAY else []


def _belongs(year: int, day: date) -> bool:
    return day.year == year or (day.year == year - 1 and day.month == 12 and day.day >= 24)


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
