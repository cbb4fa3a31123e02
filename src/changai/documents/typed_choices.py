"""What may be typed into the cells of a workbook: lists to choose from, numbers, dates."""

from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from changai.documents.cell_looks import ColumnKind, cell_text

CHOICES_SHEET = "选项"
_CHOICE_TEXT_LIMIT = 255  # longer lists must stand in cells


class ChoiceLists:
    """Lists of choices too long to stand in a validation, by column of the hidden sheet."""

    def __init__(self) -> None:
        self.lists: list[tuple[str, ...]] = []

    def source(self, choices: tuple[str, ...]) -> Any:
        """Return what a validation takes as its source."""
        plain = [cell_text(choice) for choice in choices]
        if len(",".join(plain)) <= _CHOICE_TEXT_LIMIT and not any("," in choice for choice in plain):
            return plain
        if choices not in self.lists:
            self.lists.append(choices)
        letter = xl_col_to_name(self.lists.index(choices))
        return f"='{CHOICES_SHEET}'!${letter}$1:${letter}${len(choices)}"


def write_choices(book: xlsxwriter.Workbook, lists: ChoiceLists) -> None:
    """Write the lists that are too long for a validation onto a hidden sheet."""
    if not lists.lists:
        return
    page = book.add_worksheet(CHOICES_SHEET)
    for place, choices in enumerate(lists.lists):
        for row, choice in enumerate(choices):
            page.write_string(row, place, cell_text(choice))
    page.hide()


def validation(
    title: str, kind: ColumnKind, *, choices: tuple[str, ...], hint: str, lists: ChoiceLists
) -> dict[str, Any]:
    """Return the rule of a column's cells; empty when anything may be typed and nothing is said about it."""
    rule: dict[str, Any] = {"error_title": "填写有误", "ignore_blank": True}
    if hint:
        rule |= {"input_title": cell_text(title)[:32], "input_message": cell_text(hint)[:255]}
    if choices:
        source = lists.source(choices)
        return rule | {"validate": "list", "source": source, "error_message": "请从下拉列表中选择。"}
    limits = {"criteria": "between", "minimum": -(10**12), "maximum": 10**12}
    match kind:
        case "whole" | "serial":
            return rule | {"validate": "integer", **limits, "error_message": "请填写整数。"}
        case "number" | "percent":
            return rule | {"validate": "decimal", **limits, "error_message": "请填写数字，不带单位。"}
        case "date" | "month":
            earliest = {"criteria": ">=", "value": date(1950, 1, 1)}
            return rule | {"validate": "date", **earliest, "error_message": "请填写日期，如2026-03-05。"}
        case _:
            return rule | {"validate": "any"} if hint else {}
