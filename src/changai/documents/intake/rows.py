"""What is wrong with rows taken together: repeated keys, sums among them, slipped columns, another count."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import Decimal

from changai.documents.intake.cells import looks_like_total
from changai.documents.intake.workbook import Sheet

# Where formats and programmes stop without a word: .xls, .xlsx, and what many exports are limited to.
FULL_SHEETS = frozenset({65_535, 65_536, 1_048_575, 1_048_576})
_MOST_TOLD = 10


def repeated(keys: Iterable[tuple[int, Hashable]]) -> dict[int, str]:
    """Return a sentence for every row whose key came before: row number -> which rows are alike."""
    seen: dict[Hashable, int] = {}
    told = {}
    for number, key in keys:
        if key in seen:
            told[number] = f"与第 {seen[key]} 行重复（第 {seen[key]} 行和第 {number} 行），请只保留一行。"
        else:
            seen[key] = number
    return told


def contradicting(rows: Iterable[tuple[int, str, str]]) -> list[str]:
    """Return sentences about (row, identity number, name) that contradict each other; each names its rows.

    One number with two names is a fault; one name with two numbers may be two persons and is only told.
    """
    names: dict[str, dict[str, int]] = defaultdict(dict)
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    for row, number, name in rows:
        names[number].setdefault(name, row)
        numbers[name].setdefault(number, row)
    told = [
        f"同一证件号码对应不同姓名：{_listed(found)}，请核对。" for found in names.values() if len(found) > 1
    ]
    return told + [
        f"同名“{name}”对应不同证件号码：{_rows(found)}，请确认不是同一人。"
        for name, found in numbers.items()
        if len(found) > 1
    ]


def _listed(found: Mapping[str, int]) -> str:
    return "、".join(f"第 {row} 行“{name}”" for name, row in list(found.items())[:_MOST_TOLD])


def _rows(found: Mapping[str, int]) -> str:
    return "、".join(f"第 {row} 行" for row in list(found.values())[:_MOST_TOLD])


def totals(rows: Sequence[tuple[int, str, Decimal | None]]) -> dict[int, str]:
    """Return a sentence for each (row, name, number) that looks like a sum of the rows above it.

    One that is not their sum says both numbers.
    """
    told = {}
    above = Decimal(0)
    for number, name, value in rows:
        if not looks_like_total(name):
            above += value or 0
        elif value is not None and value != above:
            told[number] = f"第 {number} 行合计为 {value:f}，各行相加为 {above:f}，两数不符，请核对。"
        else:
            told[number] = f"第 {number} 行疑似合计行，不作为数据导入。"
    return told


def uneven(sheet: Sheet, heading_row: int) -> dict[int, str]:
    """Return a sentence for every row that is longer than the heading row: its columns have slipped."""
    width = len(sheet.rows[heading_row - 1])
    return {
        number: f"第 {number} 行有 {len(row)} 列，表头只有 {width} 列，内容可能错位，请检查分隔符和引号。"
        for number, row in enumerate(sheet.rows[heading_row:], start=heading_row + 1)
        if len(row) > width
    }


def count_fault(expected: int | None, found: int, *, measure: str = "行") -> str:
    """Return what is wrong with the count of rows, or nothing.

    A sheet that is exactly full was most likely cut off: without an announced count it is not believed.
    """
    if expected is not None and expected != found:
        return f"应有 {expected:,} {measure}，文件中是 {found:,} {measure}，请核对文件是否完整。"
    if expected is None and found in FULL_SHEETS:
        return (
            f"文件正好有 {found:,} 行，是表格软件的行数上限，后面的内容可能已被截断。"
            "请填写“应有行数”确认，或改用 .csv。"
        )
    return ""
