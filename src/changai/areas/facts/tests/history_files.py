"""Files of old figures for the tests."""

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook

HEADINGS = ("单位编号", "单位", "数据项编码", "数据项", "计量单位", "月份", "数值", "说明")


def table(*rows: Iterable[Any], headings: Iterable[str] = HEADINGS) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["某市历年数据"])
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def csv(rows: Iterable[Iterable[Any]]) -> bytes:
    lines = [",".join(HEADINGS), *(",".join(str(cell) for cell in row) for row in rows)]
    return "\n".join(lines).encode()
