"""Every workbook the product gives away: found in the source, fetched from its page, read cell by cell."""

import ast
import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import openpyxl
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

import changai
from changai.documents.cell_looks import book_options
from tests.permissions.test_hostile_requests import holder, write_into_every_text

Browser = Callable[[str], Client]
SOURCE = Path(changai.__file__).parent
FORMULA = '=HYPERLINK("http://evil.example","x")'
A4 = 9
A4_MM = (210.0, 297.0)
LEAST_PT = 8.0
DIGIT_PX = 7.42
AREAS = (
    "organisations",
    "plans",
    "tasks",
    "facts",
    "reporting",
    "schemes",
    "assessments",
    "briefings",
    "training",
)
# Given only after an order, an upload or an answer of its own; written by the same three modules (see below).
ORDERED = {
    "assessments.views.uses.conversion",
    "briefings.views.checking.checked_workbook",
    "facts.views.history.download",
    "facts.views.history.faults",
    "facts.views.rollup.workbook",
    "reporting.views.merging.blank",
    "reporting.views.merging.marked_file",
    "reporting.views.merging.source_file",
    "reporting.views.reminding.reminders_sent_export",
    "reporting.views.workbook.download",
    "reporting.views.workbook.marked",
    "schemes.views.consulting.opinions",
}


def exporting_views() -> set[str]:
    """Return module.function of every view that answers with a workbook, itself or by a step of its module."""
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if "tests" in parts or "views" not in parts:
            continue
        functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        steps = {each.name for each in functions if _gives_workbook(each)}
        for each in functions:
            if not each.name.startswith("_") and (each.name in steps or steps & _calls(each)):
                found.add(".".join(("changai", *parts, each.name)))
    return found


def _gives_workbook(function: ast.FunctionDef) -> bool:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    given = (word.value for call in calls for word in call.keywords if word.arg == "media_type")
    return any(re.search(r"WORKBOOK|XLSX", ast.unparse(value)) for value in given) or any(
        ast.unparse(call.func) == "workbook_called" for call in calls
    )


def _calls(function: ast.FunctionDef) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {called.id for called in calls if isinstance(called, ast.Name)}


def patterns(listed: list[Any] | None = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if listed is None else listed:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, route)
        else:
            yield route, pattern


def named(view: Any) -> str:
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return f"{view.__module__}.{view.__name__}"


def addresses_of(route: str, view: str) -> Iterator[str]:
    """Yield addresses of a route with records of its area in them, the likeliest first."""
    area = view.split(".")[2]
    ids: set[int] = {1}
    if "<int" in route:
        for model in apps.get_app_config(area).get_models():
            rows = model._default_manager.order_by("pk").values_list("pk", flat=True)
            ids |= {pk for pk in chain(rows[:2], rows.reverse()[:1]) if isinstance(pk, int)}
    for number in sorted(ids):
        yield re.sub(r"<\w+:\w+>", "xlsx", re.sub(r"<int:\w+>", str(number), route))


def fetched(browser: Browser) -> dict[str, tuple[str, bytes]]:
    """Return address and content of the workbook of every view that gives one to a plain request."""
    wanted, books = exporting_views(), {}
    for route, pattern in patterns():
        view = named(pattern.callback)
        if view not in wanted or view in books:
            continue
        client = browser(holder(getattr(pattern.callback, "permission", "")))
        for address in addresses_of(route, view):
            answer = client.get(address)
            if ".xlsx" in answer.headers.get("Content-Disposition", ""):
                books[view] = (address, answer.content)
                break
    return books


def test_no_export_holds_a_formula_and_each_prints_on_a4(browser: Browser) -> None:
    for label in AREAS:
        for model in apps.get_app_config(label).get_models():
            write_into_every_text(model, FORMULA)
    books = fetched(browser)
    assert {view.removeprefix("changai.areas.") for view in exporting_views() - set(books)} <= ORDERED
    for address, content in books.values():
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
            assert "f" not in kinds, address
            assert not sheet._hyperlinks, address
            if sheet.sheet_state == "visible":
                check_print(sheet, address)


def check_print(sheet: Worksheet, address: str) -> None:
    """A4, the head row on every page, page numbers at the foot, and a type that can be read on paper."""
    told = f"{address} {sheet.title}"
    assert sheet.page_setup.paperSize == A4, told
    assert sheet.print_title_rows, told
    assert "第 &P 页" in (sheet.oddFooter.center.text or ""), told
    assert sheet.column_dimensions, told
    assert printed_pt(sheet) >= LEAST_PT, told
    check_pages_across(sheet, told)


def printed_pt(sheet: Worksheet) -> float:
    """Return the size the smallest type of a sheet has on paper: its own, by the scale its width is printed at."""
    sizes = {cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value is not None}
    if not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage:
        return min(sizes) * sheet.page_setup.scale / 100
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    return min(sizes) * min(1.0, room_mm(sheet) / width_mm(sheet, range(1, sheet.max_column + 1)))


def room_mm(sheet: Worksheet) -> float:
    is_landscape = sheet.page_setup.orientation == "landscape"
    return A4_MM[is_landscape] - 25.4 * (sheet.page_margins.left + sheet.page_margins.right)


def width_mm(sheet: Worksheet, columns: Iterable[int]) -> float:
    """Return how wide columns are drawn where a digit of the default type is widest (LibreOffice)."""
    digits = 0.0
    for each in sheet.column_dimensions.values():  # equal neighbours stand in one of them
        reached = set(range(each.min, each.max + 1)) & set(columns)
        digits += 0 if each.hidden else each.width * len(reached)
    return digits * DIGIT_PX / 96 * 25.4


def check_pages_across(sheet: Worksheet, told: str) -> None:
    """Where the columns need several pages, each holds them at the scale, with those that name the row."""
    breaks = [each.id for each in sheet.col_breaks.brk]
    if not breaks:
        return
    assert sheet.print_title_cols, told
    named = column_index_from_string(sheet.print_title_cols.split("$")[-1])
    edges = [0, *breaks, sheet.max_column]
    for first, last in pairwise(edges):
        columns = [*(range(1, named + 1) if first else ()), *range(first + 1, last + 1)]
        assert width_mm(sheet, columns) * sheet.page_setup.scale / 100 <= room_mm(sheet), told
        assert last - first >= 2, f"{told}: a page with one column"


def test_what_a_workbook_is_opened_with_knows_no_formula() -> None:
    assert not any(
        book_options()[name] for name in ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    )


def test_workbooks_are_written_by_the_modules_that_know_no_formula() -> None:
    """No area writes cells by itself; those who do switch formulas and links off for every text."""
    writers = {
        str(path.relative_to(SOURCE)): path.read_text()
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        and re.search(r"^\s*(import|from) xlsxwriter", path.read_text(), re.MULTILINE)
    }
    assert set(writers) == {
        "cli/scoring_files.py", "documents/cell_looks.py", "documents/long_workbooks.py", "documents/sheets_to_fill.py",
        "documents/typed_choices.py", "documents/workbooks.py",
    }  # fmt: skip
    for name, text in writers.items():
        if "xlsxwriter.Workbook(" in text:
            assert "**book_options()" in text or '"strings_to_formulas": False' in text, name
            assert "**book_options()" in text or '"strings_to_urls": False' in text, name
        assert "write_formula" not in text, name
        assert "write_url" not in text, name
