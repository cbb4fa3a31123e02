"""Reads the State Council's notice as it is printed: the office pastes it, nobody types dates."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from changai.core.errors import Invalid
from changai.core.workdays.years import Holiday, YearPlan, require_sound

_TITLE = re.compile(r"关于(\d{4})年部分节假日安排的通知")
_NUMBER = re.compile(r"国办发明电〔\d{4}〕\d+号")
_SIGNED = re.compile(r"国务院办公厅(\d{4})年(\d{1,2})月(\d{1,2})日")
_ITEM = re.compile(r"[一二三四五六七八九十]+、([\u4e00-\u9fff、]{2,14}?):")
_DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?(至)?")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_TOTAL = re.compile(r"共(\d{1,2})天|放假(\d{1,2})天")
_WEEKDAYS = "一二三四五六日"


@dataclass
class _Item:
    """What one item of the notice says, as it is read."""

    year: int
    name: str
    runs: list[tuple[date, date]] = field(default_factory=list)
    workdays: list[date] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    month: int = 0


def read_notice(text: str) -> YearPlan:
    """Return the year's plan in the text of the notice; days of the week and totals printed in it must fit.

    :raises Invalid: with one sentence for every fault
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    title = _TITLE.search(plain)
    if title is None:
        raise Invalid("没有找到“关于××××年部分节假日安排的通知”字样，请粘贴通知全文。")
    year = int(title[1])
    items = [_read_item(year, name, words) for name, words in _items(plain)]
    number, signed = _NUMBER.search(plain), _SIGNED.search(plain)
    plan = YearPlan(
        year=year,
        source=f"国务院办公厅{title[0]}",
        number=number[0] if number else "",
        published_on=_date(int(signed[1]), int(signed[2]), int(signed[3])) if signed else None,
        holidays=tuple(sorted(_holidays(items), key=lambda holiday: holiday.first_on)),
        workdays=tuple(sorted(day for item in items for day in item.workdays)),
    )
    require_sound(plan, [fault for item in items for fault in item.faults])
    return plan


def _items(plain: str) -> Iterator[tuple[str, str]]:
    found = list(_ITEM.finditer(plain))
    ends = [item.start() for item in found[1:]] + [len(plain)]
    for item, end in zip(found, ends, strict=True):
        yield item[1], plain[item.end() : end]


def _read_item(year: int, name: str, words: str) -> _Item:
    item = _Item(year, name)
    total = 0
    for clause in re.split(r"[。;，,]", words):
        if counted := _TOTAL.search(clause):
            total = int(counted[1] or counted[2])
        if "上班" in clause:
            item.workdays += [day for first, last in _runs(item, clause) for day in {first, last}]
        elif "放假" in clause or "补休" in clause:
            item.runs += _runs(item, clause)
    off = sum((last - first).days + 1 for first, last in item.runs)
    if not item.runs:
        item.faults.append(f"{name}一项中没有读到放假日期。")
    elif total and total != off:
        item.faults.append(f"{name}写明共 {total} 天，按日期计为 {off} 天，请核对。")
    return item


def _runs(item: _Item, clause: str) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    begun: date | None = None
    for match in _DAY.finditer(clause):
        day = _read_day(item, match)
        if day is None:
            continue
        if begun is not None:
            runs[-1] = (begun, day)
        else:
            runs.append((day, day))
        begun = day if match[5] else None
    return runs


def _read_day(item: _Item, match: re.Match[str]) -> date | None:
    item.month = int(match[2] or item.month)
    day = _date(int(match[1] or item.year), item.month, int(match[3]))
    if day is None:
        item.faults.append(f"{item.name}一项中的“{match[0]}”不是日期。")
        return None
    printed = _WEEKDAY.search(match[4] or "")
    if printed and _WEEKDAYS.index(printed[1].replace("天", "日")) != day.weekday():
        actual = _WEEKDAYS[day.weekday()]
        item.faults.append(f"{item.name}一项中{day.month}月{day.day}日应为星期{actual}，与通知所写不符。")
    return day


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _holidays(items: list[_Item]) -> Iterator[Holiday]:
    for item in items:
        for first, last in item.runs:
            yield Holiday(item.name, first, last)
