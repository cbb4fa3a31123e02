"""The sheet of a month as pages of a workbook: what stands in them, what is asked, and what each cell held."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

PURPOSE = "report_sheet"
TOWNSHIP_PURPOSE = "township_sheet"
CONFIRMED = "核对无误"
CONFIRM_COLUMN = "核对"
TASK_PAGE, FIGURE_PAGE, WORDS_PAGE = "任务进展", "数据", "文字材料"
TOWNSHIP_PAGE, TOWNSHIP_REF = "填报单位", "township:name"
_DIGEST_LENGTH = 8


@dataclass(frozen=True)
class Asked:
    """A cell that may be filled in. `now` is what the system holds, as written; `last` last month's figure."""

    ref: str
    column: str
    kind: Literal["number", "words", "confirm", "choice"]
    now: str = ""
    unit_of_measure: str = ""
    decimals: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    longest: int = 0
    last: Decimal | None = None
    note: str = ""
    choices: tuple[str, ...] = ()
    # Why nothing may be written into the cell any more; empty when it may.
    lock: str = ""


@dataclass(frozen=True)
class PageRow:
    """A row: its key, the code and name people know it by, what is known already, and what is asked."""

    key: str
    code: str
    name: str
    known: Mapping[str, str | Decimal | None]
    asked: tuple[Asked, ...]
    unit_of_measure: str = ""


@dataclass(frozen=True)
class PageColumn:
    """A column of a page. `part` says what it is for; a required one must be in a workbook brought back."""

    title: str
    width: float
    part: Literal["code", "name", "unit", "known", "asked"] = "known"
    is_number: bool = False
    is_required: bool = False


@dataclass(frozen=True)
class SheetPage:
    """One page of the workbook."""

    name: str
    columns: tuple[PageColumn, ...]
    rows: tuple[PageRow, ...]

    def titles(self, part: str) -> tuple[str, ...]:
        """Return the titles of the columns for `part`."""
        return tuple(column.title for column in self.columns if column.part == part)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.title for column in self.columns if column.is_required)


TASK_COLUMNS = (
    PageColumn("编号", 3.6, "code"),
    PageColumn("任务", 13, "name"),
    PageColumn("完成时限", 5.2),
    PageColumn("序时进度（%）", 3.8, is_number=True),
    PageColumn("上月进度（%）", 3.8, is_number=True),
    PageColumn("上月情况", 12),
    PageColumn("完成进度（%）", 3.8, "asked", is_number=True, is_required=True),
    PageColumn("进展情况", 18, "asked", is_required=True),
    PageColumn("存在问题", 11, "asked"),
    PageColumn("下一步打算", 11, "asked"),
)
FIGURE_COLUMNS = (
    PageColumn("编码", 8, "code"),
    PageColumn("数据项", 14, "name"),
    PageColumn("计量单位", 4.5, "unit"),
    PageColumn("口径", 20),
    PageColumn("上月数", 7, is_number=True),
    PageColumn("本月数", 7, "asked", is_number=True, is_required=True),
    PageColumn("核对", 5, "asked"),
    PageColumn("说明", 18, "asked"),
)
WORDS_COLUMNS = (
    PageColumn("文字项", 12, "name"),
    PageColumn("填写要求", 14),
    PageColumn("上月内容", 24),
    PageColumn("内容", 44, "asked", is_required=True),
)
TOWNSHIP_COLUMNS = (
    PageColumn("项目", 10, "name"),
    PageColumn("填写", 20, "asked", is_required=True),
)


@dataclass(frozen=True)
class Stamp:
    """By what a workbook is known again: whose it is, and what its cells held when it was made."""

    report_id: int
    unit_id: int
    unit_name: str
    form_id: int
    form_name: str
    form_version: int
    month: str
    base: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """Return the stamp as JSON values."""
        return {**vars(self), "base": dict(self.base)}

    @classmethod
    def of(cls, values: Mapping[str, object] | None) -> "Stamp | None":
        """Return the stamp made of JSON values, or None when they are of another kind."""
        if values is None or set(values) != set(cls.__dataclass_fields__):
            return None
        return cls(**values)  # type: ignore[arg-type]  # signed here: it holds what `values()` gave


def township_pages(pages: tuple[SheetPage, ...], names: Sequence[str]) -> tuple[SheetPage, ...]:
    """Return the pages a unit below fills in for the one that gathers: blank, nothing of the gathering unit in them.

    What the registers know and the claimed items are not asked: they are the gathering unit's own.

    :param names: the units below, one of which is chosen in the workbook
    """
    choice = Asked(TOWNSHIP_REF, "填写", "choice", choices=tuple(names), note="请从下拉列表中选择本单位。")
    chosen = SheetPage(TOWNSHIP_PAGE, TOWNSHIP_COLUMNS, (PageRow("township", "", "单位名称", {}, (choice,)),))
    return (chosen, *(_blank(page) for page in pages if page.name != TASK_PAGE))


def _blank(page: SheetPage) -> SheetPage:
    rows = tuple(
        replace(
            row,
            known={title: value for title, value in row.known.items() if title not in _OWN_COLUMNS},
            asked=tuple(replace(asked, now="", last=None) for asked in row.asked),
        )
        for row in gathered_rows(page)
    )
    columns = tuple(column for column in page.columns if column.title not in _OWN_COLUMNS)
    return SheetPage(page.name, columns, rows)


def gathered_rows(page: SheetPage) -> tuple[PageRow, ...]:
    """Return the rows of a page that units below can give: not what a register knows."""
    if page.name == TASK_PAGE:
        return ()
    return tuple(row for row in page.rows if not any(asked.kind == "confirm" for asked in row.asked))


_OWN_COLUMNS = frozenset({"上月数", "上月内容", CONFIRM_COLUMN})


def base_of(pages: tuple[SheetPage, ...]) -> dict[str, str]:
    """Return the short digest of what each asked cell holds."""
    return {asked.ref: short_digest(asked.now) for asked in asked_cells(pages)}


def asked_cells(pages: tuple[SheetPage, ...]) -> Iterator[Asked]:
    """Yield every cell that is asked."""
    for page in pages:
        for row in page.rows:
            yield from row.asked


def short_digest(text: str) -> str:
    """Return what tells one content of a cell from another; not a proof."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]
