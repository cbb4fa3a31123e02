"""Filled workbooks for the tests: the downloaded one changed by openpyxl, as people change it in WPS or Excel."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import make_person
from changai.areas.organisations.models import Unit
from changai.areas.reporting.models import Report, WorkbookImport
from changai.foundation.actors import Role

Change = Callable[[Any], None]


def signed_in(role: Role, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(make_person(role, unit), backend="django.contrib.auth.backends.ModelBackend")
    return client


def downloaded(client: Client, report: Report) -> bytes:
    response = client.get(reverse("reporting:workbook", args=[report.pk]))
    assert response.status_code == 200
    return response.content


@contextmanager
def opened(content: bytes) -> Iterator[tuple[Any, Callable[[], bytes]]]:
    """Open a workbook; call the second value for its bytes as they stand."""
    book = openpyxl.load_workbook(io.BytesIO(content))

    def saved() -> bytes:
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()

    yield book, saved


def changed(content: bytes, *changes: Change) -> bytes:
    """Return the workbook after the changes, each given the openpyxl workbook."""
    with opened(content) as (book, saved):
        for change in changes:
            change(book)
        return saved()


def put(sheet: str, heading: str, row: int, value: Any, *, number_format: str = "") -> Change:
    """Return the change that writes a value under a heading, in the row counted from the first below it."""

    def change(book: Any) -> None:
        page = book[sheet]
        cell = page.cell(heading_row(page) + row, column_of(page, heading))
        cell.value = value
        if number_format:
            cell.number_format = number_format

    return change


def heading_row(page: Any) -> int:
    return next(row[0].row for row in page.iter_rows() if sum(cell.value is not None for cell in row) > 4)


def column_of(page: Any, heading: str) -> int:
    row = heading_row(page)
    return next(cell.column for cell in page[row] if str(cell.value or "").startswith(heading))


def bring(client: Client, report: Report, content: bytes, name: str = "十月.xlsx") -> Any:
    """Upload a workbook and return the preview, or the page with the refusal."""
    file = SimpleUploadedFile(name, content)
    address = reverse("reporting:workbook_upload", args=[report.pk])
    return client.post(address, {"file": file}, follow=True)


def take(client: Client, *, then: str = "fill", tick: tuple[str, ...] = (), own: bool = True) -> Any:
    """Press the button of the preview of the one open upload."""
    batch = WorkbookImport.objects.get(state="open")
    page = client.get(reverse("reporting:import", args=[batch.pk]))
    posted: dict[str, Any] = {"seen": page.context["seen"], "then": then, "tick": list(tick)}
    if own:
        posted["own"] = "on"
    return client.post(reverse("reporting:import_take", args=[batch.pk]), posted, follow=True)
