"""Simple formulas worked out again: a saved result may be older than the cells it was made from.

Understood are sums and the four operations over cells of the same sheet; anything else is left unchecked.
"""

import ast
import re
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation

from changai.documents.intake.addresses import column_letters, split_address
from changai.documents.intake.workbook import Cell, Sheet

_LONGEST = 400
_MOST_CELLS = 5_000
_SUM = re.compile(r"SUM\(([^()]*)\)", re.IGNORECASE)
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_ALLOWED = re.compile(r"[0-9.+\-*/() ]+")
_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}


class _Beyond(Exception):
    """A formula that is not worked out here."""


def is_stale(cell: Cell, sheet: Sheet) -> bool:
    """Return whether the saved result of the cell's formula differs from what its cells give now."""
    if cell.formula is None or not isinstance(cell.value, Decimal):
        return False
    now = recomputed(cell.formula, sheet)
    if now is None:
        return False
    # A spreadsheet holds 15 digits.
    return abs(now - cell.value) > abs(now) * Decimal("1e-12")


def recomputed(formula: str, sheet: Sheet) -> Decimal | None:
    """Return what a simple formula gives for the sheet as it stands, or None when it is no simple one."""
    text = formula.removeprefix("=").strip()
    if len(text) > _LONGEST:
        return None
    try:
        text = _SUM.sub(lambda found: f"({_sum(found[1], sheet):f})", text)
        text = _RANGE.sub(lambda found: f"({_single(found, sheet):f})", text)
        if not _ALLOWED.fullmatch(text):
            return None
        return _worked_out(ast.parse(text, mode="eval").body)
    except (_Beyond, SyntaxError, ValueError, InvalidOperation, DivisionByZero, RecursionError):
        return None


def _sum(written: str, sheet: Sheet) -> Decimal:
    total = Decimal(0)
    for part in written.split(","):
        found = _RANGE.fullmatch(part.strip().upper())
        if not found:
            raise _Beyond
        total += sum(_cells(found, sheet), Decimal(0))
    return total


def _cells(found: re.Match[str], sheet: Sheet) -> list[Decimal]:
    first_row, first = split_address(found[1] + found[2])
    last_row, last = split_address(found[3] + found[4]) if found[3] else (first_row, first)
    if (last_row - first_row + 1) * (last - first + 1) > _MOST_CELLS or first_row < 1:
        raise _Beyond
    cells = [
        sheet.cell(f"{column_letters(column)}{row}")
        for row in range(first_row, last_row + 1)
        for column in range(first, last + 1)
    ]
    # Sums pass over words, as spreadsheets do.
    return [cell.value for cell in cells if isinstance(cell.value, Decimal)]


def _single(found: re.Match[str], sheet: Sheet) -> Decimal:
    if found[3]:
        raise _Beyond
    cell = sheet.cell(found[1] + found[2])
    if cell.is_empty:
        return Decimal(0)
    if not isinstance(cell.value, Decimal):
        raise _Beyond
    return cell.value


def _worked_out(node: ast.expr) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Decimal(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _worked_out(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_worked_out(node.left), _worked_out(node.right))
    raise _Beyond
