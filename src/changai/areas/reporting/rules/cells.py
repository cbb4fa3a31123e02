"""Cells of the sheet: how they are called, and how what people type becomes a value.

A cell is called `task:<claim>:<column>`, `figure:<field>:<column>`, `part:<item of a figure>:value` or
`words:<narrative line>:text`; a line is the same without the column.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, DecimalException

Value = Decimal | str | None

TASK_COLUMNS: dict[str, str] = {
    "percent": "完成进度",
    "progress": "进展情况",
    "problems": "存在问题",
    "next_steps": "下一步打算",
}
FIGURE_COLUMNS: dict[str, str] = {"value": "本月数", "remark": "说明"}
PART_COLUMNS: dict[str, str] = {"value": "本月数"}
WORDS_COLUMNS: dict[str, str] = {"text": "内容"}
COLUMNS: dict[str, dict[str, str]] = {
    "task": TASK_COLUMNS,
    "figure": FIGURE_COLUMNS,
    "part": PART_COLUMNS,
    "words": WORDS_COLUMNS,
}
LIMITS: dict[str, int] = {"progress": 2000, "problems": 1000, "next_steps": 1000, "remark": 300}
# What reads well: a hint while writing, never a reason to refuse. From, to, in characters.
GUIDANCE: dict[str, tuple[int, int]] = {"progress": (20, 300), "problems": (0, 200), "next_steps": (0, 200)}
LONGEST_COMMENT = 500
_LARGEST = Decimal(10) ** 14

TAKEN = "该行已采用，不能再改；如需更正，请申请更正或联系办公室解锁。"


class NotACell(ValueError):
    """What was typed cannot stand in the cell; the text is the Chinese sentence that says why."""


@dataclass(frozen=True)
class Cell:
    """A cell by the kind of its line (a key of `COLUMNS`), what the line is about, and its column."""

    kind: str
    key: int
    column: str

    @property
    def line(self) -> str:
        return f"{self.kind}:{self.key}"

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}:{self.column}"


def parse_cell(written: str) -> Cell:
    """Return the cell called `written`.

    :raises NotACell: when no sheet has such a cell
    """
    kind, _, rest = written.partition(":")
    key, _, column = rest.partition(":")
    columns = COLUMNS.get(kind, {})
    if column not in columns or not (key.isascii() and key.isdigit()):
        raise NotACell("表中没有这一格，请刷新页面。")
    return Cell(kind, int(key), column)


def parse_percent(typed: str) -> Decimal | None:
    """Return the percentage typed, with one decimal at most.

    :raises NotACell: when it is no number from 0 to 100
    """
    number = _parse_number(typed.replace("%", "").replace("％", ""))
    if number is None:
        return None
    if not 0 <= number <= 100:
        raise NotACell("完成进度应在 0 到 100 之间。")
    return _with_decimals(number, 1)


def parse_figure(typed: str, decimals: int, unit_of_measure: str = "") -> Decimal | None:
    """Return the figure typed: full-width digits, thousands separators and blanks are understood.

    A figure counted in percent may carry its sign, as copied from a spreadsheet.

    :raises NotACell: when it is no number, or has more decimals than the dictionary allows
    """
    is_percent = unit_of_measure in {"%", "％"}
    number = _parse_number(typed.replace("%", "").replace("％", "") if is_percent else typed)
    return None if number is None else _with_decimals(number, decimals)


def parse_words(typed: str, limit: int) -> str:
    """Return the text typed, without blanks around it.

    :raises NotACell: when it is longer than `limit` characters
    """
    words = typed.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(words) > limit:
        raise NotACell(f"最多 {limit} 字，现有 {len(words)} 字，请精简。")
    return words


def written(value: Value) -> str:
    """Return a value as it stands in a cell: no trailing zeros, nothing for None."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return value or ""


def conflict_sentence(name: str, changed_at: datetime | None, now: datetime) -> str:
    """Return what is told to the second of two people who wrote in one cell. Both moments are local time."""
    if changed_at is None:
        return "他人修改了同一格。您的内容已保留在下方，请对照后选择保留哪一项。"
    written_at = f"{changed_at:%H:%M}"
    if changed_at.date() != now.date():
        written_at = f"{changed_at.month}月{changed_at.day}日 {written_at}"
    return f"{name} 已于 {written_at} 修改了同一条记录。您的内容已保留在下方，请对照后选择保留哪一项。"


def _parse_number(typed: str) -> Decimal | None:
    plain = unicodedata.normalize("NFKC", typed).replace(",", "").replace(" ", "").strip()
    if not plain:
        return None
    try:
        number = Decimal(plain)
    except DecimalException:
        raise NotACell(f"“{typed.strip()[:20]}”不是数字，请只填数字。") from None
    # Compared by its sign, not by abs(): that computes, and overflows for 1e9999999999.
    if not number.is_finite() or not -_LARGEST < number < _LARGEST:
        raise NotACell(f"“{typed.strip()[:20]}”超出可填范围。")
    return number


def _with_decimals(number: Decimal, decimals: int) -> Decimal:
    rounded = round(number, decimals)
    if rounded != number:
        allowed = f"最多保留 {decimals} 位小数" if decimals else "应为整数"
        raise NotACell(f"“{written(number)}”{allowed}。")
    return rounded
