"""Which columns an office's own table has, whatever they are called: names by level, points, scoring sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from changai.core.scoring.tabular.columns import LEVEL_HEADS

MOST_LEVELS = 3
_ROWS_SEARCHED = 20
_NAMES = frozenset(
    [
        "考核项目",
        "年度考核项目",
        "评分项目",
        "评价项目",
        "检查项目",
        "项目",
        "项目名称",
        "类别",
        "考核类别",
        "考核内容",
        "评价内容",
        "内容",
        "指标",
        "指标名称",
        "考核指标",
        "评价指标",
        "评估指标",
        "考核要点",
        "指标内容",
        "评价要点",
        "要点",
        "具体指标",
        "工作内容",
        "考核要求",
    ]
)
_POINTS = frozenset(
    [
        "分值",
        "分数",
        "满分",
        "基准分值",
        "基准分",
        "标准分",
        "基本分",
        "各项分值",
        "权重",
        "权重分",
        "分值（分）",
        "分值(分)",
        "标准分值",
        "赋分",
    ]
)
_TEXTS: dict[str, frozenset[str]] = {
    "wording": frozenset(
        [
            "评分标准",
            "评分细则",
            "评分办法",
            "评分说明",
            "计分办法",
            "计分标准",
            "计分规则",
            "计分方法",
            "扣分标准",
            "考核标准",
            "打分标准",
            "评分规则",
            "评价标准",
            "考核评分标准",
            "评分依据",
        ]
    ),
    "data_owner": frozenset(
        [
            "数据来源",
            "考核单位",
            "考核部门",
            "赋分单位",
            "赋分部门",
            "评价单位",
            "数据责任单位",
            "数据提供单位",
            "考核责任单位",
        ]
    ),
    "verification": frozenset(
        [
            "考核方式",
            "考核方法",
            "核验方式",
            "考核办法",
            "检查方法",
            "检查方式",
            "评价方式",
            "考核人及考核办法",
            "考核方式方法",
        ]
    ),
    "evidence": frozenset(
        ["佐证材料", "备查资料", "证明材料", "支撑材料", "所需材料", "查阅资料", "佐证资料"]
    ),
    "responsible": frozenset(["责任单位", "牵头单位", "责任部门", "承办单位"]),
    "orientation": frozenset(["导向说明", "目标任务", "工作目标", "指标解释", "指标说明"]),
}
_IGNORED = frozenset(
    [
        "序号",
        "编号",
        "备注",
        "自评",
        "自评得分",
        "自评分",
        "得分",
        "实得分",
        "实际得分",
        "考核得分",
        "扣分",
        "考核",
        "评分",
    ]
)
_METHODS = frozenset(["考核办法", "考核方法", "考核方式方法", "考核人及考核办法"])
_YEAR = re.compile(r"(20\d{2})\s*年")


@dataclass(frozen=True)
class Headings:
    """The columns of a table, counted from 1; `levels` from the left, one for each level of indicators."""

    title: str
    last_row: int
    levels: tuple[int, ...]
    points: tuple[int, ...]
    texts: dict[str, list[int]]
    unread: tuple[str, ...]

    def level_of_points(self, column: int) -> int:
        """Return down to which level figures of a points column belong: that of the nearest names to its left,
        any level when it is the only one.
        """
        if len(self.points) == 1:
            return MOST_LEVELS
        return max((place for place, name in enumerate(self.levels, start=1) if name < column), default=1)


def find_headings(texts: Sequence[Sequence[str]]) -> Headings | None:
    """Return the headings of a sheet: one row, or two where the upper one joins several columns."""
    for height in (1, 2):
        for index in range(min(_ROWS_SEARCHED, len(texts))):
            found = _headings(texts, index, height)
            if found is not None:
                return found
    return None


def points_columns(texts: Sequence[Sequence[str]]) -> frozenset[int]:
    """Return the columns, counted from 1, under a heading that says points."""
    return frozenset(
        column
        for row in texts[:_ROWS_SEARCHED]
        for column, text in enumerate(row, start=1)
        if "".join(text.split()) in _POINTS
    )


def year_in(text: str) -> int | None:
    """Return the year a title names."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1: 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _headings(texts: Sequence[Sequence[str]], index: int, height: int) -> Headings | None:
    rows = texts[index : index + height]
    if len(rows) < height:
        return None
    width = max(len(row) for row in rows)
    heads = [_head([row[column] if column < len(row) else "" for row in rows]) for column in range(width)]
    points = tuple(column for column, head in enumerate(heads, start=1) if head in _POINTS)
    kinds = {
        name: [c for c, head in enumerate(heads, start=1) if head in words] for name, words in _TEXTS.items()
    }
    if not kinds["wording"]:
        # Where there is no column of criteria, the way of assessing says them: 考核办法 “列入得10分，未列入不得分”.
        methods = [column for column in kinds["verification"] if heads[column - 1] in _METHODS]
        kinds["wording"] = methods
        kinds["verification"] = [column for column in kinds["verification"] if column not in methods]
    levels = _levels(heads, kinds, points)
    if not points or not levels or not kinds["wording"]:
        return None
    known = {*points, *levels, *(column for columns in kinds.values() for column in columns)}
    unread = tuple(
        head for c, head in enumerate(heads, start=1) if head and c not in known and head not in _IGNORED
    )
    texts_found = {name: columns for name, columns in kinds.items() if columns}
    return Headings(_title(texts[:index]), index + height, levels, points, texts_found, unread)


def _head(cells: Sequence[str]) -> str:
    """Return what a column is called: the lowest of its head cells that is known, else the lowest filled one."""
    written = ["".join(cell.split()) for cell in cells if cell.strip()]
    known = {
        *_NAMES,
        *_POINTS,
        *_IGNORED,
        *LEVEL_HEADS,
        *(word for words in _TEXTS.values() for word in words),
    }
    return next((cell for cell in reversed(written) if cell in known), written[-1] if written else "")


def _levels(heads: list[str], kinds: dict[str, list[int]], points: tuple[int, ...]) -> tuple[int, ...]:
    numbered = [heads.index(name) + 1 for name in LEVEL_HEADS if name in heads]
    if numbered:
        return tuple(numbered)
    edge = min([*kinds["wording"], max(points, default=0) or len(heads)], default=len(heads))
    named = [column for column, head in enumerate(heads, start=1) if head in _NAMES and column <= edge]
    return tuple(named[:MOST_LEVELS])


def _title(rows: Sequence[Sequence[str]]) -> str:
    lines = ["".join(cell for cell in row if cell).strip() for row in rows]
    # 单位：　　考核时间：　年　月　日 is to be filled in and names nothing, however long it is.
    told = [line for line in lines if len(line) >= 4 and not re.match(r"附件\s*\d*[:：]?$|.{1,6}[:：]", line)]
    return max(told, key=len, default="")[:100]
