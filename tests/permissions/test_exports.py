"""Every workbook the product gives away: found in the source, fetched from its page, read cell by cell."""

import ast
import io
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import openpyxl
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from openpyxl.worksheet.worksheet import Worksheet

import changai
from tests.permissions.test_hostile_requests import holder, write_into_every_text

Browser = Callable[[str], Client]
SOURCE = Path(changai.__file__).parent
FORMULA = '=HYPERLINK("http://evil.example","x")'
A4 = 9
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
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    given = (word.value for call in calls for word in call.keywords if word.arg == "media_type")
    return any(re.search(r"WORKBOOK|XLSX", ast.unparse(value)) for value in given)


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
    """A4, one page wide, the head row on every page, widths set, page numbers at the foot."""
    told = f"{address} {sheet.title}"
    assert sheet.page_setup.paperSize == A4, told
    assert sheet.sheet_properties.pageSetUpPr.fitToPage, told
    assert sheet.page_setup.fitToHeight == 0, told
    assert sheet.print_title_rows, told
    assert "&P" in (sheet.oddFooter.center.text or ""), told
    assert sheet.column_dimensions, told


def test_workbooks_are_written_by_the_modules_that_know_no_formula() -> None:
    """No area writes cells by itself; those who do switch formulas and links off for every text."""
    writers = {
        str(path.relative_to(SOURCE)): path.read_text()
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        and re.search(r"^\s*(import|from) xlsxwriter", path.read_text(), re.MULTILINE)
    }
    assert set(writers) == {
        "cli/scoring_files.py", "documents/long_workbooks.py", "documents/sheets_to_fill.py", "documents/workbooks.py",
    }  # fmt: skip
    for name, text in writers.items():
        if "xlsxwriter.Workbook(" in text:
            assert '"strings_to_formulas": False' in text, name
            assert '"strings_to_urls": False' in text, name
        assert "write_formula" not in text, name
        assert "write_url" not in text, name
